"""Numbers turned into what the picture components draw."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Segment:
    """A stretch of the clock: `kind` is a or b (working), hold (someone else's turn), rest (still to come)."""

    words: str
    kind: str
    start: float
    width: float


def segments(parts: Iterable[tuple[str, str, float]]) -> list[Segment]:
    """Lay (words, kind, hours) end to end; widths are percentages of the whole."""
    stretches = list(parts)
    whole = sum(hours for _, _, hours in stretches) or 1.0
    laid, start = [], 0.0
    for words, kind, hours in stretches:
        width = 100 * hours / whole
        laid.append(Segment(words, kind, round(start, 2), round(width, 2)))
        start += width
    return laid
