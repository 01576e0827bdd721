"""Issue and change health insurance cards."""

from dataclasses import asdict, replace
from datetime import date

from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.numbering import next_number
from motcua.lib.rules import system
from motcua.registers.actions import enter
from motcua.registers.insurance.events import CardChanged, CardIssued
from motcua.registers.insurance.models import Card, CardVersion, card_of
from motcua.registers.insurance.records import CardRecord, card_number, checked, last_day
from motcua.registers.population.rules import keeper
from motcua.registers.records import Basis, version_of


@action(who=keeper | system)
def issue(card: Card, *, by: Actor, printed: CardRecord, province: str, basis: Basis) -> Card:
    """A child under six gets a card, from birth on (Luật BHYT 25/2008, điều 16 and 17); once an occasion."""
    known = Card.objects.filter(occasion=card.occasion).first()
    if known is not None:
        return known
    fit = checked(printed, card.personal_number)
    _refuse_twice(card.personal_number)
    card.valid_from, card.valid_to = fit.born_on, last_day(fit.born_on)
    # Ten digits: the province, then a number that runs on within it.
    card.code = f"{province}{next_number(f'insurance:{province}'):08d}"
    card.number = card_number(province, card.code)
    card.save(force_insert=True)
    enter(version_of(CardVersion, card, fit, since=card.valid_from, until=card.valid_to, basis=basis))
    facts = CardIssued(card.valid_from.isoformat(), card.valid_to.isoformat(), **asdict(basis))
    record(facts, about=card, by=by)
    return card


def _refuse_twice(personal_number: str) -> None:
    other = Card.objects.filter(personal_number=personal_number).first()
    if other is not None:
        message = _("This child has a card already, number %(number)s, valid to %(day)s.")
        raise Invalid(message % {"number": other.number, "day": f"{other.valid_to:%d/%m/%Y}"})


@action(who=keeper | system)
def move_clinic(card: Card, *, by: Actor, clinic: str, since: date, basis: Basis) -> CardVersion:
    """The child is first seen elsewhere from a day on."""
    held = card_of(card.personal_number, since)
    if held is None:
        raise Invalid(_("The card does not hold on that day."), field="since")
    moved = replace(held.record, clinic=clinic)
    version = enter(version_of(CardVersion, card, moved, since=since, until=held.valid_to, basis=basis))
    record(CardChanged(since.isoformat(), **asdict(basis)), about=card, by=by)
    return version
