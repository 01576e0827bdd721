"""The personal number: twelve digits that tell province, century, sex and year of birth, and six drawn by lot.

Luật Căn cước 26/2023/QH15, điều 12: a string of twelve digits, unique, never given again.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid
from motcua.registers.records import Sex

NUMBER = re.compile(r"^(?P<place>[0-9]{3})(?P<century>[0-9])(?P<year>[0-9]{2})(?P<serial>[0-9]{6})$")
FIRST_YEAR, LAST_YEAR = 1900, 2399
LAST_PROVINCE = 96
# No province has this code: numbers with it can belong to nobody, and only a demo node takes them.
DEMO_PLACE = "000"
SERIALS = 1_000_000


@dataclass(frozen=True)
class Parts:
    """What a personal number tells."""

    place: str
    sex: Sex
    birth_year: int
    serial: int

    @property
    def is_demo(self) -> bool:
        return self.place == DEMO_PLACE

    @property
    def is_foreign(self) -> bool:
        """Whether the birth was registered abroad: the place is then the code of a country."""
        return self.place[0] != "0"


def parse(number: str, *, demo: bool = False, field: str = "personal_number") -> Parts:
    """Take a personal number apart; `Invalid` says what is wrong with it."""
    found = NUMBER.match(number)
    if found is None:
        raise Invalid(_("A personal number has 12 digits."), field=field)
    place, century = found["place"], int(found["century"])
    is_known = place[0] != "0" or 0 < int(place) <= LAST_PROVINCE or (demo and place == DEMO_PLACE)
    if not is_known:
        message = _("No personal number begins with %(place)s. Compare with the card.") % {"place": place}
        raise Invalid(message, field=field)
    return Parts(
        place=place,
        sex=Sex.FEMALE if century % 2 else Sex.MALE,
        birth_year=FIRST_YEAR + century // 2 * 100 + int(found["year"]),
        serial=int(found["serial"]),
    )


def compose(place: str, sex: Sex, birth_year: int, serial: int) -> str:
    """Put a personal number together."""
    if not FIRST_YEAR <= birth_year <= LAST_YEAR:
        raise ValueError(
            f"Numbers are given to those born from {FIRST_YEAR} to {LAST_YEAR}, not {birth_year}."
        )
    century = (birth_year - FIRST_YEAR) // 100 * 2 + (sex == Sex.FEMALE)
    return f"{place}{century}{birth_year % 100:02d}{serial:06d}"


def mismatches(number: str, *, sex: Sex, born_on: date) -> list[str]:
    """Say where a number differs from its holder's record.

    These are warnings: sex may lawfully have been determined anew and a date of birth corrected, and the number
    stays as it was given.
    """
    parts = parse(number, demo=True)
    found = []
    if parts.sex != sex:
        found.append(_("The personal number tells another sex than the record."))
    if parts.birth_year != born_on.year:
        found.append(_("The personal number tells another year of birth than the record."))
    return found
