"""What the country's numbers say over a span of days: sums, shares, the trend, agencies beside each other."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import F, Func, QuerySet, Sum, TextField, Value
from django.utils import timezone

from motcua.dossiers.states import Channel, State
from motcua.indicators.actions import NAME
from motcua.indicators.models import Count, Kind, Standing
from motcua.journal.models import Entry, Follower, Seal
from motcua.lib.worded import WordedOnce, worded_once
from motcua.organisations.models import Agency
from motcua.procedures.models import Version

PERIODS = (7, 30, 90)


@dataclass
class Sums:
    """What was counted, for a country or an agency; shares are percentages, None where there is nothing to share."""

    kinds: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    online: int = 0
    waiting: int = 0

    def add(self, kind: str, channel: int, number: int) -> None:
        self.kinds[kind] += number
        if kind == Kind.FILED and channel == Channel.ONLINE:
            self.online += number

    def of(self, kind: str) -> int:
        return self.kinds.get(kind, 0)

    @property
    def filed(self) -> int:
        return self.of(Kind.FILED)

    @property
    def finished(self) -> int:
        return self.of(Kind.FINISHED)

    @property
    def kept(self) -> int:
        """Finished not later than promised."""
        return self.of(Kind.EARLY) + self.of(Kind.ON_DAY)

    @property
    def overdue(self) -> int:
        return self.of(Kind.OVERDUE)

    @property
    def on_time(self) -> float | None:
        """Of the dossiers that got their result, those that got it in time."""
        return share(self.kept, self.finished)

    @property
    def on_time_by_form(self) -> float | None:
        """As form II.06a counts: those that wait for papers, were withdrawn or stopped are on time, too."""
        others = self.waiting + self.of(Kind.WITHDRAWN) + self.of(Kind.STOPPED)
        return share(self.kept + others, self.finished + others)

    @property
    def online_share(self) -> float | None:
        return share(self.online, self.filed)


@dataclass(frozen=True)
class Ranked:
    """An agency in the ranking: the rate, and beside it how much it had to do."""

    code: str
    name: str
    sums: Sums


@dataclass(frozen=True)
class Numbers:
    """All that the page shows."""

    first: date
    last: date
    sums: Sums
    standing: dict[State, int]
    days: list[date]
    filed: list[int]
    finished: list[int]
    ranking: list[Ranked]
    services: int
    place: int
    counted_at: datetime | None


def span_of(days: int) -> tuple[date, date]:
    """The first and the last of so many days up to today."""
    last = timezone.localdate()
    return last - timedelta(days=days - 1), last


def numbers(days: int, *, under: str = "") -> Numbers:
    """The numbers of so many days up to today, of the country or of one agency and those below it: eight queries."""
    first, last = span_of(days)
    span = [first + timedelta(days=n) for n in range(days)]
    standing = standings(under)
    sums = Sums(waiting=standing.get(State.SUPPLEMENT, 0))
    for kind, channel, number in summed(("kind", "channel"), first, last, under):
        sums.add(*_counted(kind, channel, number))
    by_day = {(day, kind): number for day, kind, number in summed(("day", "kind"), first, last, under)}
    place, counted_at = progress()
    return Numbers(
        first=first,
        last=last,
        sums=sums,
        standing=standing,
        days=span,
        filed=[_whole(by_day.get((day, Kind.FILED))) for day in span],
        finished=[_whole(by_day.get((day, Kind.FINISHED))) for day in span],
        ranking=ranking(first, last, under=under),
        services=Version.objects.in_force(last).offered().count(),
        place=place,
        counted_at=counted_at,
    )


def ranking(first: date, last: date, *, under: str = "") -> list[Ranked]:
    """Provinces and ministries, or the agencies below one of them: the best rate first, the busier of equals before."""
    found: dict[str, Sums] = defaultdict(Sums)
    for code, kind, channel, number in summed(("who", "kind", "channel"), first, last, under):
        found[str(code)].add(*_counted(kind, channel, number))
    names = {agency.code: agency.name for agency in Agency.objects.filter(code__in=found)}
    ranked = [Ranked(code, names.get(code, code), sums) for code, sums in found.items()]
    return sorted(
        ranked, key=lambda one: (-(one.sums.on_time or 0), -one.sums.finished, -one.sums.filed, one.code)
    )


def summed(keys: tuple[str, ...], first: date, last: date, under: str) -> list[tuple[Any, ...]]:
    """The sums of a span by these keys; `who` is the agency, or in the country's numbers the province or ministry above it."""
    if not under:
        return of_country(keys)(first, last)
    counts = Count.objects.between(first, last).under(under).of_dossiers()
    return [*counts.annotate(who=F("agency")).summed(*keys)]


@cache
def of_country(keys: tuple[str, ...]) -> WordedOnce[[date, date], tuple[Any, ...]]:
    """The same of the whole country, which anybody looks at all day."""

    @worded_once
    def sums(first: date, last: date) -> QuerySet[Count, tuple[Any, ...]]:
        return Count.objects.between(first, last).of_dossiers().annotate(who=highest()).summed(*keys)

    return sums


def highest() -> Func:
    """The province or ministry an agency belongs to, by its code."""
    return Func(F("agency"), Value("."), Value(1), function="split_part", output_field=TextField())


def standings(under: str = "") -> dict[State, int]:
    """How many dossiers are in each state now, in the order of the states."""
    rows = Standing.objects.under(under).values_list("state").annotate(sum=Sum("number")).order_by("state")
    return {State(state): number for state, number in rows if number}


def progress() -> tuple[int, datetime | None]:
    """How far the numbers have followed the journal: the place, and when the entry there was written."""
    follower = Follower.objects.filter(name=NAME).first()
    if follower is None or not follower.place:
        return 0, None
    entry = Entry.objects.filter(pk__in=Seal.objects.filter(place=follower.place).values("entry_id")).first()
    return follower.place, entry.at if entry else None


def share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _counted(kind: Any, channel: Any, number: Any) -> tuple[str, int, int]:
    return str(kind), int(channel), int(number)


def _whole(number: Any) -> int:
    return int(number or 0)


TABLE = (Kind.FILED, Kind.RECEIVED, Kind.FINISHED, Kind.EARLY, Kind.ON_DAY, Kind.OVERDUE, Kind.REFUSED, Kind.SUPPLEMENTED,
         Kind.WITHDRAWN, Kind.STOPPED, Kind.DELIVERED)  # fmt: skip


def table(ranked: Iterable[Ranked]) -> Iterable[dict[str, object]]:
    """The ranking as rows for others to calculate with: plain numbers under plain names."""
    for one in ranked:
        yield {
            "agency": one.code,
            "name": one.name,
            "online": one.sums.online,
            **{kind.value: one.sums.of(kind) for kind in TABLE},
        }
