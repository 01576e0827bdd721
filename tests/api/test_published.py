"""What is published anyway, for machines: how far a procedure is online, what is overdue, ratings, the report of a quarter."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from motcua.api.scopes import Scope
from motcua.tracking import actions as tracking
from motcua.tracking.models import Tracked
from tests import given
from tests.tracking.conftest import told


@pytest.fixture
def reader(machine):
    return machine(Scope.CATALOGUE, Scope.TRACKING, Scope.INDICATORS)


def test_a_procedure_says_how_far_it_is_online_and_why_no_further(reader):
    version = given.procedure(given.COPY)
    shown = reader.get(f"/procedures/{given.COPY}").json()
    judgement = version.judgement
    assert shown["readiness"]["verdict"] == judgement.verdict
    assert [(one["code"], one["weight"]) for one in shown["readiness"]["hindrances"]] == [
        (str(one.hindrance), str(one.weight)) for one in judgement.reasons
    ]
    page = Browser().get(f"/procedures/{given.COPY}/", headers={"accept-language": "vi"}).content.decode()
    assert (shown["online_level"]["name"] in page, shown["online_level"]["basis"] in page) == (True, True)


def late(agency, place):
    at = timezone.now() - timedelta(days=9 - place)
    code = f"{agency}-261001-{place:04}"
    return told(2, dossier=uuid.uuid4(), agency=agency, code=code, due_at=at)


def test_what_is_overdue_is_listed_page_by_page_the_longest_first(reader):
    tracking.take_states([late("H38.02683", 1), late("H38.02683", 0), late("G22", 2)], by=given.SYSTEM)
    first = reader.get("/overdue?limit=2").json()
    assert [one["code"][-1] for one in first["items"]] == ["0", "1"]
    rest = reader.get(f"/overdue?{first['next'].partition('?')[2]}").json()
    assert ([one["agency"] for one in rest["items"]], rest["next"]) == (["G22"], None)
    assert {one["agency"] for one in reader.get("/overdue?under=H38").json()["items"]} == {"H38.02683"}
    assert set(first["items"][0]) == {"code", "procedure", "agency", "due_at"}
    assert Tracked.objects.count() == 3


def test_the_report_has_the_numbers_of_the_page(reader):
    tracking.take_states([late("H38.02683", 1), late("G22", 2)], by=given.SYSTEM)
    for by in ("agency", "procedure"):
        report = reader.get(f"/indicators/report?by={by}").json()
        table = Browser().get("/numbers/report.csv", {"by": by}).content.decode("utf-8-sig").splitlines()
        assert len(report["lines"]) > 0
        names = table[0].split(",")
        for line, row in zip(report["lines"], table[1:], strict=False):
            told_there = dict(zip(names, row.split(","), strict=True))
            assert {name: str(line[name]) for name in report["total"]} == {
                name: told_there[name] for name in report["total"]
            }
