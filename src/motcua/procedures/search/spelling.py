"""The words of the catalogue, and which of them someone may have meant."""

from collections.abc import Iterable

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
                for shorter in cuts(word):
                    self.by_deletion.setdefault(shorter, []).append(word)

    def near(self, word: str) -> list[str]:
        """Other known words one slip away; those that begin alike first, since the first letter is seldom wrong."""
        # “ký” is folded to “ki”; with a letter too many (“kýt”) it no longer is.
        ways = [
            way for way in dict.fromkeys((word, word.replace("y", "i"))) if SHORTEST <= len(way) <= LONGEST
        ]
        close = {other for way in ways for cut in cuts(way) for other in self.by_deletion.get(cut, ())}
        slips = [other for other in close if other != word and any(is_slip(way, other) for way in ways)]
        return sorted(slips, key=lambda other: (other[0] != word[0], other))

    def halves(self, word: str) -> list[tuple[str, str]]:
        """The ways to read a word as two known ones run together, “khaisinh” → (“khai”, “sinh”), or with a letter for the space."""
        ways = [(word[:n], word[n:]) for n in range(2, len(word) - 1)]
        struck = [(word[:n], word[n + 1 :]) for n in range(2, len(word) - 2)]
        return [(one, other) for one, other in [*ways, *struck] if one in self.words and other in self.words]

    def joined(self, words: list[str]) -> list[str]:
        """Words torn in two by a space too many, put together: “kh”, “ai” → “khai”."""
        mended: list[str] = []
        for word in words:
            if mended and self.is_torn(mended[-1], word):
                mended[-1] += word
            else:
                mended.append(word)
        return mended

    def is_torn(self, one: str, other: str) -> bool:
        """Whether two words, not both known, make a known one; two unknown ones may lack a letter between them."""
        if {one, other} <= self.words:
            return False
        whole = one + other
        is_mended = bool(self.near(whole) or self.halves(whole))
        return whole in self.words or (not {one, other} & self.words and is_mended)


def cuts(word: str) -> set[str]:
    """What two words one slip apart share: a word less a letter; of two letters, either with a gap for the other."""
    return {word, f"{word[0]}_", f"_{word[1]}"} if len(word) == SHORTEST else deletions(word)
