from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from motcua.lib.working_time import OFFICE_HOURS, VIETNAM, Calendar, Week

TET_2026 = frozenset(date(2026, 2, day) for day in range(16, 21))
VICTORY_AND_LABOUR = frozenset({date(2026, 4, 30), date(2026, 5, 1)})
NATIONAL_DAY = frozenset({date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)})
CALENDAR = Calendar(
    days_off=TET_2026 | VICTORY_AND_LABOUR | NATIONAL_DAY | {date(2026, 4, 27), date(2026, 11, 24)},
    days_on=frozenset({date(2026, 8, 22)}),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


# Hours


def test_a_working_day_has_eight_hours():
    assert CALENDAR.hours_per_day == 8


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-20 07:30", 8, "2026-11-20 17:00"),  # ends today, not on opening tomorrow
        ("2026-11-20 10:30", 1, "2026-11-20 11:30"),  # ends with the morning
        ("2026-11-20 10:30", 1.5, "2026-11-20 13:30"),  # over the midday break
        ("2026-11-20 16:59", 1 / 60, "2026-11-20 17:00"),
        ("2026-11-20 16:00", 2, "2026-11-23 08:30"),  # Friday to Monday
        ("2026-11-21 09:00", 1, "2026-11-23 08:30"),  # received on Saturday
        ("2026-11-23 08:00", 12, "2026-11-25 13:30"),  # 24 November, Vietnam Culture Day, in between
        ("2026-02-13 16:00", 2, "2026-02-23 08:30"),  # over Tết of the Year of the Horse
        ("2026-04-24 16:00", 2, "2026-04-28 08:30"),  # 26/4 fell on a Sunday: Monday off in exchange
        ("2026-04-29 16:00", 2, "2026-05-04 08:30"),  # 30/4 and 1/5, Thursday and Friday
        ("2026-08-21 16:00", 2, "2026-08-22 08:30"),  # Saturday 22/8 works in exchange for 31/8
        ("2026-08-28 16:00", 2, "2026-09-03 08:30"),  # … which is off, and so are 1/9 and 2/9
        ("2026-11-20 05:00", 1, "2026-11-20 08:30"),  # before opening
        ("2026-11-20 22:00", 1, "2026-11-23 08:30"),  # after closing
        ("2026-11-20 09:00", 0, "2026-11-20 09:00"),
        ("2026-11-21 09:00", 0, "2026-11-21 09:00"),
        ("2026-11-23 08:30", -2, "2026-11-20 16:00"),
        ("2026-11-23 07:30", -8, "2026-11-20 07:30"),
        ("2026-11-20 13:00", -4, "2026-11-20 07:30"),
    ],
)
def test_adding_hours(start: str, hours: float, end: str):
    assert CALENDAR.add(at(start), hours) == at(end)


def test_seconds_are_dropped():
    assert CALENDAR.add(at("2026-11-20 09:00:59"), 1) == at("2026-11-20 10:00")


def test_the_answer_is_in_the_zone_of_the_calendar():
    utc = datetime.fromisoformat("2026-11-20T02:00:00+00:00")
    assert CALENDAR.add(utc, 1).isoformat() == "2026-11-20T10:00:00+07:00"


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-11-20 09:00", 1, "2026-11-23 09:00"),
        ("2026-11-20 09:00", 3, "2026-11-26 09:00"),
        ("2026-11-20 09:00", 0.5, "2026-11-20 14:30"),
        ("2026-02-06 07:30", 10, "2026-02-26 17:00"),
    ],
)
def test_adding_working_days(received: str, days: float, due: str):
    assert CALENDAR.add_days(at(received), days) == at(due)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-20 07:30", "2026-11-20 17:00", 8),
        ("2026-11-20 11:30", "2026-11-20 13:00", 0),
        ("2026-11-20 17:00", "2026-11-23 07:30", 0),
        ("2026-11-20 16:00", "2026-11-25 08:00", 9.5),
        ("2026-11-23 08:30", "2026-11-20 16:00", -2),
        ("2026-02-13 17:00", "2026-02-23 07:30", 0),
    ],
)
def test_hours_between(start: str, end: str, hours: float):
    assert CALENDAR.between(at(start), at(end)) == hours


# The cut-off hour


@pytest.mark.parametrize(
    ("received", "opens"),
    [
        ("2026-11-20 14:59", "2026-11-20 14:59"),
        ("2026-11-20 15:00", "2026-11-20 15:00"),
        ("2026-11-20 15:00:01", "2026-11-23 07:30"),  # one second after three o'clock is after it
        ("2026-11-20 15:01", "2026-11-23 07:30"),
        ("2026-11-20 06:10", "2026-11-20 07:30"),
        ("2026-11-20 12:10", "2026-11-20 13:00"),
        ("2026-11-21 09:00", "2026-11-23 07:30"),
        ("2026-11-23 15:01", "2026-11-25 07:30"),
        ("2026-02-17 08:00", "2026-02-23 07:30"),
        ("2026-08-21 16:00", "2026-08-22 07:30"),
        ("2026-08-22 09:00", "2026-08-22 09:00"),
    ],
)
def test_the_clock_opens_the_next_working_day_after_three(received: str, opens: str):
    assert CALENDAR.opens_after(at(received)) == at(opens)


@pytest.mark.parametrize(
    ("received", "opens"),
    [
        ("2026-11-20 16:30", "2026-11-20 16:30"),
        ("2026-11-20 17:00", "2026-11-23 07:30"),  # in time, but the office is closing
        ("2026-11-20 17:01", "2026-11-23 07:30"),
    ],
)
def test_the_cut_off_is_a_matter_of_the_procedure(received: str, opens: str):
    assert CALENDAR.opens_after(at(received), time(17)) == at(opens)


# Calendar days and months


@pytest.mark.parametrize(
    ("begins", "days", "ends"),
    [
        (date(2026, 11, 16), 3, date(2026, 11, 19)),  # the first day is not counted
        (date(2026, 11, 18), 3, date(2026, 11, 23)),  # Saturday: ends on Monday
        (date(2026, 11, 9), 15, date(2026, 11, 25)),  # ends on Vietnam Culture Day: next working day
        (date(2026, 2, 2), 15, date(2026, 2, 23)),  # the second day of Tết
        (date(2026, 8, 20), 2, date(2026, 8, 22)),  # a Saturday that works
        (date(2026, 3, 1), 60, date(2026, 5, 4)),  # sixty days to register a birth, ending on 30 April
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
    ],
)
def test_a_period_in_days(begins: date, days: int, ends: date):
    assert CALENDAR.last_day(begins, days=days) == ends


@pytest.mark.parametrize(
    ("begins", "months", "ends"),
    [
        (date(2026, 6, 15), 1, date(2026, 7, 15)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),  # no 31 September
        (date(2027, 12, 31), 2, date(2028, 2, 29)),  # leap year
        (date(2026, 11, 20), 12, date(2027, 11, 22)),  # a Saturday
    ],
)
def test_a_period_in_months(begins: date, months: int, ends: date):
    assert CALENDAR.last_day(begins, months=months) == ends


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 2, 16), False),
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
    ],
)
def test_working_days(day: date, *, works: bool):
    assert CALENDAR.is_working_day(day) is works


def test_the_next_working_day_after_tet():
    assert CALENDAR.next_working_day(date(2026, 2, 13)) == date(2026, 2, 23)
    assert CALENDAR.on_or_after(date(2026, 2, 13)) == date(2026, 2, 13)
    assert CALENDAR.on_or_after(date(2026, 2, 18)) == date(2026, 2, 23)


def test_the_office_closes_with_its_last_span():
    assert CALENDAR.closes(date(2026, 11, 20)) == at("2026-11-20 17:00")


# What a calendar cannot be


@pytest.mark.parametrize(
    "spans",
    [
        (),
        ((time(8), time(8)),),
        ((time(8), time(7)),),
        ((time(13), time(17)), (time(7), time(11))),
        ((time(7), time(12)), (time(11), time(17))),
    ],
)
def test_spans_must_follow_one_another(spans: tuple[tuple[time, time], ...]):
    with pytest.raises(ValueError, match="follow one another"):
        Calendar(spans=spans)


def test_a_day_cannot_work_and_be_off():
    with pytest.raises(ValueError, match="2026-08-22"):
        Calendar(days_off=frozenset({date(2026, 8, 22)}), days_on=frozenset({date(2026, 8, 22)}))


# Hours of an agency

SATURDAY_MORNINGS = Week(date(2026, 11, 9), (*(OFFICE_HOURS,) * 5, ((time(7, 30), time(11, 30)),), ()))


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-20 16:00", 2, "2026-11-21 08:30"),  # Saturday morning counts
        ("2026-11-20 16:00", 6, "2026-11-23 08:30"),  # … as the four hours it is
        ("2026-11-06 16:00", 2, "2026-11-09 08:30"),  # before the new hours hold, Saturday is off
        ("2026-11-07 09:00", 1, "2026-11-09 08:30"),
    ],
)
def test_the_hours_of_an_agency_hold_from_their_day_on(start: str, hours: float, end: str):
    assert Calendar(weeks=(SATURDAY_MORNINGS,)).add(at(start), hours) == at(end)


def test_a_swapped_saturday_is_worked_in_full_even_where_saturdays_are_half_days():
    calendar = Calendar(weeks=(SATURDAY_MORNINGS,), days_on=frozenset({date(2026, 11, 21)}))
    assert calendar.closes(date(2026, 11, 21)) == at("2026-11-21 17:00")
    assert calendar.between(at("2026-11-20 17:00"), at("2026-11-22 00:00")) == 8


def test_a_working_day_of_the_law_stays_eight_hours_whatever_the_hours_of_an_agency():
    assert Calendar(weeks=(SATURDAY_MORNINGS,)).hours_per_day == 8


def test_a_week_works_at_least_once():
    with pytest.raises(ValueError, match="at least one of them works"):
        Week(date(2026, 1, 1), ((),) * 7)


def test_two_weeks_cannot_begin_on_one_day():
    with pytest.raises(ValueError, match="One week begins on a day"):
        Calendar(weeks=(SATURDAY_MORNINGS, SATURDAY_MORNINGS))


# The algebra

DAYS = some.dates(date(2026, 1, 1), date(2026, 3, 31))
MOMENTS = some.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 31)).map(  # noqa: DTZ001 - made aware here
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=VIETNAM)
)
MINUTES = some.integers(1, 60 * 80)
MORNING = ((time(7, 30), time(11, 30)),)
SATURDAYS = (*(OFFICE_HOURS,) * 5, MORNING, ())
PATTERNS = (
    SATURDAYS,
    (OFFICE_HOURS, (), MORNING, (), OFFICE_HOURS, (), ()),
    (((time(9), time(9, 45)),),) * 7,
)
WEEKS = some.builds(Week, since=DAYS, days=some.sampled_from(PATTERNS))


@some.composite
def calendars(draw: some.DrawFn) -> Calendar:
    off = draw(some.frozensets(DAYS, max_size=30))
    on = draw(some.frozensets(DAYS, max_size=10)) - off
    spans = draw(some.sampled_from([OFFICE_HOURS, ((time(8), time(12)),), ((time(0), time(23, 59)),)]))
    weeks = draw(some.lists(WEEKS, max_size=2, unique_by=lambda week: week.since))
    return Calendar(days_off=off, days_on=on, spans=spans, weeks=tuple(weeks))


def minute_by_minute(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """Count working minutes one at a time: slow, and obviously right."""
    moment = start
    while minutes:
        minutes -= is_open(calendar, moment)
        moment += timedelta(minutes=1)
    return moment


def is_open(calendar: Calendar, moment: datetime) -> bool:
    return any(opening <= moment.time() < closing for opening, closing in calendar.hours_on(moment.date()))


@given(calendars(), MOMENTS, some.integers(1, 600))
def test_adding_is_the_same_as_counting_minute_by_minute(calendar: Calendar, start: datetime, minutes: int):
    assert calendar.add(start, minutes / 60) == minute_by_minute(calendar, start, minutes)


@given(calendars(), MOMENTS, MINUTES)
def test_the_hours_between_are_the_hours_added(calendar: Calendar, start: datetime, minutes: int):
    assert calendar.between(start, calendar.add(start, minutes / 60)) == minutes / 60


@given(calendars(), MOMENTS, MINUTES)
def test_the_hours_between_are_the_hours_taken_away(calendar: Calendar, start: datetime, minutes: int):
    assert calendar.between(calendar.add(start, -minutes / 60), start) == minutes / 60


@given(calendars(), MOMENTS, MINUTES, MINUTES)
def test_adding_twice_is_adding_the_sum(calendar: Calendar, start: datetime, first: int, second: int):
    in_two = calendar.add(calendar.add(start, first / 60), second / 60)
    assert in_two == calendar.add(start, (first + second) / 60)


@given(calendars(), MOMENTS, MOMENTS, MINUTES)
def test_who_starts_later_ends_no_earlier(calendar: Calendar, one: datetime, other: datetime, minutes: int):
    early, late = sorted([one, other])
    assert calendar.add(early, minutes / 60) <= calendar.add(late, minutes / 60)


@given(calendars(), MOMENTS, MINUTES, MINUTES)
def test_more_hours_end_later(calendar: Calendar, start: datetime, one: int, other: int):
    fewer, more = sorted([one, other])
    assume(fewer < more)
    assert start < calendar.add(start, fewer / 60) < calendar.add(start, more / 60)


@given(calendars(), MOMENTS, MINUTES, DAYS)
def test_one_more_holiday_never_shortens(calendar: Calendar, start: datetime, minutes: int, holiday: date):
    with_holiday = replace(
        calendar, days_off=calendar.days_off | {holiday}, days_on=calendar.days_on - {holiday}
    )
    assert calendar.add(start, minutes / 60) <= with_holiday.add(start, minutes / 60)


@given(calendars(), MOMENTS, MINUTES, DAYS)
def test_longer_hours_never_lengthen(calendar: Calendar, start: datetime, minutes: int, since: date):
    round_the_clock = Week(since, (((time(0), time(23, 59)),),) * 7)
    assume(since not in {week.since for week in calendar.weeks})
    assume(all(week.since < since for week in calendar.weeks))
    longer = replace(calendar, weeks=(*calendar.weeks, round_the_clock))
    assert longer.add(start, minutes / 60) <= calendar.add(start, minutes / 60)


@given(calendars(), MOMENTS, some.times())
def test_a_clock_never_opens_before_receipt_nor_on_a_day_off(
    calendar: Calendar, received: datetime, cutoff: time
):
    opens = calendar.opens_after(received, cutoff)
    assert received <= opens
    assert calendar.is_working_day(opens.date())
    assert is_open(calendar, opens)


@given(calendars(), DAYS, some.integers(0, 90))
def test_a_period_ends_on_the_first_working_day_not_before_its_term(calendar: Calendar, day: date, days: int):
    ends, term = calendar.last_day(day, days=days), day + timedelta(days=days)
    candidates = [term + timedelta(days=extra) for extra in range((ends - term).days + 1)]
    assert [candidate for candidate in candidates if calendar.is_working_day(candidate)] == [ends]


@pytest.mark.parametrize(
    ("received", "by"),
    [
        ("2026-11-20T09:00+07:00", "2026-11-20T17:00+07:00"),  # Friday morning: the same day
        ("2026-11-20T15:00+07:00", "2026-11-20T17:00+07:00"),
        ("2026-11-20T15:01+07:00", "2026-11-23T08:30+07:00"),  # after the cut-off: Monday's first hour
        ("2026-11-21T10:00+07:00", "2026-11-23T08:30+07:00"),  # on a Saturday
        ("2026-11-20T06:00+07:00", "2026-11-20T17:00+07:00"),  # before the office opens
    ],
)
def test_what_belongs_elsewhere_goes_on_the_same_day_or_in_the_next_first_hour(received, by):
    assert Calendar().hand_on_by(datetime.fromisoformat(received)) == datetime.fromisoformat(by)


def test_the_cut_off_hour_is_the_procedures():
    late = datetime.fromisoformat("2026-11-20T16:30+07:00")
    assert Calendar().hand_on_by(late, time(17)) == datetime.fromisoformat("2026-11-20T17:00+07:00")
