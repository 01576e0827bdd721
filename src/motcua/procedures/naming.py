"""What is new in a procedure's file is called after its words, as nothing else there is."""

import re
from collections.abc import Container
from itertools import count

from motcua.lib.letters import bare

LONGEST = 40


def called(words: str, taken: Container[str]) -> str:
    """A name for the file from the words people read: small letters, digits and _; with a number where it is taken."""
    name = "_".join(re.findall(r"[a-z0-9]+", bare(words.lower())))[:LONGEST].strip("_")
    if not name or not name[0].isalpha():
        name = f"n_{name}".strip("_")
    if name not in taken:
        return name
    return next(one for number in count(2) if (one := f"{name}_{number}") not in taken)
