"""A new procedure, from nothing to the counter, by two administrators of a province and without a file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from motcua.desk.start import find
from motcua.procedures.models import Draft, Version
from motcua.procedures.schema import Definition
from motcua.procedures.writing import written
from tests import given

CODE = "1.999998"
VIETNAMESE = {"accept-language": "vi"}
NEW = {
    "owner": "H38",
    "code": CODE,
    "name_vi": "Cấp thẻ hướng dẫn viên tại điểm",
    "field_vi": "Du lịch",
    "level": "commune",
    "pattern": "appraise",
}


@pytest.fixture
def draft(visitor):
    given.country()
    visitor("xep").post("/desk/procedures/new/", NEW)
    return Draft.objects.get()


def facts(draft, **changes):
    today = timezone.localdate()
    definition = draft.definition
    return {
        "name_vi": definition.name.vi,
        "field_vi": definition.field.vi,
        "decision": "12/QĐ-UBND",
        "version_day": today.day,
        "version_month": today.month,
        "version_year": today.year,
        "levels": ["commune"],
        "who": ["citizen"],
        "online": "none",
        "results": "KQ.1 | Thẻ hướng dẫn viên",
        "legal_basis": "09/2017/QH14 | Luật Du lịch",
        "keywords": "thẻ, du lịch",
        **changes,
    }


def test_a_province_publishes_a_new_procedure_from_forms_alone(draft, visitor):
    writer, second = visitor("xep"), visitor("chuan")
    at = f"/desk/drafts/{draft.pk}/"
    page = writer.get(at, headers=VIETNAMESE).content.decode()
    assert ("/propose/" in page, "Còn" in page or "phải sửa" in page) == (False, True)
    assert writer.post(f"{at}facts/", facts(draft)).status_code == 302
    paper = {"id": "photo", "name_vi": "Ảnh chân dung", "originals": 1, "required": "on", "upload": "on"}
    assert writer.post(f"{at}papers/add/", paper).status_code == 302
    for case in ("Cấp lần đầu", "Cấp lại"):
        assert writer.post(f"{at}cases/add/", {"name_vi": case}).status_code == 302
    grid = {"channels": ["direct", "post"]}
    for case, value, amount in (("cap_lan_dau", 5, 650_000), ("cap_lai", 3, 0)):
        for way in ("online", "direct", "post"):
            cell = f"{case}.{way}"
            grid |= {f"value.{cell}": value, f"unit.{cell}": "working_days", f"amount.{cell}": amount}
    assert writer.post(f"{at}questions/arrange/", {"what": "page.applicant", "way": "out"}).status_code == 302
    assert writer.post(f"{at}pages/shared/", {"name": "organisation"}).status_code == 302
    poor = {"id": "poor", "label_vi": "Bạn thuộc hộ nghèo?", "type": "yesno", "required": "on"}
    assert writer.post(f"{at}pages/organisation/add/", poor).status_code == 302
    since = {"id": "since", "label_vi": "Từ năm nào?", "type": "number"}
    assert writer.post(f"{at}pages/organisation/add/", since).status_code == 302
    for about, typed in (
        ("when", {"when": ["poor=true"]}),
        ("filled", {"prefill": "population.person.birth_year"}),
    ):
        assert writer.post(f"{at}questions/since/{about}/", typed).status_code == 302
    exempt = {"name_vi": "Hộ nghèo", "when": ["poor=true"], "proof": "photo", "basis": "85/2019/TT-BTC"}
    assert writer.post(f"{at}exemptions/add/", exempt).status_code == 302
    assert writer.post(f"{at}ways/", grid | {"cut_off": "16:30"}).status_code == 302
    hours = {"hours.receive": "2", "hours.examine": "10,5", "hours.sign": "4"}
    roles = {"role.receive": "receiver", "role.examine": "registrar", "role.sign": "chair"}
    assert writer.post(f"{at}steps/", hours | roles, headers=VIETNAMESE).status_code == 302
    assert writer.post(f"{at}propose/", {"note": "Công bố thủ tục mới."}).status_code == 302
    assert writer.post(f"{at}approve/").status_code == 403
    assert second.post(f"{at}approve/").status_code == 302
    version = Version.objects.select_related("procedure").get()
    said = version.definition
    assert (version.owner, version.approved_by, said.decision) == ("H38", "Lò Văn Chuẩn", "12/QĐ-UBND")
    assert [(fee.amount, fee.cases) for fee in said.fees] == [
        (650_000, ("cap_lan_dau",)),
        (0, ("cap_lai",)),
    ]
    (exempt,), since = said.exemptions, said.fields_by_id["since"]
    assert (exempt.id, exempt.name.vi, exempt.when.holds({"poor": True}), exempt.proof, exempt.basis) == (
        *("ho_ngheo", "Hộ nghèo", True, "photo", "85/2019/TT-BTC"),
    )
    assert (said.cut_off, since.prefill, since.when.field) == (
        "16:30",
        "population.person.birth_year",
        "poor",
    )
    assert [group.id for group in said.form] == ["organisation", "receiving"]
    assert (said.step("examine").hours, said.step("examine").role) == (10.5, "registrar")
    assert [find(CODE, [given.agency(code)]) for code in (given.SA_PA, "G22")] == [[version], []]


def test_what_cannot_be_is_said_at_its_place(draft, visitor):
    writer, at = visitor("xep"), f"/desk/drafts/{draft.pk}/"
    before = draft.content
    for page, typed, says in (
        ("/desk/procedures/new/", NEW | {"code": "12"}, "Một chữ số, dấu chấm"),
        ("/desk/procedures/new/", NEW | {"owner": "-"}, "owner"),
        (f"{at}facts/", facts(draft, name_vi=""), "Ghi tên."),
        (f"{at}papers/add/", {"id": "Photo", "name_vi": "Ảnh"}, "chữ thường không dấu"),
        (f"{at}ways/", {"channels": []}, "Chọn cách nộp"),
        (f"{at}ways/", {"channels": ["direct"], "cut_off": "25:00"}, "Ghi giờ, ví dụ 15:00."),
        (f"{at}steps/", {"pattern": "dance"}, "#id_pattern_0"),
    ):
        answer = writer.post(page, typed, headers=VIETNAMESE)
        assert (page, answer.status_code, says in answer.content.decode()) == (page, 422, True)
    draft.refresh_from_db()
    assert draft.content == before


def test_a_file_is_taken_as_a_draft_and_into_one(draft, visitor):
    writer = visitor("xep")
    content = draft.definition.as_content() | {"code": "1.999997", "keywords": ["tệp"]}
    text = written(Definition.from_content(content))

    def upload(text):
        return SimpleUploadedFile("thu-tuc.yaml", text.encode())

    typed = {"from_file": "yes", "owner": "H38", "file": upload(text)}
    assert writer.post("/desk/procedures/new/", typed).status_code == 302
    assert Draft.objects.get(code="1.999997").definition.keywords == ("tệp",)
    typed["file"] = upload("levels: [district")
    assert writer.post("/desk/procedures/new/", typed).status_code == 422
    mine = {"text": "x", "file": upload(text.replace("1.999997", CODE))}
    assert writer.post(f"/desk/drafts/{draft.pk}/write/", mine).status_code == 302
    draft.refresh_from_db()
    assert draft.definition.keywords == ("tệp",)


PAGES = ("facts", "papers", "papers/add", "ways", "steps")


def test_who_looks_after_procedures_reads_and_only_administrators_of_the_owner_write(draft, visitor):
    """Each page and each deed, for each kind of person."""
    keys = ("", "may", "suong", "lua", "soan", "xep")
    for page in PAGES:
        found = {key: visitor(key).get(f"/desk/drafts/{draft.pk}/{page}/").status_code for key in keys}
        assert found == {"": 302, "may": 403, "suong": 403, "lua": 200, "soan": 200, "xep": 200}
    assert [visitor(key).get("/desk/procedures/new/").status_code for key in keys] == [
        302,
        403,
        403,
        403,
        200,
        200,
    ]
    typed = {"id": "photo", "name_vi": "Ảnh"}
    for key in ("lua", "soan", "guong"):
        assert visitor(key).post(f"/desk/drafts/{draft.pk}/papers/add/", typed).status_code == 403


def test_its_pages_cost_as_little_as_others(draft, visitor, django_assert_max_num_queries):
    writer = visitor("xep")
    for page in ("/desk/procedures/new/", *(f"/desk/drafts/{draft.pk}/{page}/" for page in PAGES)):
        with django_assert_max_num_queries(12):
            assert writer.get(page).status_code == 200
