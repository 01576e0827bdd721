"""Working time: counts hours and days as the law does, over weekends, holidays and swapped days."""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICE_HOURS = ((time(7, 30), time(11, 30)), (time(13), time(17)))
CUTOFF = time(15)


@dataclass(frozen=True)
class Calendar:
    """When an office works: the spans of its working day, and the days that differ from an ordinary week.

    Monday to Friday work unless listed in `days_off`; Saturday and Sunday do not unless listed in `days_on`
    (a Saturday worked in exchange for a bridge day). Answers are exact to the minute; seconds are dropped.
    """

    days_off: frozenset[date] = frozenset()
    days_on: frozenset[date] = frozenset()
    spans: tuple[tuple[time, time], ...] = OFFICE_HOURS
    zone: ZoneInfo = field(default=VIETNAM)

    def __post_init__(self) -> None:
        edges = [_minute(edge) for span in self.spans for edge in span]
        if not edges or edges != sorted(set(edges)):
            raise ValueError("The spans of a working day follow one another and none is empty.")
        if both := self.days_off & self.days_on:
            raise ValueError(f"A day either works or is off: {min(both).isoformat()}.")

    # Hours

    def add(self, start: datetime, hours: float) -> datetime:
        """Return the moment when this many working hours after `start` are over (17:00, not 07:30 tomorrow).

        Negative hours go back, to the last moment from which so much work time is left until `start`.
        """
        minutes = round(hours * 60)
        if minutes == 0:
            return self._local(start)
        target = self._worked(self._local(start)) + minutes
        return self._earliest(target) if minutes > 0 else self._latest(target)

    def add_days(self, start: datetime, days: float) -> datetime:
        """`add`, in working days of as many hours as the spans hold (eight)."""
        return self.add(start, days * self.hours_per_day)

    def between(self, start: datetime, end: datetime) -> float:
        """Return the working hours from `start` to `end`; negative when `end` comes first."""
        return (self._worked(self._local(end)) - self._worked(self._local(start))) / 60

    def opens_after(self, received_at: datetime, cutoff: time = CUTOFF) -> datetime:
        """Return the moment the clock of something received then begins to run.

        After the cut-off hour, or on a day off, that is the opening of the next working day
        (Nghị định 61/2018, điều 18); in a break, the end of the break.
        """
        local = received_at.astimezone(self.zone)
        if self.is_working_day(local.date()) and local.time() > cutoff:
            return self._at(self.next_working_day(local.date()), self.spans[0][0])
        return self._latest(self._worked(local))

    @cached_property
    def hours_per_day(self) -> float:
        return self._minutes_per_day / 60

    # Days

    def is_working_day(self, day: date) -> bool:
        return day in self.days_on or (day.isoweekday() < 6 and day not in self.days_off)

    def on_or_after(self, day: date) -> date:
        """Return the day itself if it works, otherwise the next one that does."""
        return self._nth_working_day(self._working_days_before(day.toordinal()))

    def next_working_day(self, day: date) -> date:
        return self.on_or_after(day + timedelta(days=1))

    def last_day(self, begins: date, *, days: int = 0, months: int = 0) -> date:
        """Return the last day of a period in calendar days or months that begins with an event on `begins`.

        The day of the event is not counted; months end on the same date, or on the month's last day; a period
        that would end on a day off ends with the next working day (Bộ luật Dân sự 91/2015, điều 147 and 148).
        """
        return self.on_or_after(_months_later(begins, months) + timedelta(days=days))

    def closes(self, day: date) -> datetime:
        """Return the end of office hours on that day."""
        return self._at(day, self.spans[-1][1])

    # Everything above is arithmetic on one number: the minutes worked since the first day of the calendar.
    # It grows evenly while the office works and stands still while it does not, so both directions are exact.

    def _worked(self, local: datetime) -> int:
        day = local.date()
        full_days = self._working_days_before(day.toordinal()) * self._minutes_per_day
        return full_days + (self._worked_by(_minute(local.time())) if self.is_working_day(day) else 0)

    def _worked_by(self, minute: int) -> int:
        return sum(
            max(0, min(minute, _minute(closing)) - _minute(opening)) for opening, closing in self.spans
        )

    def _earliest(self, worked: int) -> datetime:
        """Return the first moment with so much worked: at an edge, the close of a span."""
        full_days, rest = divmod(worked - 1, self._minutes_per_day)
        return self._moment(full_days, rest + 1, lambda left, length: left <= length)

    def _latest(self, worked: int) -> datetime:
        """Return the last moment with so much worked: at an edge, the opening of a span."""
        full_days, rest = divmod(worked, self._minutes_per_day)
        return self._moment(full_days, rest, lambda left, length: left < length)

    def _moment(self, full_days: int, left: int, fits: Callable[[int, int], bool]) -> datetime:
        day = self._nth_working_day(full_days)
        for opening, closing in self.spans[:-1]:
            length = _minute(closing) - _minute(opening)
            if fits(left, length):
                return self._at(day, opening, left)
            left -= length
        return self._at(day, self.spans[-1][0], left)

    def _working_days_before(self, ordinal: int) -> int:
        # Ordinal 1 is a Monday (date.toordinal), so whole weeks count five days each.
        weeks, days = divmod(ordinal - 1, 7)
        off, on = self._exceptions
        return weeks * 5 + min(days, 5) - bisect_left(off, ordinal) + bisect_left(on, ordinal)

    def _nth_working_day(self, number: int) -> date:
        """Return the working day that has exactly `number` working days before it."""
        ordinals = range(1, date.max.toordinal())
        place = bisect_right(ordinals, number, key=self._working_days_before)
        return date.fromordinal(ordinals[place - 1])

    @cached_property
    def _exceptions(self) -> tuple[list[int], list[int]]:
        off = sorted(day.toordinal() for day in self.days_off if day.isoweekday() < 6)
        on = sorted(day.toordinal() for day in self.days_on if day.isoweekday() > 5)
        return off, on

    @cached_property
    def _minutes_per_day(self) -> int:
        return sum(_minute(closing) - _minute(opening) for opening, closing in self.spans)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(second=0, microsecond=0)

    def _at(self, day: date, opening: time, minutes: int = 0) -> datetime:
        return datetime.combine(day, opening, self.zone) + timedelta(minutes=minutes)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
