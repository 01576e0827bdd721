"""Vietnamese without its diacritics, and words one slip of the finger apart: what search compares."""

import re

from django.db.models import Func, TextField

from motcua.lib.letters import bare

# Words of questions, not of what is asked for.
SMALL_WORDS = frozenset(
    {
        *(
            "anh",
            "bi",
            "chi",
            "cho",
            "cua",
            "duoc",
            "em",
            "la",
            "lam",
            "ma",
            "minh",
            "muon",
            "nao",
            "nhu",
            "o",
            "sao",
        ),
        *("tai", "toi", "va", "xin"),
        *("a", "an", "do", "for", "get", "how", "i", "in", "my", "need", "of", "on", "to", "want"),
    }
)


# “ký” and “kí”, “lý” and “lí” are one word spelled by two rules; after a vowel (“tuy”, “hay”) they are not.
I_OR_Y = re.compile(r"(?<=^[bcdghklmnprstvx])y$")


def fold(text: str) -> str:
    """Lower case, no diacritics, i for y where both are written, only letters, digits and single spaces."""
    words = re.findall(r"[a-z0-9]+", bare(text.lower()))
    return " ".join(I_OR_Y.sub("i", word) for word in words)


class Folded(Func):
    """A text as `fold` writes it, done by the database, small words and all."""

    template = (
        r"btrim(regexp_replace(regexp_replace(lower(translate("
        "regexp_replace(normalize(%(expressions)s, NFD), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dd')), "
        r"'[^a-z0-9]+', ' ', 'g'), '\m([bcdghklmnprstvx])y\M', '\1i', 'g'))"
    )
    output_field = TextField()


def deletions(word: str) -> set[str]:
    """The word, and the word with any one letter left out.

    Two words share one of these exactly when one slip (a letter more, less, other, or two swapped) may lie between
    them: the symmetric delete method, which lets an index of plain equality find misspellings.
    """
    return {word} | {word[:n] + word[n + 1 :] for n in range(len(word)) if len(word) > 2}


def is_slip(one: str, other: str) -> bool:
    """Whether a single letter more, less, other, or two neighbours swapped, turns one word into the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[2:] == b[2:] and a[:2] == b[1::-1])
