"""What the insurance register does for other agencies."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.organisations.decisions import codes_above
from motcua.organisations.models import Agency
from motcua.registers.insurance import actions
from motcua.registers.insurance.models import Card, card_of
from motcua.registers.insurance.records import CardRecord
from motcua.registers.population.services import OfPerson, OfReadings, basis_of, log_reading, told_readings
from motcua.registers.records import Sex, typed
from motcua.registers.services import Asked, Outcome, Params, parameters, service

REGISTER = Actor.system("insurance")


@dataclass(frozen=True)
class Child:
    """The child a card is asked for."""

    personal_number: str
    full_name: str
    sex: Sex
    born_on: date
    address: str
    clinic: str


CARD = ("card_number", "insurance_code", "valid_from", "valid_until")


@service("insurance.issue_child_card", asks=parameters(Child), gives=CARD)
def issue_child_card(params: Params, asked: Asked) -> Outcome:
    """Issue the card of a child under six; the same dossier gets the same card again."""
    child = typed(Child, params)
    card = actions.issue(
        Card(personal_number=child.personal_number, occasion=asked.dossier or asked.request),
        by=REGISTER,
        printed=CardRecord(
            full_name=child.full_name,
            sex=child.sex,
            born_on=child.born_on,
            address=child.address,
            clinic=child.clinic,
        ),
        province=_province(asked.asker),
        basis=basis_of(asked),
    )
    return _told(card)


@service(
    "insurance.card",
    reads=True,
    asks=parameters(OfPerson),
    gives=(*CARD, "full_name", "sex", "born_on", "address", "clinic"),
)
def card(params: Params, asked: Asked) -> Outcome:
    """What stands on a person's card today."""
    number = typed(OfPerson, params).personal_number
    log_reading(number, "insurance.card", asked)
    version = card_of(number)
    if version is None:
        raise Invalid(_("There is no valid card for this personal number."), field="personal_number")
    return {
        "full_name": version.full_name,
        "sex": version.sex,
        "born_on": version.born_on.isoformat(),
        "address": version.address,
        "clinic": version.clinic,
        **_told(version.subject),
    }


@service("insurance.readings", reads=True)
def readings(params: Params, asked: Asked) -> Outcome:
    """Who has read a person's card, newest first."""
    return told_readings(typed(OfReadings, params), "insurance", asked)


def _province(agency: str) -> str:
    """The two digits of the province whose agency asks: they stand in the card's number."""
    top = Agency.objects.filter(code=codes_above(agency)[-1]).first()
    if top is None or len(top.unit_code) != 2:
        raise Invalid(_("Cards are asked for by agencies of a province."))
    return top.unit_code


def _told(card: Card) -> dict[str, Any]:
    return {
        "card_number": card.number,
        "insurance_code": card.code,
        "valid_from": card.valid_from.isoformat(),
        "valid_until": card.valid_to.isoformat(),
    }
