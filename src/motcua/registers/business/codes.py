"""The code under which someone does business.

An enterprise, a co-operative and their branches have a code of ten or thirteen digits, which is their tax code (circular
105/2020/TT-BTC, art. 5). A household business has its owner's personal number, which is the tax code of household
businesses since 1 July 2025; so one person has one household business in the whole country.
"""

import re

from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid
from motcua.lib.enterprise_codes import enterprise
from motcua.registers.population import numbers

HOUSEHOLD = re.compile(r"^[0-9]{12}$")
# N1N2 of a tax code name the tax office that gave it; there is none of this number, and only a demo node takes it.
DEMO_OFFICE = "00"


def checked(code: str, *, demo: bool = False) -> str:
    """Return the code as the register writes it; `Invalid` if it is none."""
    if HOUSEHOLD.match(code):
        numbers.parse(code, demo=demo, field="code")
        return code
    known = enterprise(code)
    if known.startswith(DEMO_OFFICE) and not demo:
        raise Invalid(_("No enterprise code begins with %(office)s.") % {"office": DEMO_OFFICE}, field="code")
    return known


def is_household(code: str) -> bool:
    """Whether it is the code of a household business."""
    return HOUSEHOLD.match(code) is not None
