"""Dossier codes as people type them: every form in use since 2019 is read, and what cannot be a code is told why.

The forms: circular 01/2018/TT-VPCP art. 19 (`000.00.15.H38-210305-0042`), circular 03/2025 and 04/2025 (`H38.02683-261116-0042`,
more than four digits at the end as needed), and the eight-digit date some ministries write (`G09.20-20260609-0092637`).
"""

import re
from datetime import date

from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid

CODE = re.compile(r"((?:\d{3}\.\d{2}\.\d{2}\.)?[A-Y]\d{2}(?:\.[A-Z0-9]+)*)-(\d{6}|\d{8})-(\d{4,})", re.ASCII)
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
LONGEST = 60


def read_code(text: str) -> str:
    """The code in its written form: capital letters, no spaces, plain hyphens. Raises `Invalid` with what to mend."""
    code = "".join(text.split()).upper().translate(DASHES)
    if not code:
        raise Invalid(_("Enter the code of the dossier. It stands on the receipt."), field="code")
    found = CODE.fullmatch(code)
    if found is None or len(code) > LONGEST:
        raise Invalid(
            _(
                "This is not a dossier code. A code looks like H38.02683-261116-0042: agency, day of receipt, number."
            ),
            field="code",
        )
    if not is_day(found[2]):
        raise Invalid(
            _(
                "The middle part of the code is the day of receipt, year first: 261116 is 16/11/2026. Look at it again."
            ),
            field="code",
        )
    return code


def is_day(digits: str) -> bool:
    """Whether YYMMDD or YYYYMMDD is a day that exists."""
    try:
        date.fromisoformat(digits if len(digits) == 8 else f"20{digits}")
    except ValueError:
        return False
    return True
