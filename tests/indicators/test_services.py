"""Lists of services to bring online with their progress; services nobody uses and promises that are not kept."""

import csv
import datetime as dt
import io

import pytest
from django.utils import timezone

from motcua.indicators.listed import Stage, progress, stage_of
from motcua.indicators.models import Count, Standing
from motcua.indicators.unused import Why
from motcua.lib.actors import Actor
from motcua.procedures.actions import publish, take_over
from motcua.procedures.loading import load
from motcua.procedures.models import Version
from motcua.procedures.service_lists import ServiceList, service_list
from tests import given
from tests.procedures.samples import MINIMAL, portal, written

VIETNAMESE = {"accept-language": "vi"}
TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("is_done", "is_known", "due_on", "stage"),
    [
        (True, True, TODAY - dt.timedelta(1), Stage.DONE),
        (False, False, TODAY - dt.timedelta(1), Stage.UNKNOWN),
        (False, True, TODAY - dt.timedelta(1), Stage.LATE),
        (False, True, TODAY, Stage.OPEN),
        (False, True, None, Stage.OPEN),
    ],
)
def test_only_what_is_known_here_can_be_late(is_done, is_known, due_on, stage):
    assert stage_of(is_done=is_done, is_known=is_known, due_on=due_on, today=TODAY) is stage


@pytest.fixture
def catalogue(db):
    for code in ("1.000656", "1.000894", "1.004194", "3.000347"):
        given.procedure(code)
    Standing.objects.create(agency="H38.02683", procedure="1.000656", channel=1, state=9, number=2)
    Standing.objects.create(agency="H38.02683", procedure="1.000656", channel=2, state=10, number=5)


def test_a_service_is_online_when_each_of_its_procedures_is(catalogue, django_assert_num_queries):
    with django_assert_num_queries(3):
        (found,) = progress([service_list("scheme06")])
    by_number = {one.service.number: one for one in found.services}
    death, licence = by_number[13], by_number[20]
    assert (death.stage, death.filed, death.filed_online) == (Stage.DONE, 7, 5)
    assert death.since == Version.objects.coded("1.000656").get().effective_from
    assert (licence.stage, licence.missing, licence.since) == (Stage.UNKNOWN, ("3.000348",), None)
    assert (found.done, found.share) == (3, 12.0)


def test_what_cannot_be_filed_online_is_late_after_its_day(tmp_path, db):
    publish(load(written(tmp_path, MINIMAL.replace("channels: [online]", "channels: [direct]"))), by=SYSTEM)
    plan = {
        "id": "one",
        "decision": "1/QĐ-TTg",
        "name": {"vi": "Một"},
        "total": 1,
        "due_on": "2026-08-01",
        "services": [{"number": 1, "name": {"vi": "Thử"}, "agency": "Bộ Thử", "codes": ["9.000001"]}],
    }
    (found,) = progress([ServiceList.model_validate(plan, strict=False)])
    assert (found.services[0].stage, found.services[0].level.id, found.share) == (
        Stage.LATE,
        "information",
        0.0,
    )


SYSTEM = Actor.system("tests")


def test_the_lists_are_told_to_everyone(catalogue, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        index = client.get("/numbers/lists/", headers=VIETNAMESE).content.decode()
    assert index.count("12,0%") == 1
    page = client.get("/numbers/lists/scheme06/", headers=VIETNAMESE).content.decode()
    assert page.count("Danh mục ở đây chưa có 3.000348") == 1
    told = client.get("/numbers/lists/y2016/", headers=VIETNAMESE).content.decode()
    assert told.count("63 trên 82, đạt 76,8%") == 1
    assert client.get("/numbers/lists/none/").status_code == 404
    answer = client.get("/numbers/lists/scheme06/table.csv").content.decode().lstrip("\ufeff")
    lines = list(csv.DictReader(io.StringIO(answer)))
    assert (lines[12]["state"], lines[12]["dossiers"], lines[12]["procedures"]) == ("done", "7", "1.000656")
    assert len(lines) == 25


def filed(code, days_ago):
    day = timezone.localdate() - dt.timedelta(days=days_ago)
    Count.objects.create(day=day, agency="H38", procedure=code, channel=2, kind="filed", number=1)


@pytest.fixture
def used(db, settings):
    """One used, one used long ago, one too young to be called unused; of these one promises too much."""
    settings.NODE = settings.NODE.model_copy(update={"bank_account": "970499 0000000000019 KHO BAC THU"})
    long_ago = timezone.localdate() - dt.timedelta(days=500)
    for code in ("1.000656", "1.004873", "1.010038"):
        given.procedure(code)
    Version.objects.exclude(procedure__code="1.010038").update(effective_from=long_ago)
    Version.objects.filter(procedure__code="1.010038").update(effective_from=timezone.localdate())
    filed("1.000656", 100)
    filed("1.004873", 400)


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("", ["1.004873"]),
        ("?days=90&why=unused", ["1.000656", "1.004873"]),
        ("?why=impractical", ["1.004873"]),
        ("?days=x&why=y", ["1.004873"]),
        ("?after=1.004873", []),
    ],
)
def test_the_unused_and_the_impractical_are_public(used, client, asked, listed):
    page = client.get(f"/numbers/unused/{asked}", headers=VIETNAMESE)
    assert [row["code"] for row in page.context["rows"]] == listed


def test_each_is_listed_with_its_reason(used, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        page = client.get("/numbers/unused/", headers=VIETNAMESE)
    (row,) = page.context["rows"]
    assert (row["is_unused"], row["is_impractical"], row["months"]) == (True, True, 13)
    assert row["reasons"] == "mức phí chưa là con số"
    assert page.context["tally"] == {
        "whole": 3,
        "unused": 1,
        "impractical": 1,
        "counter": 0,
        "late": 0,
        "long": 0,
    }
    assert [pill.count for pill in page.context["pills"]][1:] == [1, 1, 0, 0, 0]
    assert Why("unused") is Why.UNUSED


def test_what_may_take_long_against_its_peers_is_said(used, client):
    """The middle one of a field may take 6 days; 12 are not long beside that, 13 are; a field of four has no middle."""
    mine = Version.objects.get(procedure__code="1.000656")
    take_over([portal(f"9.00001{n}", f"Thủ tục {n}") for n in range(4)], by=SYSTEM)
    Version.objects.update(term_days=6, field_vi=mine.field_vi)
    Version.objects.filter(procedure__code="1.004873").update(term_days=40, field_vi="Khác")
    found = []
    for days in (12, 13):
        Version.objects.filter(pk=mine.pk).update(term_days=days)
        page = client.get("/numbers/unused/?why=long", headers=VIETNAMESE)
        found.append([(row["code"], row["is_long"]) for row in page.context["rows"]])
    assert found == [[], [("1.000656", True)]]
    assert page.content.decode().count("một nửa số thủ tục cùng lĩnh vực chỉ cần không quá 6 ngày.") == 1
    Version.objects.filter(procedure__code="9.000010").update(term_days=None)
    given.sign_in(client, "so")
    assert "Thời hạn 13" in client.get("/desk/readiness/1.000656/", headers=VIETNAMESE).content.decode()
    Version.objects.filter(procedure__code__in=["9.000011", "1.010038"]).update(term_days=None)
    assert client.get("/numbers/unused/?why=long").context["rows"] == []


def counted(code, kind, number, channel=1):
    Count.objects.create(
        day=timezone.localdate(), agency="H38", procedure=code, channel=channel, kind=kind, number=number
    )


def test_what_is_brought_to_the_counter_and_what_is_late_against_its_peers_is_said(used, client, settings):
    """Two of one field: one is mostly brought to the counter and often late, the other is not."""
    for code, online, late in (("1.000656", 3, 12), ("1.004873", 40, 2)):
        counted(code, "filed", 27)
        counted(code, "filed", online, channel=2)
        counted(code, "finished", 30)
        counted(code, "overdue", late)
    page = client.get("/numbers/unused/?why=counter", headers=VIETNAMESE)
    assert [(row["code"], row["is_late"]) for row in page.context["rows"]] == [("1.000656", True)]
    assert "chỉ 4 trên 31 hồ sơ" in page.content.decode()
    assert page.context["tally"]["late"] == 1
    given.sign_in(client, "so")
    verdict = client.get("/desk/readiness/1.000656/", headers=VIETNAMESE).content.decode()
    assert ("40% so với 7%" in verdict, "chỉ 4 trên 31" in verdict) == (True, True)
    quiet = client.get("/desk/readiness/1.004873/", headers=VIETNAMESE).content.decode()
    assert ("Thực tế sử dụng" in quiet, "chỉ 40" in quiet) == (True, False)
