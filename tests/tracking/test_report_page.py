"""The report of a quarter: every number of form II.06a from the running counts, by agency, field and procedure."""

import csv
import io
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.lib.actors import Actor
from motcua.tracking.actions import take_states
from motcua.tracking.models import AgencyQuarter, ProcedureQuarter
from motcua.tracking.report import Line, Period, Sums, by_agency, by_procedure, quarters, total
from tests import given
from tests.lists.rows import NUMBERS
from tests.tracking.conftest import told

pytestmark = pytest.mark.django_db
Q3 = Period.read("2026-3")
JULY, AUGUST = datetime(2026, 7, 10, 3, tzinfo=UTC), datetime(2026, 8, 10, 3, tzinfo=UTC)
MAY = datetime(2026, 5, 10, 3, tzinfo=UTC)


def known(state, received, at=None, *, due=None, **changes):
    """A dossier that was received and stands in a state since a moment."""
    dossier = uuid.uuid4()
    due_at = due or received + timedelta(days=100)
    about = {"dossier": dossier, "code": f"H38-260710-{next(NUMBERS):04}", "due_at": due_at} | changes
    states = [told(2, at=received, **about)]
    states += [told(state, at=at or received + timedelta(hours=1), **about)] if state != 2 else []
    take_states(states, by=Actor.system("tests"))


@pytest.fixture
def told_of():
    """A third quarter with something in every column, and what was left from the second."""
    known(9, JULY)
    known(10, JULY, AUGUST, due=AUGUST)
    known(7, JULY, channel=1)
    known(9, JULY, AUGUST, due=JULY, on_time=False, channel=3)
    known(4, JULY, due=AUGUST, agency="H38.03100")
    known(5, JULY, due=AUGUST)
    known(4, MAY, due=MAY + timedelta(days=3), agency="G15", procedure="1.004222")
    known(9, MAY, AUGUST, agency="G15", procedure="1.004222")
    known(9, MAY, agency="G15")
    known(2, datetime(2026, 10, 2, 3, tzinfo=UTC))


def test_every_column_of_the_form_is_counted(told_of):
    assert by_agency(Q3, "") == [
        Line("G15", "G15", Sums(before=2, early=1, overdue=1)),
        Line("H38", "H38", Sums(online=4, direct=2, early=1, on_day=2, late=1, overdue=1)),
    ]
    sums = total(by_agency(Q3, ""))
    assert (sums.received, sums.finished, sums.pending, sums.in_time, sums.overdue) == (8, 5, 3, 1, 2)


def test_a_province_is_taken_apart_into_its_agencies(told_of):
    found = by_agency(Q3, "H38")
    assert [(line.code, line.sums.received) for line in found] == [("H38.02683", 5), ("H38.03100", 1)]
    assert total(found) == by_agency(Q3, "")[1].sums


def test_fields_and_procedures_come_to_the_same_sums(told_of):
    given.procedure()
    found = by_procedure(Q3, "")
    assert [(field, [line.code for line in lines]) for field, lines in found.items()] == [
        ("Hộ tịch", ["2.000986"]),
        ("", ["1.004222"]),
    ]
    assert total(line for lines in found.values() for line in lines) == total(by_agency(Q3, ""))
    assert by_procedure(Q3, "G15") == {"": [Line("1.004222", "1.004222", Sums(before=2, early=1, overdue=1))]}


def test_what_is_late_in_the_running_quarter_is_what_is_late_now():
    now = timezone.now()
    soon = min(now + timedelta(hours=1), now + timedelta(days=1))
    known(4, now - timedelta(minutes=9), due=soon)
    known(4, now - timedelta(minutes=9), due=now - timedelta(minutes=1))
    take_states(
        [told(1, at=now, dossier=uuid.uuid4(), due_at=now - timedelta(minutes=1))], by=Actor.system("tests")
    )
    [line] = by_agency(Period.of(timezone.localdate()), "")
    assert (line.sums.pending, line.sums.overdue, line.sums.in_time) == (2, 1, 1)
    assert [line.sums for [line] in by_procedure(Period.of(timezone.localdate()), "H38").values()] == [
        line.sums
    ]


def test_quarters_are_chosen_from_the_first_that_was_counted(told_of):
    found = quarters()
    assert (found[0], found[-1]) == (Period.of(timezone.localdate()), Period.read("2026-2"))
    assert (Q3.number, Q3.year, Q3.quarter, str(Q3)) == (67, 2026, 3, "2026-3")


@pytest.mark.parametrize(
    "typed", ["", "x", "2026-5", "2026", "1-1", "0000-1", "2009-4", "9999-4", "٢٠٢٦-1", "2026-²"]
)
def test_a_quarter_that_makes_no_sense_is_the_running_one(typed):
    assert Period.read(typed) == Period.of(timezone.localdate())


def test_the_page_says_it_in_words_and_leads_on(told_of, client):
    given.country()
    given.procedure()
    page = client.get("/numbers/report/?quarter=2026-3").content.decode()
    assert page.count("Quý 3/2026: đã giải quyết 5 trên 8 hồ sơ") == 1
    assert page.count("1 hồ sơ giải quyết quá hạn, 2 hồ sơ đang giải quyết đã quá hạn.") == 1
    assert page.count('<a href="/numbers/report/?quarter=2026-3&amp;under=H38">') == 1
    assert (
        page.count(
            '<a href="/numbers/report/?quarter=2026-3&amp;field=H%E1%BB%99+t%E1%BB%8Bch#fields">Hộ tịch</a>'
        )
        == 1
    )
    known(2, JULY, agency=given.SA_PA)
    below = client.get("/numbers/report/?quarter=2026-3&under=H38").content.decode()
    assert below.count("Ủy ban nhân dân phường Sa Pa</th>") == 1
    field = client.get("/numbers/report/?quarter=2026-3&field=").content.decode()
    assert (field.count("<h2>Chưa rõ lĩnh vực</h2>"), field.count('<th scope="row">1.004222</th>')) == (1, 1)


def test_a_place_nobody_knows_has_no_report(client):
    assert client.get("/numbers/report/?under=H99").status_code == 404


def test_a_quarter_without_dossiers_says_so(client):
    page = client.get("/numbers/report/?quarter=2026-1&field=x").content.decode()
    assert page.count("Quý 1/2026: không có hồ sơ nào được tiếp nhận hay giải quyết") == 1
    assert page.count("<table") == 0


def test_the_tables_come_as_csv(told_of, client):
    answer = client.get("/numbers/report.csv?quarter=2026-3")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))
    assert answer["Content-Disposition"] == 'attachment; filename="report_2026-3_country.csv"'
    assert rows[0] == {
        "quarter": "2026-3", "agency": "G15", "name": "G15", "received": "2", "online": "0", "direct": "0", "before": "2",
        "finished": "1", "early": "1", "on_day": "0", "late": "0", "pending": "1", "in_time": "0", "overdue": "1",
    }  # fmt: skip
    answer = client.get("/numbers/report.csv?quarter=2026-3&under=G15&by=procedure")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))
    assert [(row["procedure"], row["received"]) for row in rows] == [("1.004222", "2")]


def test_the_numbers_of_the_country_lead_to_the_report(client):
    assert client.get("/numbers/").content.decode().count('href="/numbers/report/"') == 1


@pytest.mark.parametrize("quarter", ["", "2026-3"])
def test_many_places_cost_as_many_queries_as_one(client, quarter):
    def asked(many):
        nothing = {
            "received": 3,
            "early": 1,
            "on_day": 0,
            "late": 0,
            "undone": 0,
            "over": 1,
            "channel": 2,
            "quarter": 67,
        }
        for _n in range(many):
            place = next(NUMBERS)
            AgencyQuarter.objects.create(agency=f"H{place:05}.1", **nothing)
            ProcedureQuarter.objects.create(authority=f"H{place:05}", procedure=f"9.{place:06}", **nothing)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/numbers/report/?quarter={quarter}").content.decode()
        assert page.count("<tr>") > many
        return len(queries)

    few, many = asked(1), asked(100)
    assert few == many <= 9
