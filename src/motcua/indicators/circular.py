"""The nine indicators of circular 01/2018/TT-VPCP, articles 13–15: what each is worth, as the circular says it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STAFF = (1, 2, 3, 4, 7)
NAMES: Mapping[int, Promise] = {
    1: _("Time to handle a dossier"),
    2: _("Time taken by each unit"),
    3: _("Contacts to complete a dossier"),
    4: _("Agencies to be contacted"),
    5: _("Organisation of the one-stop desk"),
    6: _("Publicity of procedures"),
    7: _("Attitude of officers"),
    8: _("Petitions received and handled"),
    9: _("Procedures online"),
}
# Sum of points from which a class begins; the best first.
AGENCY_CLASSES: tuple[tuple[Decimal, Promise], ...] = (
    (Decimal(15), _("Excellent")),
    (Decimal(12), _("Good")),
    (Decimal(9), _("Fair")),
    (Decimal(6), _("Average")),
    (Decimal(0), _("Weak")),
)
STAFF_CLASSES: tuple[tuple[Decimal, Promise], ...] = (
    (Decimal(5), _("Tasks done in full, 100%")),
    (Decimal("3.5"), _("Tasks done to 70% or more, below 100%")),
    (Decimal(0), _("Tasks done below 70%")),
)


def of_time(pace: str) -> int:
    """1 and 2: shorter than allowed (`early`) 2, equal (`on_day`) 1, longer (`late`) 0."""
    return {"early": 2, "on_day": 1, "late": 0}[pace]


def of_contacts(count: int) -> int:
    """3 and 4: none 2, one 1, more 0."""
    return max(0, 2 - count)


def of_one_stop(*, decided_on_the_spot: float, needed: float, all_at_the_desk: bool) -> int:
    """5: enough procedures (percent) decided on the spot 2; all received and returned at the desk 1; else 0."""
    if decided_on_the_spot >= needed:
        return 2
    return 1 if all_at_the_desk else 0


def of_publicity(*, notice_board: bool, electronic: bool) -> int:
    """6: on the notice board and electronically 2, one of the two 1, neither 0."""
    return int(notice_board) + int(electronic)


def of_attitude(pace: str, *, complained: bool) -> int:
    """7: early and no complaint 2, on time and no complaint 1; a complaint that was upheld, or late, 0."""
    return 0 if complained else of_time(pace)


def of_petitions(*, received: int, on_time: int, dragging: bool) -> int:
    """8: none, or all in time 2; nine in ten in time and none dragging on 1; else 0."""
    if not received or on_time == received:
        return 2
    return 1 if 100 * on_time >= 90 * received and not dragging else 0


def of_online(*, procedures: float, dossiers: float, overdue: bool) -> int:
    """9: a fifth of procedures and 30 % of dossiers online, none overdue 2; some procedures and 15 % of dossiers 1; else 0."""
    if overdue or not procedures or dossiers < 15:
        return 0
    return 2 if procedures >= 20 and dossiers >= 30 else 1


@dataclass(frozen=True)
class Score:
    """The mean points of one indicator, to one decimal; None where there is nothing to count."""

    number: int
    points: Decimal | None
    counted: int = 0

    @property
    def name(self) -> str:
        return str(NAMES[self.number])


def mean(number: int, points: Iterable[tuple[int, int]]) -> Score:
    """Sum of the points (points, how often) by their number, rounded to one decimal (circular 01/2018, art. 15)."""
    given = list(points)
    count = sum(often for _points, often in given)
    if not count:
        return Score(number, None)
    total = sum(worth * often for worth, often in given)
    return Score(number, rounded(Decimal(total) / count), count)


def rounded(value: Decimal) -> Decimal:
    """0.05 → 0.1: half up, as one rounds by hand."""
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)


def total(scores: Iterable[Score]) -> Decimal:
    """The sum; an indicator without data is left out."""
    return sum((score.points for score in scores if score.points is not None), Decimal(0))


def classed(points: Decimal, classes: tuple[tuple[Decimal, Promise], ...]) -> str:
    """The word of the class these points reach."""
    return str(next(words for least, words in classes if points >= least))
