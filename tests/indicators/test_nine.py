"""The nine indicators of circular 01/2018/TT-VPCP, at the edges of their thresholds and counted from dossiers."""

import hashlib
import re
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from motcua.desk.views.indicators import on_paper
from motcua.dossiers.models import Dossier, Step
from motcua.indicators import actions, circular
from motcua.indicators.circular import AGENCY_CLASSES, STAFF_CLASSES, Score, classed, mean, total
from motcua.indicators.models import Declaration
from motcua.indicators.nine import Period, assessment, lately, sample
from motcua.lib.actions import Invalid, Refused
from motcua.petitions.models import Received
from tests import given
from tests.desk.conftest import accepted, arrived  # noqa: F401 — dossiers on the desks of Sa Pa
from tests.documents.reading import text

# What each is worth


@pytest.mark.parametrize(("pace", "points"), [("early", 2), ("on_day", 1), ("late", 0)])
def test_time_shorter_equal_longer(pace, points):
    assert circular.of_time(pace) == points


@pytest.mark.parametrize(("count", "points"), [(0, 2), (1, 1), (2, 0), (9, 0)])
def test_contacts_and_agencies(count, points):
    assert circular.of_contacts(count) == points


@pytest.mark.parametrize(
    ("share", "needed", "desk", "points"),
    [(20, 20, False, 2), (19.9, 20, True, 1), (19.9, 20, False, 0), (100, 100, True, 2), (99, 100, True, 1)],
)
def test_the_one_stop_desk(share, needed, desk, points):
    assert circular.of_one_stop(decided_on_the_spot=share, needed=needed, all_at_the_desk=desk) == points


@pytest.mark.parametrize(
    ("board", "electronic", "points"),
    [(True, True, 2), (True, False, 1), (False, True, 1), (False, False, 0)],
)
def test_publicity(board, electronic, points):
    assert circular.of_publicity(notice_board=board, electronic=electronic) == points


@pytest.mark.parametrize(
    ("pace", "complained", "points"),
    [("early", False, 2), ("on_day", False, 1), ("early", True, 0), ("late", False, 0)],
)
def test_attitude(pace, complained, points):
    assert circular.of_attitude(pace, complained=complained) == points


@pytest.mark.parametrize(
    ("received", "on_time", "dragging", "points"),
    [(0, 0, False, 2), (10, 10, True, 2), (10, 9, False, 1), (10, 9, True, 0), (100, 89, False, 0)],
)
def test_petitions(received, on_time, dragging, points):
    assert circular.of_petitions(received=received, on_time=on_time, dragging=dragging) == points


@pytest.mark.parametrize(
    ("procedures", "dossiers", "overdue", "points"),
    [
        (20, 30, False, 2),
        (19.9, 30, False, 1),
        (20, 29.9, False, 1),
        (20, 15, False, 1),
        (20, 14.9, False, 0),
        (0, 90, False, 0),
        (90, 90, True, 0),
    ],
)
def test_online(procedures, dossiers, overdue, points):
    assert circular.of_online(procedures=procedures, dossiers=dossiers, overdue=overdue) == points


@pytest.mark.parametrize(
    ("points", "score"),
    [
        ([(2, 1), (1, 1), (1, 1)], "1.3"),
        ([(2, 1), (0, 19)], "0.1"),
        ([(1, 5), (0, 95)], "0.1"),
        ([(1, 4), (0, 96)], "0.0"),
    ],
)
def test_a_score_is_rounded_to_one_decimal_half_up(points, score):
    assert mean(1, points).points == Decimal(score)


def test_an_indicator_without_data_is_left_out():
    assert mean(1, []).points is None
    assert total([Score(1, Decimal("1.5")), Score(2, None), Score(3, Decimal("0.2"))]) == Decimal("1.7")


@pytest.mark.parametrize(
    ("points", "words"),
    [("18", "Excellent"), ("15", "Excellent"), ("14.9", "Good"), ("12", "Good"), ("11.9", "Fair"), ("9", "Fair"),
     ("8.9", "Average"), ("6", "Average"), ("5.9", "Weak"), ("0", "Weak")],
)  # fmt: skip
def test_the_classes_of_agencies(points, words):
    with override("en"):
        assert classed(Decimal(points), AGENCY_CLASSES) == words


@pytest.mark.parametrize(
    ("points", "words"),
    [("5", "Tasks done in full, 100%"), ("4.9", "Tasks done to 70% or more, below 100%"),
     ("3.5", "Tasks done to 70% or more, below 100%"), ("3.4", "Tasks done below 70%")],
)  # fmt: skip
def test_the_classes_of_officers(points, words):
    with override("en"):
        assert classed(Decimal(points), STAFF_CLASSES) == words


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2025-4", date(2025, 10, 1), date(2025, 12, 31)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("x", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-5", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_a_quarter_or_a_year(text, first, last):
    period = Period.read(text, date(2026, 11, 20))
    assert (period.first, period.last) == (first, last)


# Counted from dossiers


@pytest.fixture
def ended(accepted):  # noqa: F811
    """Dossiers that got their result now, so many days before (or, below zero, after) the day promised."""

    def ended(*days):
        now = timezone.now()
        made = accepted(*[1] * len(days))
        for dossier, early in zip(made, days, strict=True):
            Dossier.objects.filter(pk=dossier.pk).update(
                state=10, ended_at=now, due_at=now + timedelta(days=early)
            )
            Step.objects.filter(dossier=dossier).update(due_at=None)
            dossier.steps.filter(key="receive").update(ended_at=now, due_at=now + timedelta(days=early))
        return made

    return ended


def period():
    return Period.read("", timezone.localdate())


def scores(sheet):
    return {score.number: str(score.points) for score in sheet.scores if score.points is not None}


def test_the_agency_and_the_officer_who_did_a_step(ended):
    ended(5, 0, -5)
    found = assessment(given.agency(), period())
    assert (found.sheet.counted, scores(found.sheet)) == (
        3,
        {1: "1.0", 2: "1.0", 3: "2.0", 4: "2.0", 5: "1", 7: "1.0", 8: "2", 9: "0"},
    )
    # Indicator 6 has not been declared: no class is reached or missed for want of data.
    assert (found.sheet.most, found.sheet.classed) == (16, "")
    (officer,) = found.officers
    assert (officer.name, str(officer.total), scores(officer)) == (
        "Phạm Thu Sương",
        "7.0",
        {1: "1.0", 2: "1.0", 3: "2.0", 4: "2.0", 7: "1.0"},
    )


def test_the_paper_bears_the_digits_of_the_page(ended):
    ended(5, 0, -5)
    client = Client()
    given.sign_in(client, "lua")
    page = client.get("/desk/agency/indicators/").content.decode()
    paper = on_paper(assessment(given.agency(), period()))
    shown = re.findall(r'data-label="Điểm">(?:<b>)?(?:<span[^>]*>)?([^<]+)<', page)
    written = [line.points.replace("–", "chưa có số liệu, không tính") for line in paper.lines]
    assert shown == [*written, paper.total]
    [officer] = paper.officers
    assert all(f">{points}</td>" in page for points in (*officer.points, officer.total))
    printed = text(client.get("/desk/agency/indicators/sheet.pdf").content)
    for words in (paper.total, paper.classed, officer.name, paper.period):
        assert words.replace(" ", "") in printed


def test_what_the_head_declares_counts(ended):
    (dossier,) = ended(5)
    said = Declaration(
        agency=given.SA_PA, year=period().year, quarter=period().quarter, notice_board=True, electronic=True,
        petitions=10, petitions_on_time=9, complaints=[dossier.code],
    )  # fmt: skip
    with pytest.raises(Refused):
        actions.declare(said, by=given.officer("registrar"))
    actions.declare(said, by=given.officer("chair"))
    found = scores(assessment(given.agency(), period()).sheet)
    assert (found[6], found[7], found[8]) == ("2", "0.0", "1")


def test_the_page_tells_what_was_counted_lately_and_when_and_what_is_declared_at_once(ended):
    (dossier,) = ended(5)
    first = lately(given.agency(), period())
    Dossier.objects.filter(pk=dossier.pk).update(supplements_asked=1)
    with CaptureQueriesContext(connection) as asked:
        again = lately(given.agency(), period())
    assert (again.counted_at, scores(again.sheet)) == (first.counted_at, scores(first.sheet))
    assert not any("dossiers_dossier" in one["sql"] for one in asked)
    assert scores(assessment(given.agency(), period()).sheet)[3] == "1.0"
    said = Declaration(
        agency=given.SA_PA, year=period().year, quarter=period().quarter, notice_board=True, electronic=True,
        complaints=[dossier.code],
    )  # fmt: skip
    actions.declare(said, by=given.officer("chair"))
    declared = scores(lately(given.agency(), period()).sheet)
    assert (declared[6], declared[7]) == ("2", "0.0")
    client = Client()
    given.sign_in(client, "lua")
    assert "Số liệu tính lúc" in client.get("/desk/agency/indicators/").content.decode()


def received(kind, days, answered=None, **more):
    """A petition that came ten days ago, was due so many days from now, and answered (before or after that) or not."""
    now = timezone.now()
    due_at = now + timedelta(days=days)
    at = due_at + timedelta(days=answered) if answered is not None else None
    return Received.objects.create(
        pk=uuid4(), kind=kind, agency=given.SA_PA, origin="G22", asker_name="x", asker_number="0", text="x",
        arrived_at=now - timedelta(days=1), due_at=due_at, answered_at=at, state="answered" if at else "waiting", **more,
    )  # fmt: skip


def test_complaints_and_petitions_are_counted_from_what_came_here(ended):
    """Nobody declares them: 7 by the complaints found right, 8 by what was answered in time; what is not due yet waits."""
    right, wrong, _none = ended(5, 5, 5)
    agency = given.agency()

    def found():
        counted = scores(assessment(agency, period()).sheet)
        return counted[7], counted[8]

    received("question", 5)
    assert found() == ("2.0", "2")
    received("complaint", -1, -1, dossier=right.pk, upheld=True)
    received("complaint", -1, -1, dossier=wrong.pk, upheld=False)
    assert found() == ("1.3", "2")
    for _n in range(8):
        received("question", -1, -2)
    late = received("question", -2, 1)
    assert found() == ("1.3", "1")
    Received.objects.filter(pk=late.pk).update(state="waiting", answered_at=None)
    assert found() == ("1.3", "0")


def test_on_the_spot_is_at_once_or_on_the_day_it_was_received(ended):
    """Of a procedure mostly so; a commune is to decide all of them on the spot."""
    now = timezone.now()
    made = ended(5, 5, 5)
    assert scores(assessment(given.agency(), period()).sheet)[5] == "1"  # other agencies did steps of it
    Step.objects.update(agency=given.SA_PA)
    Dossier.objects.update(accepted_at=now - timedelta(days=2))
    found = []
    for dossier, change in zip(made, ({"is_at_once": True}, {"accepted_at": now}, {}), strict=True):
        Dossier.objects.filter(pk=dossier.pk).update(**change)
        found.append(scores(assessment(given.agency(), period()).sheet)[5])
    Dossier.objects.filter(pk=made[1].pk).update(accepted_at=now - timedelta(days=2))
    found.append(scores(assessment(given.agency(), period()).sheet)[5])
    assert found == ["1", "2", "2", "1"]


@pytest.mark.django_db
def test_more_petitions_in_time_than_received_are_not_declared():
    said = Declaration(agency=given.SA_PA, year=2026, quarter=1, petitions=1, petitions_on_time=2)
    with pytest.raises(Invalid):
        actions.declare(said, by=given.officer("chair"))


def test_counting_takes_as_many_queries_for_one_as_for_many(ended):
    agency = given.agency()

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assessment(agency, period())
        return len(queries)

    ended(1)
    few = asked()
    ended(*[1] * 15)
    assert asked() == few == 4


# Inspection


def test_the_same_words_draw_the_same_sample_and_anyone_can_check(ended):
    codes = [dossier.code for dossier in ended(*[1] * 12)]
    drawn = [one.code for one in sample(given.SA_PA, period(), seed="84213", size=10)]
    by_hand = sorted(codes, key=lambda code: hashlib.sha256(f"84213:{code}".encode()).hexdigest())[:10]
    assert drawn == by_hand
    assert drawn != [one.code for one in sample(given.SA_PA, period(), seed="84214", size=10)]


def test_the_page_the_table_and_the_sample(ended, client):
    (dossier,) = ended(5)
    given.sign_in(client, "lua")
    page = client.get("/desk/agency/indicators/").content.decode()
    assert page.count("chưa có số liệu, không tính") == 1
    lines = client.get("/desk/agency/indicators/table.csv").content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["who", "Ủy ban nhân dân phường Sa Pa", "Phạm Thu Sương"]
    shown = client.get("/desk/agency/indicators/sample/?seed=84213").content.decode()
    assert shown.count(f'<span class="code">{dossier.code}</span>') == 1


def test_the_head_declares_on_the_page(ended, client):
    ended(5)
    given.sign_in(client, "lua")
    typed = {"notice_board": "on", "petitions": "3", "petitions_on_time": "4"}
    assert client.post("/desk/agency/indicators/", typed).status_code == 422
    assert client.post("/desk/agency/indicators/", typed | {"petitions_on_time": "3"}).status_code == 302
    assert Declaration.objects.get().petitions == 3
