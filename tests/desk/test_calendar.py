"""Working days and hours as the administrator changes them: seen before, made once, told after."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.dossiers.models import Dossier
from motcua.journal.models import Entry
from motcua.organisations.models import CalendarDay, OfficeHours, calendar_for
from tests import given
from tests.post import settle

WEEK = {f"day{place}": "07:30-11:30, 13:00-17:00" if place < 5 else "" for place in range(7)}


def typed(day, **about):
    return {
        "agency": given.SA_PA, "on_day": day.day, "on_month": day.month, "on_year": day.year,
        "since_day": day.day, "since_month": day.month, "since_year": day.year, "name": "Mất điện", "works": "off",
    } | about  # fmt: skip


@pytest.fixture
def received(arrived):
    from motcua.dossiers import actions

    def received(count=1):
        made = arrived(count)
        for dossier in made:
            actions.accept(dossier, by=given.officer("receiver"))
        settle()
        return made

    return received


def due_day(dossier):
    return timezone.localdate(Dossier.objects.get(pk=dossier.pk).due_at)


def test_a_day_off_is_weighed_before_it_is_decided(visitor, received):
    (dossier,) = received()
    admin, day = visitor("thong"), due_day(dossier)
    page = admin.post("/desk/calendar/day/", typed(day)).content.decode()
    assert page.count("Có 1 hồ sơ đang giải quyết phải dời ngày hẹn trả.") == 1
    assert re.findall(r'<span class="code">([^<]+)</span>', page) == [dossier.code]
    assert (CalendarDay.objects.filter(agency=given.SA_PA).count(), due_day(dossier)) == (0, day)
    assert admin.post("/desk/calendar/day/", typed(day, confirm="1"))["Location"] == "/desk/calendar/"
    settle()
    assert due_day(dossier) == calendar_for(given.SA_PA).next_working_day(day)
    assert Entry.objects.of("dossiers.DueDateMoved").get().about == dossier.urn


def test_the_day_can_be_taken_back(visitor, received):
    (dossier,) = received()
    admin, day = visitor("thong"), due_day(dossier)
    admin.post("/desk/calendar/day/", typed(day, confirm="1"))
    settle()
    held = CalendarDay.objects.get(agency=given.SA_PA)
    assert admin.get("/desk/calendar/").content.decode().count(f"/desk/calendar/days/{held.pk}/clear/") == 1
    admin.post(f"/desk/calendar/days/{held.pk}/clear/", {"confirm": "1"})
    settle()
    assert due_day(dossier) == day


def test_saturday_mornings_from_a_day_on(visitor, received):
    received()
    day = timezone.localdate() + timedelta(days=1)
    admin, said = visitor("thong"), typed(day, **WEEK) | {"day5": "7:30-11:30"}
    assert admin.post("/desk/calendar/hours/", said).status_code == 200
    assert not OfficeHours.objects.exists()
    admin.post("/desk/calendar/hours/", said | {"confirm": "1"})
    hours = OfficeHours.objects.get()
    assert (hours.since, hours.week[5], hours.week[6]) == (day, "07:30-11:30", "")
    assert admin.get("/desk/calendar/").content.decode().count("07:30-11:30</span>") == 1


@pytest.mark.parametrize(
    "change", [{"day0": "sáng"}, {"day0": "17:00-07:30"}, {f"day{n}": "" for n in range(7)}]
)
def test_hours_that_do_not_hold_change_nothing_and_say_how_to_write_them(visitor, change, db):
    given.country()
    answer = visitor("thong").post(
        "/desk/calendar/hours/", typed(timezone.localdate(), **WEEK) | change | {"confirm": "1"}
    )
    assert (answer.status_code, OfficeHours.objects.count()) == (422, 0)
    assert "Viết giờ mỗi ngày như 07:30-11:30, 13:00-17:00" in answer.content.decode()


def test_a_day_that_has_passed_is_not_decided_about(visitor):
    answer = visitor("thong").post(
        "/desk/calendar/day/", typed(timezone.localdate() - timedelta(days=1), confirm="1")
    )
    assert (answer.status_code, CalendarDay.objects.count()) == (422, 0)


@pytest.mark.parametrize("address", ["day/", "hours/", "days/1/clear/"])
@pytest.mark.parametrize(
    ("key", "status"), [("", 302), ("may", 403), ("suong", 403), ("lam", 403), ("lua", 403)]
)
def test_only_administrators_decide(visitor, address, key, status):
    answer = visitor(key).post(f"/desk/calendar/{address}", typed(timezone.localdate(), confirm="1"))
    assert (answer.status_code, CalendarDay.objects.filter(agency__isnull=False).count()) == (status, 0)


def test_nobody_decides_for_another_agency(visitor):
    given.country()
    answer = visitor("thong").post(
        "/desk/calendar/day/", typed(timezone.localdate(), agency=given.BAC_HA, confirm="1")
    )
    assert (answer.status_code, CalendarDay.objects.filter(agency__isnull=False).count()) == (422, 0)


def test_weighing_asks_as_much_for_one_dossier_as_for_thirty(visitor, received):
    admin = visitor("thong")
    (first,) = received()
    day = due_day(first)

    def asked():
        admin.post("/desk/calendar/day/", typed(day))
        with CaptureQueriesContext(connection) as queries:
            admin.post("/desk/calendar/day/", typed(day))
        return len(queries)

    few = asked()
    received(20)
    assert asked() == few <= 12


def test_hours_that_have_not_begun_are_taken_back_and_others_are_not(visitor, received):
    (dossier,) = received()
    admin, day = visitor("thong"), due_day(dossier)
    admin.post("/desk/calendar/hours/", typed(day, confirm="1") | WEEK | {"day0": "08:00-12:00"})
    own = OfficeHours.objects.get()
    address = f"/desk/calendar/hours/{own.pk}/clear/"
    assert address in admin.get("/desk/calendar/").content.decode()
    assert "không đổi vào" in admin.post(address).content.decode()
    assert OfficeHours.objects.count() == 1
    assert visitor("lam").post(address).status_code == 403
    assert admin.post(address, {"confirm": "1"}).status_code == 302
    assert not OfficeHours.objects.exists()
    OfficeHours.objects.create(
        agency=given.agency(), since=timezone.localdate() - timedelta(days=1), week=own.week
    )
    assert admin.post(f"/desk/calendar/hours/{OfficeHours.objects.get().pk}/clear/").status_code == 404


def test_only_the_nations_administrator_decides_for_the_whole_country(visitor, received):
    (dossier,) = received()
    day = due_day(dossier)
    assert visitor("thong").post("/desk/calendar/day/", typed(day, agency="")).status_code == 422
    nation = visitor("soan")
    page = nation.post("/desk/calendar/day/", typed(day, agency="")).content.decode()
    assert "cả nước" in page
    nation.post("/desk/calendar/day/", typed(day, agency="", confirm="1"))
    decided = CalendarDay.objects.get(date=day, agency=None)
    assert visitor("thong").post(f"/desk/calendar/days/{decided.pk}/clear/").status_code == 404
    nation.post(f"/desk/calendar/days/{decided.pk}/clear/", {"confirm": "1"})
    assert not CalendarDay.objects.filter(pk=decided.pk).exists()
