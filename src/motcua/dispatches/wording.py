"""Which words stand for a document in search: each as it is written, and without its diacritics."""

import re
import unicodedata
from collections.abc import Iterable

from motcua.documents.models import store
from motcua.documents.texts import text_of
from motcua.lib.letters import bare

MOST_WORDS = 20_000
MOST_BYTES = 700_000  # PostgreSQL takes a megabyte, with what it notes of each word
LONGEST = 60
MOST_ASKED = 12
# An agency is a word too, so that the index itself leaves out what belongs to others.
AGENCY = "@"


def words_of(agency: str, texts: Iterable[str], digests: Iterable[str]) -> list[str]:
    """The words of a document's register and of its files, each once; where they are too many, those of the register stay."""
    found = {f"{AGENCY}{agency}": None}
    for text in texts:
        found |= dict.fromkeys(sorted(both(text)))
    for digest in digests:
        try:
            found |= dict.fromkeys(sorted(both(text_of(store().read(digest)))))
        except FileNotFoundError:
            continue
        if len(found) > MOST_WORDS:
            break
    return list(fitting(list(found)[:MOST_WORDS]))


def fitting(words: Iterable[str]) -> Iterable[str]:
    """As many of the first as the index takes for one document."""
    room = MOST_BYTES
    for word in words:
        room -= len(word.encode())
        if room < 0:
            return
        yield word


def both(text: str) -> set[str]:
    """Each word as it is written and without its marks, lower case."""
    words = split(text)
    return {*words, *(bare(word) for word in words)}


def split(text: str) -> list[str]:
    return [word[:LONGEST] for word in re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text.lower()))]


def query_of(typed: str, agencies: Iterable[str]) -> str:
    """What is typed as a question to the index: every word must stand there, at one of these agencies; empty for no word.

    A word with marks means itself; one without means all words that are it without theirs.
    """
    words = dict.fromkeys(split(typed))
    if not words:
        return ""
    wanted = [f"'{word}'" for word in list(words)[:MOST_ASKED]]
    where = [f"'{AGENCY}{code}'" for code in sorted(agencies) if "'" not in code and "\\" not in code]
    return " & ".join([*wanted, f"({' | '.join(where)})"] if where else wanted)
