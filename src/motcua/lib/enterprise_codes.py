"""The code of an enterprise, which is its tax code."""

import re

from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid

# Weights of the first nine digits for the tenth (circular 105/2020/TT-BTC, art. 5).
WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
ENTERPRISE = re.compile(r"^([0-9]{10})(?:-?([0-9]{3}))?$")


def enterprise(typed: str) -> str:
    """An enterprise's code, which is its tax code: ten digits, or thirteen of a dependent unit, written with a dash.

    Spaces and dots are left out. Raises Invalid, saying what is wrong.
    """
    found = ENTERPRISE.match(re.sub(r"[\s.]", "", typed))
    if not found:
        raise Invalid(
            _("An enterprise code has 10 digits, or 13 for a branch: 0001234561 or 0001234561-001."),
            field="code",
        )
    head, branch = found.groups()
    if check_digit(head[:9]) != head[9] or branch == "000":
        raise Invalid(
            _("This is not an enterprise code: its digits do not fit together. Look for a typing error."),
            field="code",
        )
    return f"{head}-{branch}" if branch else head


def check_digit(nine: str) -> str:
    """The tenth digit: 10 minus the weighted sum modulo 11; nothing where that has two digits, for then no code exists."""
    return str(10 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, nine, strict=True)) % 11)
