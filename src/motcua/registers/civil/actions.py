"""Register births: take the declaration, and complete it when the child has its number."""

from dataclasses import asdict
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.numbering import next_number
from motcua.lib.rules import system
from motcua.organisations.models import Agency
from motcua.registers import names
from motcua.registers.actions import enter
from motcua.registers.civil.events import BirthCorrected, BirthRegistered, BirthReleased, BirthTaken
from motcua.registers.civil.models import Birth, BirthVersion
from motcua.registers.civil.records import BirthRecord, checked
from motcua.registers.population import numbers
from motcua.registers.population.rules import keeper
from motcua.registers.records import Basis, typed, version_of


@action(who=keeper | system)
def take(birth: Birth, *, by: Actor, declared: BirthRecord) -> Birth:
    """A declaration of birth is checked and its child's place is held; the same occasion takes it once."""
    known = Birth.objects.filter(occasion=birth.occasion).first()
    if known is not None:
        return known
    fit = checked(declared)
    birth.parents_key, birth.name_key, birth.born_on = fit.parents_key, names.key(fit.full_name), fit.born_on
    birth.declared = asdict(fit) | {"born_on": fit.born_on.isoformat()}
    _refuse_twice(birth, by)
    birth.save(force_insert=True)
    record(BirthTaken(birth.agency, birth.occasion), about=birth, by=by)
    return birth


def _refuse_twice(birth: Birth, by: Actor) -> None:
    """The same child of the same mother is registered once; a hold that has lapsed gives way."""
    if not birth.parents_key:
        return
    same = Birth.objects.select_for_update().filter(
        parents_key=birth.parents_key, born_on=birth.born_on, name_key=birth.name_key
    )
    other = same.first()
    if other is None:
        return
    if not other.has_lapsed:
        raise Invalid(_already(other), field="given_name")
    record(BirthReleased(other.agency, other.occasion), about=other, by=by)
    other.delete()


def _already(other: Birth) -> str:
    agency = Agency.objects.filter(code=other.agency).first()
    facts = {"agency": agency.short_name if agency else other.agency, "number": other.certificate_number}
    if other.registered_on is None:
        return _("The birth of this child is already being registered at %(agency)s.") % facts
    facts["day"] = f"{other.registered_on:%d/%m/%Y}"
    return _("The birth of this child was registered on %(day)s at %(agency)s, number %(number)s.") % facts


@action(who=keeper | system)
def complete(birth: Birth, *, by: Actor, personal_number: str, basis: Basis) -> Birth:
    """The child has its number: the birth is entered into this year's book of the agency."""
    numbers.parse(personal_number, demo=settings.DEMO)
    declared = typed(BirthRecord, birth.declared)
    birth.personal_number, birth.registered_on = personal_number, timezone.localdate()
    birth.year = birth.registered_on.year
    birth.number = next_number(f"birth:{birth.agency}:{birth.year}")
    birth.declared = {}  # from here on the versions say it
    birth.save()
    enter(version_of(BirthVersion, birth, declared, since=declared.born_on, basis=basis))
    record(BirthRegistered(birth.agency, birth.occasion, birth.book, birth.number), about=birth, by=by)
    return birth


@action(who=keeper | system)
def correct(birth: Birth, *, by: Actor, held: BirthRecord, since: date, basis: Basis) -> BirthVersion:
    """What the book says is corrected (from the birth on) or changed (from a later day on), on a decision."""
    if since < birth.born_on:
        raise Invalid(_("Nothing can hold before the birth."), field="since")
    version = enter(version_of(BirthVersion, birth, checked(held), since=since, basis=basis))
    record(BirthCorrected(since.isoformat(), **asdict(basis)), about=birth, by=by)
    return version
