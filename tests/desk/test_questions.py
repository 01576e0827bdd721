"""The questions of a draft are written in the browser, one at a time."""

import re

import pytest

from motcua.procedures import actions, proofs
from motcua.procedures.models import Draft
from motcua.procedures.writing import written
from tests import given

VIETNAMESE = {"accept-language": "vi"}


@pytest.fixture
def draft(db):
    return actions.revise(given.procedure("1.004873"), by=given.actor("soan"))


def boxes(page):
    """What the form of a page holds, as a browser would send it."""
    form = page.context["form"]
    held = {name: form[name].value() for name in form.fields}
    return {
        name: value.replace("\n", "\r\n") if isinstance(value, str) else value
        for name, value in held.items()
        if value not in (None, False, "", [])
    }


def form_of(draft):
    return Draft.objects.get(pk=draft.pk).definition.form


def now(draft):
    return Draft.objects.get(pk=draft.pk).definition.fields_by_id


def test_every_question_saved_unchanged_leaves_the_file_as_it_was(draft, visitor):
    writer, before = visitor("soan"), written(draft.definition)
    group = draft.definition.form[0]
    for address in (
        f"/desk/drafts/{draft.pk}/pages/{group.id}/",
        *(f"/desk/drafts/{draft.pk}/questions/{field}/" for field in draft.definition.fields_by_id),
    ):
        assert writer.post(address, boxes(writer.get(address))).status_code == 302
    assert written(Draft.objects.get().definition) == before


def test_a_question_is_added_changed_moved_and_taken_out(draft, visitor):
    writer, group = visitor("soan"), draft.definition.form[0]
    base = f"/desk/drafts/{draft.pk}"
    new = {"id": "reason_for", "label_vi": "Xin để làm gì?", "type": "choice", "required": "on"}
    refused = writer.post(f"{base}/pages/{group.id}/add/", new, headers=VIETNAMESE)
    assert (refused.status_code, "choices" in refused.content.decode()) == (422, True)
    choices = {"choices": "work | Đi làm | Work\nstudy | Đi học"}
    assert writer.post(f"{base}/pages/{group.id}/add/", new | choices).status_code == 302
    added = form_of(draft)[0].fields[-1]
    assert [(one.value, one.label.vi, one.label.en) for one in added.choices] == [
        ("work", "Đi làm", "Work"),
        ("study", "Đi học", ""),
    ]
    writer.post(f"{base}/questions/arrange/", {"what": "reason_for", "way": "up"})
    assert form_of(draft)[0].fields[-2].id == "reason_for"
    listed = writer.get(f"{base}/questions/", headers=VIETNAMESE).content.decode()
    assert listed.count("Chọn một trong nhiều mục") >= 1
    writer.post(f"{base}/questions/arrange/", {"what": "reason_for", "way": "out"})
    assert written(Draft.objects.get().definition) == written(draft.definition)


def test_a_page_is_added_with_its_first_question(draft, visitor):
    writer, base = visitor("soan"), f"/desk/drafts/{draft.pk}"
    for typed, status in (
        ({"id": "More", "title_vi": "Thêm"}, 422),
        ({"id": "more", "title_vi": "Thêm"}, 302),
    ):
        assert writer.post(f"{base}/pages/add/", typed).status_code == status
    last = form_of(draft)[-1]
    assert (last.id, last.title.vi, [field.id for field in last.fields]) == ("more", "Thêm", ["more_1"])
    told = writer.post(
        f"{base}/questions/arrange/", {"what": "more_1", "way": "out"}, headers=VIETNAMESE, follow=True
    )
    assert "Mỗi trang phải có ít nhất một câu hỏi" in told.content.decode()


def test_what_is_new_is_called_after_its_words_and_nobody_needs_to_name_it(draft, visitor):
    writer, base = visitor("soan"), f"/desk/drafts/{draft.pk}"
    assert writer.post(f"{base}/pages/add/", {"title_vi": "Người được ủy quyền"}).status_code == 302
    last = form_of(draft)[-1]
    assert (last.id, last.fields[0].id) == ("nguoi_duoc_uy_quyen", "nguoi_duoc_uy_quyen_1")
    new = {"label_vi": "2 con trở lên?", "label_en": "Two children or more?", "type": "choice"}
    for _time in range(2):
        answer = writer.post(f"{base}/pages/{last.id}/add/", new | {"choices": "Có\nKhông"})
        assert answer.status_code == 302
    *_first, one, two = form_of(draft)[-1].fields
    assert (one.id, two.id, one.label.en) == ("n_2_con_tro_len", "n_2_con_tro_len_2", "Two children or more?")
    assert [choice.label.vi for choice in one.choices] == ["Có", "Không"]


def test_only_the_nation_writes_and_what_is_not_there_is_not_found(draft, visitor):
    group, base = draft.definition.form[0].id, f"/desk/drafts/{draft.pk}"
    field = next(iter(draft.definition.fields_by_id))
    ways = [
        (f"{base}/questions/arrange/", {"what": field, "way": "out"}),
        (f"{base}/pages/{group}/", {"title_vi": "!"}),
        (f"{base}/pages/add/", {"id": "x", "title_vi": "!"}),
        (f"{base}/pages/{group}/add/", {"id": "x", "label_vi": "!", "type": "text"}),
        (f"{base}/questions/{field}/", {"label_vi": "!", "type": "text"}),
        (f"{base}/questions/{field}/filled/", {"prefill": ""}),
        (f"{base}/pages/{group}/when/", {}),
    ]
    for key, status in (("", 302), ("may", 403), ("suong", 403), ("thong", 403)):
        client = visitor(key)
        assert {client.post(address, typed).status_code for address, typed in ways} == {status}
    writer = visitor("soan")
    assert writer.get(f"{base}/questions/nobody/").status_code == 404
    assert writer.get(f"{base}/pages/nobody/").status_code == 404
    assert writer.post(f"{base}/questions/arrange/", {"what": field, "way": "away"}).status_code == 404
    assert written(Draft.objects.get().definition) == written(draft.definition)


def test_whether_the_form_is_signed_is_said_in_the_editor_and_stands_in_the_file(draft, visitor):
    client, where = visitor("soan"), f"/desk/drafts/{draft.pk}/"
    assert client.post(f"{where}signature/", {"signature": "required"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.content["signature"], "signature: required" in written(draft.definition)) == (
        "required",
        True,
    )
    page = client.get(f"{where}questions/").content.decode()
    assert re.search(r'value="required"\s+checked', page)
    assert "Người nộp phải ký số tờ khai" in client.get(f"{where}preview/").content.decode()
    assert client.post(f"{where}signature/", {"signature": "maybe"}).status_code == 404
    assert visitor("thong").post(f"{where}signature/", {"signature": "none"}).status_code in {403, 404}
    client.post(f"{where}signature/", {"signature": "none"})
    draft.refresh_from_db()
    assert "signature" not in draft.content


def test_when_a_question_is_asked_filled_in_and_what_it_is_held_to_are_said_by_forms(
    draft, visitor, django_assert_max_num_queries
):
    writer, base = visitor("soan"), f"/desk/drafts/{draft.pk}"
    asked = draft.definition.fields_by_id["ended_by"]
    address = f"{base}/questions/ended_by"
    writer.get(f"{address}/when/")
    with django_assert_max_num_queries(12):
        page = writer.get(f"{address}/when/", headers=VIETNAMESE)
    assert "Chỉ hỏi khi có một trong những câu trả lời này" in page.content.decode()
    ticks = [f"{asked.when.field}={answer}" for answer in ("never_married", "divorced")]
    assert writer.post(f"{address}/when/", {"when": ticks}).status_code == 302
    when = now(draft)["ended_by"].when
    assert (when.field, when.is_) == (asked.when.field, ("never_married", "divorced"))
    listed = writer.get(f"{base}/questions/", headers=VIETNAMESE).content.decode()
    assert "Chỉ hỏi khi câu “" in listed
    # What is filled in, on which condition; a phone is known to the account.
    source = {"prefill": "population.person.residence", "prefill_when": ticks[:1]}
    assert writer.post(f"{address}/filled/", source).status_code == 302
    assert (now(draft)["ended_by"].prefill, now(draft)["ended_by"].prefill_when.is_) == (
        "population.person.residence",
        "never_married",
    )
    assert writer.post(f"{address}/filled/", {"prefill": ""}).status_code == 302
    assert written(Draft.objects.get().definition).count("prefill_when") == 0
    phone = writer.post(f"{base}/questions/applicant_phone/filled/", {"prefill": "account.contact.phone"})
    assert (phone.status_code, list(proofs.blocking(Draft.objects.get().definition))) == (302, [])
    # What an answer is held to; what does not fit is said at its box, and nothing changes.
    assert writer.post(f"{base}/questions/applicant_born_on/held/", {"min_age": "18"}).status_code == 302
    assert [(one.rule, one.value) for one in now(draft)["applicant_born_on"].checks] == [("min_age", 18)]
    before = written(Draft.objects.get().definition)
    wrong = writer.post(f"{address}/held/", {"pattern": "["}, headers=VIETNAMESE)
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["pattern"])
    two = {"when": ["marital_status=married", "applicant_name=x"]}
    for about, typed in (
        ("when", {"when": ["nobody=1"]}),
        ("when", two),
        ("filled", {"prefill": "civil.secret.name"}),
    ):
        assert writer.post(f"{address}/{about}/", typed).status_code == 422
    assert writer.get(f"{address}/elsewhere/").status_code == 404
    assert written(Draft.objects.get().definition) == before


def test_a_shared_page_is_taken_in_with_one_press_as_the_file_would_have_it(draft, visitor):
    writer, base = visitor("soan"), f"/desk/drafts/{draft.pk}"
    for page in ("receiving", "applicant"):
        writer.post(f"{base}/questions/arrange/", {"what": f"page.{page}", "way": "out"})
    listed = writer.get(f"{base}/questions/", headers=VIETNAMESE).content.decode()
    assert listed.count("Thêm vào<") == 3
    for page in ("applicant", "receiving"):
        assert writer.post(f"{base}/pages/shared/", {"name": page}).status_code == 302
    assert written(Draft.objects.get().definition) == written(draft.definition)
    told = writer.post(f"{base}/pages/shared/", {"name": "organisation"}, headers=VIETNAMESE, follow=True)
    assert "đã hỏi một phần những điều này" in told.content.decode()
    group = draft.definition.form[1].id
    asked = writer.post(f"{base}/pages/{group}/when/", {"when": ["receive_by=post"]}, headers=VIETNAMESE)
    assert asked.status_code == 422
    assert written(Draft.objects.get().definition) == written(draft.definition)
