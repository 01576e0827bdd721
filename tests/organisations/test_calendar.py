from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from motcua.lib.actors import Actor, Grant
from motcua.lib.working_time import VIETNAM
from motcua.organisations import actions
from motcua.organisations.holidays import instead_of
from motcua.organisations.models import Agency, CalendarDay, calendar_for

SETUP = Actor.system("organisations")


def administrator(code: str) -> Actor:
    return Actor(f"person:{code}", grants=frozenset({Grant("administrator", code)}))


def works(day: str, agency: Agency | str | None = None) -> bool:
    return calendar_for(agency).is_working_day(date.fromisoformat(day))


@pytest.fixture
def holidays(db):
    return {year: actions.load_holidays(year, by=SETUP) for year in (2025, 2026)}


def test_the_days_off_of_2026(holidays):
    days = CalendarDay.objects.filter(date__year=2026).order_by("date")
    assert [(day.date.isoformat()[5:], day.works, day.name_vi) for day in days] == [
        ("01-01", False, "Tết Dương lịch"),
        ("02-16", False, "Giao thừa Tết Nguyên Đán"),
        ("02-17", False, "Tết Nguyên Đán"),
        ("02-18", False, "Mùng hai Tết Nguyên Đán"),
        ("02-19", False, "Mùng ba Tết Nguyên Đán"),
        ("02-20", False, "Mùng bốn Tết Nguyên Đán"),
        ("04-26", False, "Ngày Giỗ Tổ Hùng Vương"),
        ("04-27", False, "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"),
        ("04-30", False, "Ngày Chiến thắng"),
        ("05-01", False, "Ngày Quốc tế Lao động"),
        ("08-22", True, "Làm bù cho ngày nghỉ 31/08/2026"),
        ("08-31", False, "Ngày nghỉ (thay cho ngày 22/08/2026)"),
        ("09-01", False, "Quốc khánh"),
        ("09-02", False, "Quốc khánh"),
        ("11-24", False, "Ngày Văn hóa Việt Nam"),
    ]


def test_a_bridge_day_names_the_saturday_worked_for_it():
    assert instead_of("Ngày nghỉ (thay cho ngày 26/04/2025)") == date(2025, 4, 26)
    assert instead_of("Quốc khánh") is None


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        ("2025-04-26", True),
        ("2025-05-02", False),
        ("2026-08-22", True),
        ("2026-08-31", False),
        ("2026-08-29", False),
    ],
)
def test_swapped_days(holidays, day, is_worked):
    assert works(day) is is_worked


def test_holidays_are_loaded_once(holidays):
    assert holidays == {2025: 14, 2026: 15}
    assert actions.load_holidays(2026, by=SETUP) == 0
    entries = Entry.objects.of("organisations.HolidaysLoaded").order_by("id")
    assert [(entry.about, entry.facts) for entry in entries] == [
        ("calendar:2025", {"year": 2025, "days": 14}),
        ("calendar:2026", {"year": 2026, "days": 15}),
    ]


def test_a_clock_runs_over_the_real_tet(holidays):
    start = datetime(2026, 2, 13, 16, tzinfo=VIETNAM)
    assert calendar_for().add(start, 2) == datetime(2026, 2, 23, 8, 30, tzinfo=VIETNAM)


def test_an_administrator_changes_a_day_and_loading_keeps_it(holidays, agencies):
    by = administrator("G22")
    actions.set_day(CalendarDay(date=date(2026, 11, 24), works=True, name_vi="Làm việc"), by=by)
    assert works("2026-11-24")
    actions.load_holidays(2026, by=SETUP)
    assert works("2026-11-24")
    entry = Entry.objects.of("organisations.DaySet").get()
    assert (entry.about, entry.facts) == (
        "day:2026-11-24",
        {"date": "2026-11-24", "agency": "", "works": True, "name": "Làm việc"},
    )


def test_setting_a_day_twice_leaves_one_decision(db):
    for is_worked in (True, False):
        actions.set_day(CalendarDay(date=date(2026, 11, 21), works=is_worked, name_vi="Thử"), by=SETUP)
    assert list(CalendarDay.objects.values_list("works", flat=True)) == [False]


def test_a_decision_of_an_agency_goes_before_those_above_it(units, laocai):
    """A storm: the province stops work, one commune does not."""
    actions.found_communes(laocai, by=SETUP)
    batxat = Agency.objects.get(code="H38.02683")
    day = date(2026, 11, 20)
    actions.set_day(CalendarDay(date=day, agency=laocai, works=False, name_vi="Bão"), by=administrator("H38"))
    actions.set_day(
        CalendarDay(date=day, agency=batxat, works=True, name_vi="Trực bão"), by=administrator("H38")
    )
    assert works("2026-11-20", None)
    assert not works("2026-11-20", laocai)
    assert works("2026-11-20", batxat)
    assert not works("2026-11-20", "H38.02647")
    assert works("2026-11-20", "G15")


def test_a_cleared_day_is_ordinary_again(laocai):
    day = actions.set_day(
        CalendarDay(date=date(2026, 11, 20), agency=laocai, works=False, name_vi="Bão"), by=SETUP
    )
    assert not works("2026-11-20", "H38")
    actions.clear_day(day, by=administrator("H38"))
    assert works("2026-11-20", "H38")
    entry = Entry.objects.of("organisations.DayCleared").get()
    assert (entry.about, entry.facts) == (
        "day:2026-11-20@H38",
        {"date": "2026-11-20", "agency": "H38"},
    )


@pytest.mark.parametrize("code", ["H38", "G15"])
def test_the_days_of_all_are_set_by_the_national_agency(agencies, code):
    with pytest.raises(Refused):
        actions.set_day(
            CalendarDay(date=date(2026, 11, 20), works=False, name_vi="x"), by=administrator(code)
        )


def test_a_known_calendar_costs_one_query(holidays):
    calendar_for("H38")
    with CaptureQueriesContext(connection) as queries:
        calendar_for("H38")
    assert len(queries) == 1
