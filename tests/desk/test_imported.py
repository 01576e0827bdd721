"""The work list of imports: what a person must read, by kind, until a draft is published."""

import pytest

from motcua.lib.actors import Actor
from motcua.procedures import actions
from motcua.procedures.loading import load
from motcua.procedures.models import Draft
from motcua.procedures.schema import Definition
from motcua.procedures.unread import work_left
from tests import given
from tests.procedures.samples import MINIMAL, portal, written

SYSTEM = Actor.system("tests")
VIETNAMESE = {"accept-language": "vi"}
RAW = {"thanh_phan_ho_so": "Giấy tờ <gì> đó"}


def take(*codes, **more):
    actions.take_over([portal(code, f"Thủ tục {code}", raw=RAW, **more) for code in codes], by=SYSTEM)


def listed(page):
    return [line.code for line in page.context["lines"]]


@pytest.fixture
def imported(db):
    take("9.000002")
    fee = {"raw": {"cach_thuc_thuc_hien": "Tùy"}, "fees": [{"raw": "Tùy"}], "field": {"vi": "Cư trú"}}
    actions.take_over([portal("9.000003", "Đăng ký rồng", **fee), portal("9.000004", "Hiểu cả")], by=SYSTEM)


def test_each_kind_of_work_is_counted_filtered_and_shown_with_its_text(imported, visitor):
    reader = visitor("soan")
    page = reader.get("/desk/imported/", headers=VIETNAMESE)
    assert listed(page) == ["9.000002", "9.000003"]
    assert [(pill.label, pill.count) for pill in page.context["pills"]] == [
        ("Tất cả", 2),
        ("Lệ phí", 1),
        ("Giấy tờ", 1),
    ]
    assert page.content.decode().count("Giấy tờ &lt;gì&gt; đó") == 1
    assert listed(reader.get("/desk/imported/?work=fee")) == ["9.000003"]
    assert listed(reader.get("/desk/imported/?q=dang+ky+cu+tru")) == ["9.000003"]
    assert listed(reader.get("/desk/imported/?work=x&q=%00")) == ["9.000002", "9.000003"]
    assert listed(reader.get("/desk/imported/?after=9.000002")) == ["9.000003"]


def test_a_published_draft_takes_a_procedure_off_the_list(db, visitor, tmp_path):
    take("9.000001")
    writer, by, second = visitor("soan"), given.actor("soan"), given.actor("duyet")
    writer.post("/desk/procedures/9.000001/revise/")
    page = writer.get("/desk/imported/", headers=VIETNAMESE)
    (line,) = page.context["lines"]
    assert line.author == by.name
    begun, sample = (
        Draft.objects.get(pk=line.draft),
        load(written(tmp_path, MINIMAL.replace("[online]", "[direct]"))).as_content(),
    )
    today = begun.content["version"]
    actions.edit(begun, by=by, definition=Definition.from_content(sample | {"version": today}))
    actions.propose(begun, by=by, note="Đã đọc và ghi lại.")
    actions.approve(begun, by=second)
    after = writer.get("/desk/imported/", headers=VIETNAMESE).content.decode()
    assert after.count("Không còn phần nào phải đọc") == 1


def test_what_is_written_in_the_forms_leaves_the_list_without_a_file(db, visitor):
    ways = {"thanh_phan_ho_so": "Giấy tờ <gì> đó", "cach_thuc_thuc_hien": "Tùy"}
    actions.take_over([portal("9.000005", "Đăng ký rồng", raw=ways, fees=[{"raw": "Tùy"}])], by=SYSTEM)
    writer = visitor("soan")
    address = writer.post("/desk/procedures/9.000005/revise/").url
    page = writer.get(address, headers=VIETNAMESE).content.decode()
    assert "Còn 2 phần của Cổng Dịch vụ công quốc gia" in page
    # Each text stands beside the boxes in which it is written.
    papers, times = (writer.get(f"{address}{part}/").content.decode() for part in ("papers", "ways"))
    assert ("Giấy tờ &lt;gì&gt; đó" in papers, "Giấy tờ &lt;gì&gt; đó" in times) == (True, False)
    for what in ("thanh_phan_ho_so", "thanh_phan_ho_so", "cach_thuc_thuc_hien"):
        assert writer.post(f"{address}settle/", {"what": what}).url == address
    draft = Draft.objects.get(code="9.000005")
    assert (draft.content.get("raw"), work_left(draft.definition)) == (None, [])
    assert "Còn 2 phần" not in writer.get(address, headers=VIETNAMESE).content.decode()


def test_the_list_asks_as_often_for_a_full_page_as_for_one(
    imported, visitor, django_assert_num_queries, django_assert_max_num_queries
):
    reader = visitor("soan")
    reader.get("/desk/imported/")
    with django_assert_max_num_queries(8) as one:
        reader.get("/desk/imported/?q=rong")
    take(*(f"9.{number:06}" for number in range(10, 50)))
    with django_assert_num_queries(len(one)):
        first = reader.get("/desk/imported/")
    assert (len(listed(first)), first.context["next"]) == (30, "?after=9.000037")
    assert listed(reader.get(f"/desk/imported/{first.context['next']}"))[0] == "9.000038"


def test_who_looks_after_procedures_reads_and_only_the_nation_begins(imported, visitor):
    found = {
        key: visitor(key).get("/desk/imported/").status_code for key in ("", "may", "suong", "lua", "thong")
    }
    assert found == {"": 302, "may": 403, "suong": 403, "lua": 200, "thong": 200}
    assert "/revise/" not in visitor("thong").get("/desk/imported/").content.decode()
    assert visitor("soan").get("/desk/imported/").content.decode().count("/revise/") == 2
