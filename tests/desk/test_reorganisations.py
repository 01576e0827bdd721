"""Plans of reorganisations at the desk: written, tried, approved by somebody else, and what came of them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from motcua.dossiers.models import Dossier
from motcua.journal.models import Entry
from motcua.organisations.heirs import Heir
from motcua.queues.models import Queue
from motcua.reorganisations import tasks
from motcua.reorganisations.models import Plan
from motcua.reorganisations.scheme import read, written
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
BEGIN = "/desk/reorganisations/begin/"
FACTS = {
    "title": "Nhập xã Tả Van vào phường Sa Pa",
    "decision": "Nghị quyết 12/NQ-HĐND",
    "on": "2099-12-01",
}
NEWCOMER = {
    "new_code": "H38.03099",
    "new_name": "Ủy ban nhân dân xã Mường Hoa",
    "new_short": "UBND xã Mường Hoa",
}


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


def boxes(form):
    """What a browser would send back of a form nobody touched."""
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value not in (None, "", False, [])}


def now():
    return Plan.objects.get().scheme


def test_a_merger_is_written_by_forms_as_its_file_says_it(visitor, merger):
    writer = visitor("xep")
    assert "?kind=merge" in writer.get(BEGIN).content.decode()
    typed = FACTS | {"code": "xã Tả Van", "into": "UBND phường Sa Pa · H38.03006"}
    refused = writer.post(f"{BEGIN}?kind=merge", typed | {"code": "xã không có", "into": ""})
    assert (refused.status_code, sorted(refused.context["form"].errors)) == (422, ["code", "into"])
    both = text(writer.post(f"{BEGIN}?kind=merge", typed | {"into": "H38.03037"}))
    assert ("chấm dứt cùng ngày" in both, "`" in both) == (True, False)
    assert (writer.post(f"{BEGIN}?kind=merge", typed).status_code, Plan.objects.count()) == (302, 1)
    at = reverse("desk:reorganisation", args=[Plan.objects.get().pk])
    seen = {"seen": Plan.objects.get().digest}
    assert writer.post(f"{at}parts/old-0-posts-add/", seen).context["form"].errors.keys() == {"roles"}
    posts = {"roles": ["chair"], "ends": "on"}
    assert writer.post(f"{at}parts/old-0-posts-add/", seen | posts).status_code == 302
    assert now() == read(FILE.format(on="2099-12-01"))
    # The same sent twice has one effect, and who saw another plan is told so.
    again = writer.post(f"{at}parts/old-0-posts-add/", seen | posts)
    assert ("vừa được người khác sửa" in text(again), len(now().old[0].posts)) == (True, 1)
    # Opened and saved, nothing changes, not even in the journal.
    before = Plan.objects.get()
    for part in ("facts", "old-0", "old-0-posts-0"):
        form = writer.get(f"{at}parts/{part}/").context["form"]
        assert writer.post(f"{at}parts/{part}/", boxes(form) | {"seen": before.digest}).status_code == 302
    assert (Plan.objects.get().content, Entry.objects.filter(event__endswith="PlanWritten").count()) == (
        before.content,
        2,
    )
    # The last entry stays; a rule goes.
    assert "không còn gì" in text(writer.post(f"{at}parts/old-0/out/", {"seen": before.digest}, follow=True))
    writer.post(f"{at}parts/old-0-posts-0/out/", {"seen": before.digest})
    assert (now().old[0].posts, writer.get(f"{at}parts/old-7/").status_code) == ((), 404)
    visitor("chuan").post(f"{at}authorise/")
    assert visitor("thong").get(f"{at}parts/old-0/").status_code == 404


def test_a_merger_into_a_new_agency_waits_for_the_others_and_a_division_sends_what_the_rules_say(
    visitor, merger
):
    writer = visitor("xep")
    typed = FACTS | {"code": given.TA_VAN, **NEWCOMER}
    assert writer.post(f"{BEGIN}?kind=merge", typed).status_code == 302
    at = reverse("desk:reorganisation", args=[Plan.objects.get().pk])
    assert now().new[0].unit_code == "03099"
    said = text(visitor("chuan").get(at))
    assert ("Thêm đủ các cơ quan chấm dứt" in said, "Thành lập UBND xã Mường Hoa" in said) == (True, True)
    assert visitor("chuan").post(f"{at}authorise/").status_code == 422

    def put(part, **more):
        return writer.post(f"{at}parts/{part}/", {"seen": Plan.objects.get().digest, **more})

    assert put("old-add", code="H38.03037", into="Mường Hoa H38.03099").context["form"].errors.keys() == {
        "code"
    }
    assert put("old-add", code="H38.03006", into="H38.03099").status_code == 302
    assert "Thêm đủ các cơ quan chấm dứt" not in text(writer.get(at))
    assert put("old-0/out").status_code == 302
    assert put("facts", **FACTS, kind="split").status_code == 302
    assert "từ hai cơ quan tiếp nhận" in text(writer.get(at))
    assert put("old-0-dossiers-add", to=given.BAC_HA).context["form"].errors.keys() == {"procedures"}
    assert put("old-0-dossiers-add", procedures="9.999999", to=given.BAC_HA).status_code == 422
    assert put("old-0-dossiers-add", contains="Tả Van", field="address").context["form"].errors.keys() == {
        "to"
    }
    places = {"contains": "Tả Van\nTả Phìn", "field": "address", "to": given.BAC_HA}
    assert put("old-0-dossiers-add", **places).status_code == 302
    (rule,) = now().old[0].dossiers
    assert (rule.to, rule.field, rule.contains) == (given.BAC_HA, "address", ("Tả Van", "Tả Phìn"))
    assert "Tả Van, Tả Phìn → UBND xã Bắc Hà" in text(writer.get(at))
    assert read(written(now())) == now()


def test_another_name_is_written_by_a_form_with_another_code_or_without(visitor, merger):
    writer = visitor("xep")
    typed = FACTS | {
        "agency": given.TA_VAN,
        "name_vi": "Ủy ban nhân dân xã Mường Hoa",
        "short_name": "UBND xã Mường Hoa",
    }
    for code in ("", "H38.03099"):
        assert writer.post(f"{BEGIN}?kind=rename", typed | {"new_code": code}).status_code == 302
    same, other = (plan.scheme for plan in Plan.objects.order_by("begun_at"))
    assert (same.old, same.new[0].code) == ((), given.TA_VAN)
    assert (other.old[0].code, other.old[0].into, other.new[0].unit_code) == (
        given.TA_VAN,
        "H38.03099",
        "03099",
    )
    assert all(read(written(one)) == one for one in (same, other))
