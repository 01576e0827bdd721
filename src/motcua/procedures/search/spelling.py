"""The words of the catalogue, and which of them someone may have meant."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from motcua.procedures.folding import deletions, is_slip

SHORTEST, LONGEST = 2, 60
# One who slips more often than this is not read further: each reading is a search of its own.
READINGS = 12


class Spelling:
    """All known words, found again with a letter more, less, other, or two swapped."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self.by_deletion: dict[str, list[str]] = {}
        for word in sorted(self.words):
            if len(word) <= LONGEST:
                for shorter in deletions(word):
                    self.by_deletion.setdefault(shorter, []).append(word)

    def near(self, word: str) -> list[str]:
        """Other known words one slip away; those that begin alike first, since the first letter is seldom wrong.

        A word of two letters is one slip from a hundred others: only a letter forgotten is guessed at.
        """
        shorter = deletions(word) if SHORTEST <= len(word) <= LONGEST else set()
        close = reduce(or_, (set(self.by_deletion.get(one, ())) for one in shorter), set[str]())
        slips = [other for other in close if other != word and is_slip(word, other)]
        return sorted(slips, key=lambda other: (other[0] != word[0], other))

    def halves(self, word: str) -> list[tuple[str, str]]:
        """The ways to read a word as two known ones run together: “khaisinh” → (“khai”, “sinh”)."""
        ways = ((word[:n], word[n:]) for n in range(2, len(word) - 1))
        return [(one, other) for one, other in ways if one in self.words and other in self.words]

    def joined(self, words: list[str]) -> list[str]:
        """Words torn in two by a space too many, put together: “kh”, “ai” → “khai”."""
        mended: list[str] = []
        for word in words:
            whole = mended[-1] + word if mended else ""
            torn = mended and not {word, mended[-1]} <= self.words
            if torn and whole in self.words:
                mended[-1] = whole
            else:
                mended.append(word)
        return mended
