"""A typeface of a PDF: which letters its codes mean and how wide they are (ISO 32000 § 9.6, 9.7, 9.10)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from motcua.documents.budget import Spent, spend
from motcua.documents.operators import content_of, entries, entry

USUAL = 0.5  # of the size: how wide a letter is of which nothing is said
MOST_CODES = 70_000


@dataclass(frozen=True)
class Typeface:
    """Its name without the mark of a subset, bytes for a code, and what each code means and measures."""

    name: str
    length: int
    letters: Mapping[int, str]
    widths: Mapping[int, float] = field(default_factory=dict)
    usual: float = USUAL

    def read(self, raw: bytes) -> Iterator[tuple[str, float, bool]]:
        """Each code as its letters, its width as a part of the size, and whether it is the space words are parted by."""
        for place in range(0, len(raw), self.length):
            code = int.from_bytes(raw[place : place + self.length])
            is_space = self.length == 1 and code == 32
            yield self.meaning(code), self.widths.get(code, self.usual), is_space

    def meaning(self, code: int) -> str:
        if code in self.letters:
            return self.letters[code]
        return bytes([code]).decode("cp1252", "replace") if self.length == 1 else "\ufffd"


def typeface(font: Any) -> Typeface:
    """The typeface a dictionary describes."""
    name = re.sub(r"^/(?:[A-Z]{6}\+)?", "", str(entry(font, "/BaseFont", "/")))
    table = entry(font, "/ToUnicode")
    letters = meanings(content_of(table)) if hasattr(table, "encoded_data") else {}
    if entry(font, "/Subtype") == "/Type0":
        inner = font["/DescendantFonts"][0]
        usual = float(entry(inner, "/DW", 1000)) / 1000
        return Typeface(name, 2, letters, composite(entry(inner, "/W", ())), usual)
    first = int(entry(font, "/FirstChar", 0))
    widths = {first + step: float(one) / 1000 for step, one in enumerate(entries(entry(font, "/Widths", ())))}
    return Typeface(name, 1, letters, widths)


def composite(said: Any) -> dict[int, float]:
    """The widths of a composite typeface: `code [width …]` and `first last width`."""
    widths: dict[int, float] = {}
    left = entries(said)
    while len(left) > 1 and len(widths) < MOST_CODES:
        first, then = int(left[0]), left[1]
        if isinstance(then, list):
            widths.update((first + step, float(one) / 1000) for step, one in enumerate(entries(then)))
            left = left[2:]
        elif len(left) > 2:
            last = min(int(then), first + MOST_CODES)
            spend(Spent.CODES, max(last - first, 0) + 1)
            widths.update((code, float(left[2]) / 1000) for code in range(first, last + 1))
            left = left[3:]
        else:
            break
    return widths


def meanings(source: bytes) -> dict[int, str]:
    """A table from codes to letters (`beginbfchar`, `beginbfrange`)."""
    table: dict[int, str] = {}
    for block in blocks(source, b"bfchar"):
        for code, signs in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>", block):
            spend(Spent.CODES, 1 + len(signs) // 4)
            table[int(code, 16)] = unicode(signs)
    for block in blocks(source, b"bfrange"):
        for first, last, many, one in re.findall(
            rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:\[([^\[\]]*)\]|<([0-9A-Fa-f]+)>)", block
        ):
            table.update(ranged(int(first, 16), int(last, 16), many, one))
    return table


def blocks(source: bytes, kind: bytes) -> Iterator[bytes]:
    """What stands between each beginning and its end, in one pass."""
    begin, end, place = b"begin" + kind, b"end" + kind, 0
    while (start := source.find(begin, place)) >= 0 and (place := source.find(end, start)) >= 0:
        yield source[start + len(begin) : place]


def ranged(first: int, last: int, many: bytes, one: bytes) -> Iterator[tuple[int, str]]:
    """The codes of a range: each with its own letters, or counted on from the first's."""
    if many:
        for step, signs in enumerate(re.findall(rb"<([0-9A-Fa-f]*)>", many)):
            spend(Spent.CODES, 1 + len(signs) // 4)
            yield first + step, unicode(signs)
        return
    start = unicode(one)
    last = min(last, first + MOST_CODES)
    spend(Spent.CODES, (max(last - first, 0) + 1) * max(len(start), 1))
    for code in range(first, last + 1):
        if start:
            yield code, start[:-1] + chr(ord(start[-1]) + code - first)


def unicode(digits: bytes) -> str:
    return bytes.fromhex(digits.decode() + "0" * (-len(digits) % 4)).decode("utf-16-be", "ignore")
