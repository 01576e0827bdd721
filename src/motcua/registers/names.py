"""Names of persons as papers write them: surname, middle name, given name."""

import re
import unicodedata

from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid

# Letters of any script, with the few signs that stand inside names of ethnic minorities and foreigners.
NAME = re.compile(r"^[^\W\d_]+(?:[ '’.\-][^\W\d_]+)*\.?$")


def tidy(name: str) -> str:
    """Return the name with composed letters and single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def checked(name: str, *, field: str) -> str:
    """Return the name, tidied; `Invalid` if it cannot be one."""
    tidied = tidy(name)
    if not NAME.match(tidied) or len(tidied) > 100:
        raise Invalid(_("Write the name in letters, as on the person's papers."), field=field)
    return tidied


def joined(surname: str, middle: str, given: str) -> str:
    return tidy(f"{surname} {middle} {given}")


def key(name: str) -> str:
    """Return what two spellings of one name have in common."""
    return tidy(name).casefold()
