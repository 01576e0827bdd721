"""Plans of reorganisations at the desk: written, tried, approved by somebody else, and what came of them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from motcua.dossiers.models import Dossier
from motcua.organisations.heirs import Heir
from motcua.queues.models import Queue
from motcua.reorganisations import tasks
from motcua.reorganisations.models import Plan
from tests import given

FILE = """title: Nhập xã Tả Van vào phường Sa Pa
decision: Nghị quyết 12/NQ-HĐND
on: {on}
kind: merge
old:
  - code: H38.03037
    into: H38.03006
    posts: [{{roles: [chair], ends: true}}]
"""
NEW = "/desk/reorganisations/new/"


@pytest.fixture
def merger(arrived):
    """Two dossiers at Tả Van, one at Sa Pa, officers at both."""
    for key in ("lam", "lua", "pa", "dung", "xep", "chuan"):
        given.account(key)
    arrived(2, agency=given.TA_VAN)
    arrived()
    Queue.objects.create(agency=given.TA_VAN, letter="B", name_vi="Hộ tịch")
    return FILE.format(on=timezone.localdate().isoformat())


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_plan_is_written_tried_approved_by_another_and_carried_out(visitor, merger):
    writer, approver = visitor("xep"), visitor("chuan")
    assert "kind: merge" in writer.get(NEW).context["form"].initial["text"]
    answer = writer.post(NEW, {"text": merger})
    plan = Plan.objects.get()
    address = reverse("desk:reorganisation", args=[plan.pk])
    assert (answer.status_code, answer["Location"]) == (302, address)
    said = text(writer.get(address))
    for words in (
        "2 hồ sơ sẽ chuyển",
        "Chưa có gì thay đổi",
        "Giàng A Pả",
        "chức danh chấm dứt",
        "Các hàng chờ 1",
    ):
        assert words in said
    assert writer.post(f"{address}authorise/").status_code == 403
    picture = approver.get(address).context["picture"]
    assert [(box.code, box.words) for box in picture.before] == [
        (given.TA_VAN, ["2 hồ sơ", "3 cán bộ"]),
        (given.SA_PA, ["1 hồ sơ", "2 cán bộ"]),
    ]
    assert [(box.code, box.words) for box in picture.after] == [(given.SA_PA, ["3 hồ sơ", "4 cán bộ"])]
    assert approver.post(f"{address}authorise/").status_code == 302
    assert approver.get("/desk/reorganisations/").context["plans"][0].state == "approved"
    tasks.carry_out()
    assert "2 hồ sơ đã chuyển" in text(writer.get(address))
    assert Dossier.objects.filter(agency=given.SA_PA).count() == 3
    assert b"into: H38.03006" in writer.get(f"{address}file/").content
    told = text(visitor("lam").get(f"/desk/dossiers/{Dossier.objects.order_by('arrived_at').last().pk}/"))
    assert "Hồ sơ chuyển từ UBND xã Tả Van sang UBND phường Sa Pa" in told


def test_what_is_in_the_way_is_said_and_the_plan_cannot_be_approved(visitor, merger):
    given.account("thong")
    writer = visitor("xep")
    writer.post(NEW, {"text": merger.replace("    posts: [{roles: [chair], ends: true}]\n", "")})
    address = reverse("desk:reorganisation", args=[Plan.objects.get().pk])
    page = visitor("chuan").get(address)
    assert ("sẽ có 2 người đứng đầu" in text(page), b"/authorise/" in page.content) == (True, False)
    refused = visitor("chuan").post(f"{address}authorise/")
    assert (refused.status_code, Plan.objects.get().state) == (422, "draft")
    assert writer.post(f"{address}write/", {"text": merger}).status_code == 302
    assert visitor("chuan").post(f"{address}authorise/").status_code == 302
    assert writer.post(f"{address}reopen/", {"reason": ""}).status_code == 422
    assert writer.post(f"{address}reopen/", {"reason": "Sai ngày."}).status_code == 302
    assert writer.post(f"{address}abandon/").status_code == 302
    assert Plan.objects.get().state == "discarded"


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("kind: merge", "kind: join", "Dòng 4"),
        ("H38.03037", "G24", "không trực thuộc"),
        ("title: Nhập xã Tả Van vào phường Sa Pa\n", "", "Dòng 1"),
    ],
)
def test_a_fault_is_told_at_its_line_and_nothing_is_saved(visitor, merger, was, now, says):
    answer = visitor("xep").post(NEW, {"text": merger.replace(was, now)})
    assert (answer.status_code, says in text(answer), Plan.objects.count()) == (422, True, 0)


def test_only_administrators_open_the_pages_and_only_of_their_own_agencies(visitor, merger):
    given.account("thong")
    visitor("xep").post(NEW, {"text": merger})
    address = reverse("desk:reorganisation", args=[Plan.objects.get().pk])
    people = ("", "may", "suong", "lam", "lua", "guong", "thong", "chuan")
    found = {
        page: tuple(visitor(key).get(page).status_code for key in people)
        for page in ("/desk/reorganisations/", NEW, address)
    }
    assert found == {
        "/desk/reorganisations/": (302, 403, 403, 403, 403, 403, 200, 200),
        NEW: (302, 403, 403, 403, 403, 403, 200, 200),
        address: (302, 403, 403, 403, 403, 403, 404, 200),
    }
    assert visitor("thong").post(NEW, {"text": merger}).status_code == 422


def test_a_plan_asks_as_often_for_one_dossier_as_for_many(
    visitor, merger, arrived, django_assert_max_num_queries
):
    later = (timezone.localdate() + timedelta(days=9)).isoformat()
    writer = visitor("xep")
    writer.post(NEW, {"text": merger.replace(timezone.localdate().isoformat(), later)})
    address = reverse("desk:reorganisation", args=[Plan.objects.get().pk])
    with django_assert_max_num_queries(22):
        writer.get(address)
    arrived(12, agency=given.TA_VAN)
    with django_assert_max_num_queries(22):
        writer.get(address)


def test_where_the_plan_is_silent_the_desk_is_asked_who_handles_what_came_for_the_divided_agency(
    visitor, merger, arrived
):
    (late,) = arrived()
    for code, main in ((given.SA_PA, True), (given.BAC_HA, False)):
        Heir.objects.create(old_id=given.TA_VAN, new_id=code, on=given.SINCE, main=main)
    Dossier.objects.filter(pk=late.pk).update(divided=given.TA_VAN)
    address = reverse("desk:dossier", args=[late.pk])
    asked = {
        key: f"{address}allot/" in visitor(key).get(address).content.decode()
        for key in ("lam", "suong", "lua")
    }
    assert asked == {"lam": True, "suong": True, "lua": False}
    assert "UBND xã Bắc Hà" in text(visitor("lam").get(address))
    assert visitor("lua").post(f"{address}allot/", {"to": given.BAC_HA}).status_code == 403
    assert visitor("lam").post(f"{address}allot/", {"to": ""}).status_code == 422
    assert visitor("lam").post(f"{address}allot/", {"to": given.BAC_HA})["Location"] == reverse(
        "desk:worklist"
    )
    assert Dossier.objects.get(pk=late.pk).agency == given.BAC_HA
