"""Reads what the officer types or scans: the QR code of an identity card, the twelve digits of its number, an enterprise code.

The code holds `number|old number|name|ddMMyyyy|sex|address|ddMMyyyy of issue`; newer cards add fields, which are left alone.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid
from motcua.lib.enterprise_codes import enterprise

FEWEST_FIELDS, DIGITS = 7, 12
SEXES = {"nam": "male", "nữ": "female"}


@dataclass(frozen=True)
class Card:
    """What a card says of its holder; of a number typed by hand, or of an enterprise's code, only the number."""

    number: str
    name: str = ""
    born_on: date | None = None
    sex: str = ""
    address: str = ""

    @property
    def is_business(self) -> bool:
        """Whether it is an enterprise's code: ten digits, or thirteen with a dash."""
        return len(self.number) != DIGITS

    @property
    def answers(self) -> dict[str, str]:
        """The same under the names the population register uses, so that a form can be filled in from either."""
        if self.is_business:
            return {"code": self.number}
        told = {
            "personal_number": self.number,
            "full_name": self.name,
            "born_on": self.born_on.isoformat() if self.born_on else "",
            "birth_year": str(self.born_on.year) if self.born_on else "",
            "sex": self.sex,
            "residence": self.address,
        }
        return {name: value for name, value in told.items() if value}

    @property
    def doubts(self) -> list[str]:
        """What does not fit together. It may be lawful: a sex re-determined, a date corrected; so it is only said."""
        if self.is_business:
            return []
        sex, year = told_by_number(self.number)
        found = []
        if self.sex and self.sex != sex:
            found.append(_("The number was given to a person of the other sex than the card says."))
        if self.born_on and self.born_on.year != year:
            found.append(
                _("By its number the person was born in %(number)s, by the card in %(card)s.")
                % {"number": year, "card": self.born_on.year}
            )
        return found


def told_by_number(number: str) -> tuple[str, int]:
    """Sex and year of birth a personal number was given for (law on identification 2023, art. 12): PPP C YY RRRRRR."""
    century, sex = divmod(int(number[3]), 2)
    return ("female" if sex else "male"), (19 + century) * 100 + int(number[4:6])


def read_applicant(typed: str) -> Card:
    """Whose matter it is: a person by card or number, or a business by its code. Raises Invalid with what to do instead."""
    digits = re.sub(r"[\s.\-]", "", typed)
    return Card(enterprise(digits)) if re.fullmatch(r"[0-9]{10}|[0-9]{13}", digits) else read_card(typed)


def read_card(typed: str) -> Card:
    """The card behind what was typed or scanned. Raises Invalid with what to do instead."""
    text = unicodedata.normalize("NFC", typed).strip()
    digits = re.sub(r"[ .\-]", "", text)
    if re.fullmatch(r"[0-9]{12}", digits):
        return Card(digits)
    fields = [field.strip() for field in text.split("|")]
    if len(fields) < FEWEST_FIELDS:
        raise Invalid(
            _("Scan the card's QR code again, or type the 12 digits of the personal number."), field="who"
        )
    number, _old, name, born, sex, address = fields[:6]
    if not re.fullmatch(r"[0-9]{12}", number):
        raise Invalid(_("The card's number does not have 12 digits. Type it from the card."), field="who")
    return Card(number, name, as_day(born), SEXES.get(sex.casefold(), ""), address)


def as_day(text: str) -> date | None:
    """`01011990` as a day; None for what is none, so that one bad field does not stop the rest."""
    try:
        return datetime.strptime(text, "%d%m%Y").date()  # noqa: DTZ007 — a date has no zone
    except ValueError:
        return None
