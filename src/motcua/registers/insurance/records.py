"""What the insurance register records of a card, and how long a card of a child holds."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid
from motcua.registers import names
from motcua.registers.population import numbers
from motcua.registers.records import Sex, check_born

# TE: child under six; 1: the fund pays everything (Nghị định 146/2018, điều 12 and 14).
CHILD = "TE1"
# Children start school in September, so a card holds until then.
SCHOOL_YEAR = (9, 30)


@dataclass(frozen=True)
class CardRecord:
    """A health insurance card of a child under six."""

    full_name: str
    sex: Sex
    born_on: date
    address: str
    clinic: str


def last_day(born_on: date) -> date:
    """Return the last day on which the card of a child holds (Nghị định 146/2018, điều 13).

    Born before 30 September: 30 September of the year the child reaches 72 months. Born after: the last day of the
    month in which it does. For those born on 30 September both are the same day.
    """
    year = born_on.year + 6
    if (born_on.month, born_on.day) < SCHOOL_YEAR:
        return date(year, *SCHOOL_YEAR)
    return date(year, born_on.month, monthrange(year, born_on.month)[1])


def is_under_six(born_on: date, on: date) -> bool:
    """Whether the child has not reached 72 months; one born on 29 February reaches them on 1 March."""
    return (on.year - born_on.year, on.month, on.day) < (6, born_on.month, born_on.day)


def card_number(province: str, code: str) -> str:
    """Return the fifteen characters of the card: beneficiary, level, province, insurance code."""
    return f"{CHILD}{province}{code}"


def checked(card: CardRecord, personal_number: str) -> CardRecord:
    """Return the record with its name tidied; `Invalid` if no such card can be issued today."""
    parts = numbers.parse(personal_number, demo=settings.DEMO)
    check_born(card.born_on)
    if not is_under_six(card.born_on, timezone.localdate()):
        raise Invalid(_("This card is for children under 6."), field="born_on")
    if parts.birth_year != card.born_on.year:
        raise Invalid(_("The personal number tells another year of birth than the record."), field="born_on")
    if not card.clinic.strip():
        raise Invalid(_("Choose where the child is first seen by a doctor."), field="clinic")
    return replace(card, full_name=names.checked(card.full_name, field="full_name"))
