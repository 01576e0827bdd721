"""Personal numbers as they are typed, and the day someone comes of age."""

import re
from datetime import date

from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid

PERSON = re.compile(r"^[0-9]{12}$")
MAJORITY = 18


def personal(typed: str, *, field: str = "number") -> str:
    """Twelve digits, as on the card, where they stand in groups. Raises Invalid."""
    number = re.sub(r"[\s.]", "", typed)
    if not PERSON.match(number):
        raise Invalid(_("A personal number has 12 digits."), field=field)
    return number


def of_age_on(born_on: date) -> date:
    """The day someone turns eighteen; who was born on 29 February, on 1 March (civil code 2015, art. 20)."""
    try:
        return born_on.replace(year=born_on.year + MAJORITY)
    except ValueError:
        return date(born_on.year + MAJORITY, 3, 1)
