"""Working time: counts hours and days as the law does, over weekends, holidays, swapped days and changed hours."""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
CUTOFF = time(15)

# The spans of one working day, in their order: (07:30–11:30, 13:00–17:00).
type Spans = tuple[tuple[time, time], ...]

OFFICE_HOURS: Spans = ((time(7, 30), time(11, 30)), (time(13), time(17)))


@dataclass(frozen=True)
class Week:
    """The hours of an ordinary week from a day on, Monday first; a day without spans is off. ValueError if none holds any."""

    since: date
    days: tuple[Spans, ...]

    def __post_init__(self) -> None:
        if len(self.days) != 7 or not any(self.days):
            raise ValueError("A week has seven days, and at least one of them works.")
        for spans in self.days:
            edges = [_minute(edge) for span in spans for edge in span]
            if edges != sorted(set(edges)):
                raise ValueError("The spans of a working day follow one another and none is empty.")

    @cached_property
    def minutes(self) -> tuple[int, ...]:
        """How long each day of the week works."""
        return tuple(length(spans) for spans in self.days)

    @cached_property
    def fullest(self) -> Spans:
        """The hours of its longest day: what a day off in the week is worked in exchange for another."""
        return max(self.days, key=length)

    def minutes_until(self, ordinal: int) -> int:
        """Minutes worked since ordinal 1, a Monday, if this week had always held."""
        weeks, days = divmod(ordinal - 1, 7)
        return weeks * self._sums[7] + self._sums[days]

    @cached_property
    def _sums(self) -> tuple[int, ...]:
        return tuple(accumulate(self.minutes, initial=0))


@dataclass(frozen=True)
class Calendar:
    """When an office works: the hours of its weeks, and the days that differ from an ordinary week.

    Monday to Friday work the `spans` unless listed in `days_off`; Saturday and Sunday do not unless listed in `days_on`
    (a Saturday worked in exchange for a bridge day, as long as the fullest day). From its first day on, each of the `weeks`
    takes the place of what held before. Answers are exact to the minute; seconds are dropped.
    """

    days_off: frozenset[date] = frozenset()
    days_on: frozenset[date] = frozenset()
    spans: Spans = OFFICE_HOURS
    zone: ZoneInfo = field(default=VIETNAM)
    weeks: tuple[Week, ...] = ()

    def __post_init__(self) -> None:
        if not self.spans:
            raise ValueError("The spans of a working day follow one another and none is empty.")
        if both := self.days_off & self.days_on:
            raise ValueError(f"A day either works or is off: {min(both).isoformat()}.")
        if self._eras[0].since != date.min or len({week.since for week in self._eras}) < len(self._eras):
            raise ValueError("One week begins on a day.")

    # Hours

    def add(self, start: datetime, hours: float) -> datetime:
        """Return the moment when this many working hours after `start` are over (17:00, not 07:30 tomorrow).

        Negative hours go back, to the last moment from which so much work time is left until `start`.
        """
        minutes = round(hours * 60)
        if minutes == 0:
            return self._local(start)
        local = self._local(start)
        target = self._worked(local) + minutes
        return self._earliest(target, local) if minutes > 0 else self._latest(target, local)

    def add_days(self, start: datetime, days: float) -> datetime:
        """`add`, in working days of as many hours as the spans hold (eight)."""
        return self.add(start, days * self.hours_per_day)

    def between(self, start: datetime, end: datetime) -> float:
        """Return the working hours from `start` to `end`; negative when `end` comes first."""
        return (self.worked(end) - self.worked(start)) / 60

    def worked(self, until: datetime) -> int:
        """Return the minutes worked until then, since a day long ago: `between`, for many moments compared with the same."""
        return self._worked(self._local(until))

    def opens_after(self, received_at: datetime, cutoff: time = CUTOFF) -> datetime:
        """Return the moment the clock of something received then begins to run.

        After the cut-off hour, or on a day off, that is the opening of the next working day
        (Nghị định 61/2018, điều 18); in a break, the end of the break.
        """
        local = received_at.astimezone(self.zone)
        if self.is_working_day(local.date()) and local.time() > cutoff:
            return self.opens(self.next_working_day(local.date()))
        return self._latest(self._worked(local), local)

    def hand_on_by(self, received_at: datetime, cutoff: time = CUTOFF) -> datetime:
        """Return by when something received then must have gone on to whoever handles it.

        The same working day; after the cut-off hour or on a day off, the first hour of the next working day
        (Nghị định 61/2018, điều 18).
        """
        local, opens = received_at.astimezone(self.zone), self.opens_after(received_at, cutoff)
        if opens.date() != local.date():
            return self.add(opens, 1)
        return self._at(local.date(), self.spans[-1][1])

    @cached_property
    def hours_per_day(self) -> float:
        """What the law's working day is worth, whatever the hours of a single day."""
        return length(self.spans) / 60

    # Days

    def hours_on(self, day: date) -> Spans:
        """Return the spans worked on a day; none if it is off."""
        week = self._eras[bisect_right(self._sinces, day) - 1]
        if day in self.days_off:
            return ()
        return week.fullest if day in self.days_on else week.days[day.weekday()]

    def is_working_day(self, day: date) -> bool:
        return bool(self.hours_on(day))

    def on_or_after(self, day: date) -> date:
        """Return the day itself if it works, otherwise the next one that does."""
        while not self.hours_on(day):
            day += timedelta(days=1)
        return day

    def next_working_day(self, day: date) -> date:
        return self.on_or_after(day + timedelta(days=1))

    def last_day(self, begins: date, *, days: int = 0, months: int = 0) -> date:
        """Return the last day of a period in calendar days or months that begins with an event on `begins`.

        The day of the event is not counted; months end on the same date, or on the month's last day; a period
        that would end on a day off ends with the next working day (Bộ luật Dân sự 91/2015, điều 147 and 148).
        """
        return self.on_or_after(months_later(begins, months) + timedelta(days=days))

    def opens(self, day: date) -> datetime:
        """Return the beginning of office hours on a working day."""
        return self._at(day, self.hours_on(day)[0][0])

    def closes(self, day: date) -> datetime:
        """Return the end of office hours on that day; if it is off, that of a full one."""
        return self._at(day, (self.hours_on(day) or self.spans)[-1][1])

    # Everything above is arithmetic on one number: the minutes worked since the first day of the calendar.
    # It grows evenly while the office works and stands still while it does not, so both directions are exact.

    def _worked(self, local: datetime) -> int:
        minute, today = local.hour * 60 + local.minute, 0
        for opening, closing in _edges(self.hours_on(local.date())):
            if minute <= opening:
                break
            today += min(minute, closing) - opening
        return self._worked_before(local.toordinal()) + today

    def _earliest(self, worked: int, near: datetime) -> datetime:
        """Return the first moment with so much worked: at an edge, the close of a span."""
        first, last = self._around(near.toordinal(), lambda ordinal: self._worked_before(ordinal) < worked)
        place = bisect_left(ORDINALS, worked, first, last, key=self._worked_before)
        return self._moment(ORDINALS[place - 1], worked, lambda left, span: left <= span)

    def _latest(self, worked: int, near: datetime) -> datetime:
        """Return the last moment with so much worked: at an edge, the opening of a span."""
        first, last = self._around(near.toordinal(), lambda ordinal: self._worked_before(ordinal) <= worked)
        place = bisect_right(ORDINALS, worked, first, last, key=self._worked_before)
        return self._moment(ORDINALS[place - 1], worked, lambda left, span: left < span)

    def _moment(self, ordinal: int, worked: int, fits: Callable[[int, int], bool]) -> datetime:
        day, left = date.fromordinal(ordinal), worked - self._worked_before(ordinal)
        *spans, last = self.hours_on(day)
        for opening, closing in spans:
            span = _minute(closing) - _minute(opening)
            if fits(left, span):
                return self._at(day, opening, left)
            left -= span
        return self._at(day, last[0], left)

    def _around(self, near: int, is_before: Callable[[int], bool]) -> tuple[int, int]:
        """Between which places of ORDINALS to look for where `is_before` ends, in steps that double from a day near it."""
        first, last, step = near, near, 8
        while first > 0 and not is_before(first):
            first, step = max(0, first - step), step * 2
        while last < len(ORDINALS) and is_before(last + 1):
            last, step = min(len(ORDINALS), last + step), step * 2
        return first, last

    def _worked_before(self, ordinal: int) -> int:
        """Return the minutes worked before this day began."""
        place = bisect_right(self._starts, ordinal) - 1
        days, sums = self._exceptions
        return (
            self._bases[place] + self._eras[place].minutes_until(ordinal) + sums[bisect_left(days, ordinal)]
        )

    @cached_property
    def _eras(self) -> tuple[Week, ...]:
        office = Week(date.min, (self.spans,) * 5 + ((),) * 2)
        return (office, *sorted(self.weeks, key=lambda week: week.since))

    @cached_property
    def _sinces(self) -> list[date]:
        return [week.since for week in self._eras]

    @cached_property
    def _starts(self) -> list[int]:
        return [since.toordinal() for since in self._sinces]

    @cached_property
    def _bases(self) -> list[int]:
        """What to add to the minutes of each era's own week: where weeks change, the sum goes on without a step."""
        bases = [0]
        for before, week in pairwise(self._eras):
            day = week.since.toordinal()
            bases.append(bases[-1] + before.minutes_until(day) - week.minutes_until(day))
        return bases

    @cached_property
    def _exceptions(self) -> tuple[list[int], list[int]]:
        """The days that differ, and how many minutes those before each of them add to ordinary weeks."""
        days = sorted(self.days_off | self.days_on)
        more = [length(self.hours_on(day)) - self._ordinary(day) for day in days]
        return [day.toordinal() for day in days], list(accumulate(more, initial=0))

    def _ordinary(self, day: date) -> int:
        return self._eras[bisect_right(self._sinces, day) - 1].minutes[day.weekday()]

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(second=0, microsecond=0)

    def _at(self, day: date, opening: time, minutes: int = 0) -> datetime:
        return datetime.combine(day, opening, self.zone) + timedelta(minutes=minutes)


ORDINALS = range(1, date.max.toordinal())


def length(spans: Spans) -> int:
    """Return the minutes of some spans together."""
    return sum(_minute(closing) - _minute(opening) for opening, closing in spans)


@lru_cache(maxsize=256)
def _edges(spans: Spans) -> tuple[tuple[int, int], ...]:
    """The spans in minutes of the day."""
    return tuple((_minute(opening), _minute(closing)) for opening, closing in spans)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def months_later(day: date, months: int) -> date:
    """Return the same date so many months later, or the month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
