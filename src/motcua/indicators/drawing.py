"""A trend drawn as two lines: the first solid, the second dashed, each labelled at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from motcua.ui.words import number, short_day

LEFT, RIGHT, TOP, BOTTOM = 46.0, 362.0, 14.0, 216.0
APART = 30.0


@dataclass(frozen=True)
class Line:
    """A series: the path, its last point, where its label stands, and the last value in words."""

    path: str
    x: float
    y: float
    label_y: float
    value: str


@dataclass(frozen=True)
class Tick:
    position: float
    words: str
    anchor: str = "end"


@dataclass(frozen=True)
class Trend:
    """All that the picture needs, in the units of its view box (440 × 240)."""

    lines: tuple[Line, ...]
    rows: tuple[Tick, ...]
    days: tuple[Tick, ...]


def trend(days: Sequence[date], *series: Sequence[int]) -> Trend:
    """Draw series of equal length over the days, on an axis that begins at 0."""
    top = ceiling(max((max(one, default=0) for one in series), default=0))
    ends = [y_of(one[-1], top) for one in series]
    labels = spread(ends)
    drawn = tuple(
        Line(path_of(one, top), RIGHT, end, label, number(one[-1]))
        for one, end, label in zip(series, ends, labels, strict=True)
    )
    rows = tuple(Tick(y_of(top * part / 4, top), number(top * part // 4)) for part in range(5))
    return Trend(drawn, rows, tuple(marks(days)))


def ceiling(value: int) -> int:
    """The next round number that four even steps divide: 4, 8, 20, 40, 80, 200 …"""
    step = 4
    while step < value:
        step = step * 5 // 2 if str(step).startswith("8") else step * 2
    return step


def x_of(place: int, count: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * place / max(1, count - 1), 1)


def y_of(value: float, top: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)


def path_of(values: Sequence[int], top: int) -> str:
    return "M" + "L".join(
        f"{x_of(place, len(values))} {y_of(value, top)}" for place, value in enumerate(values)
    )


def spread(ends: Sequence[float]) -> list[float]:
    """Where labels stand: at their line's end, but never one on another."""
    if len(ends) == 2 and abs(ends[0] - ends[1]) < APART:
        upper = min(ends) - (APART - abs(ends[0] - ends[1])) / 2
        upper = min(max(upper, TOP), BOTTOM - APART)
        return [upper, upper + APART] if ends[0] <= ends[1] else [upper + APART, upper]
    return list(ends)


def marks(days: Sequence[date]) -> list[Tick]:
    """The first, the last and three days between."""
    last = len(days) - 1
    places = sorted({round(last * part / 4) for part in range(5)})
    return [
        Tick(x_of(place, len(days)), short_day(days[place]), {0: "start", last: "end"}.get(place, "middle"))
        for place in places
    ]
