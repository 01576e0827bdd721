"""The cases of a draft are written in the browser, as in the file."""

import pytest

from motcua.procedures import actions
from motcua.procedures.models import Draft
from motcua.procedures.writing import written
from tests import given
from tests.desk.test_steps import boxes

VIETNAMESE = {"accept-language": "vi"}


@pytest.fixture
def draft(db):
    return actions.revise(given.procedure("1.004222"), by=given.actor("soan"))


def now(draft):
    return Draft.objects.get(pk=draft.pk).definition


def test_cases_are_added_changed_moved_and_taken_out(draft, visitor, django_assert_max_num_queries):
    writer, at = visitor("soan"), f"/desk/drafts/{draft.pk}/cases/"
    with django_assert_max_num_queries(12):
        page = writer.get(at, headers=VIETNAMESE).content.decode()
    assert [one.name.vi in page for one in draft.definition.cases] == [True] * 3
    refused = writer.post(f"{at}add/", {"name_vi": ""}, headers=VIETNAMESE)
    assert refused.context["form"].errors["name_vi"] == ["Ghi tên trường hợp."]
    added = writer.post(f"{at}add/", {"name_vi": "Vào nhà công vụ"})
    assert added.url == f"{at}vao_nha_cong_vu/edit/"
    twice = writer.post(f"{at}add/", {"name_vi": "Vào nhà công vụ"}, headers=VIETNAMESE)
    assert twice.context["form"].errors["name_vi"] == ["Đã có trường hợp “Vào nhà công vụ”: đặt tên khác."]
    writer.post(f"{at}arrange/", {"what": "vao_nha_cong_vu", "way": "up"})
    assert [one.id for one in now(draft).cases] == ["own", "family", "vao_nha_cong_vu", "rented"]
    gone = writer.post(f"{at}arrange/", {"what": "family", "way": "out"}, headers=VIETNAMESE, follow=True)
    lost = [one.name.vi for one in draft.definition.papers if one.cases == ("family",)]
    assert all(name in gone.content.decode() for name in lost)
    assert [one.id for one in now(draft).cases] == ["own", "vao_nha_cong_vu", "rented"]
    file = written(now(draft))
    assert ("cases: [family" in file, "id: family" in file) == (False, False)
    assert writer.post(f"{at}arrange/", {"what": "family", "way": "sideways"}).status_code == 404
    nobody = writer.post(f"{at}arrange/", {"what": "family", "way": "out"}, headers=VIETNAMESE, follow=True)
    assert "Không (còn) có trường hợp" in nobody.content.decode()
    assert writer.get(f"{at}family/edit/").status_code == 404
    for key, status in (("suong", 403), ("thong", 403)):
        assert visitor(key).post(f"{at}add/", {"name_vi": "Khác"}).status_code == status


def test_a_case_has_its_own_time_fee_papers_and_questions(draft, visitor):
    writer, at = visitor("soan"), f"/desk/drafts/{draft.pk}/cases/"
    own = f"{at}own/edit/"
    typed = boxes(writer.get(own).context["form"])
    assert writer.post(own, typed).status_code == 302
    assert now(draft) == draft.definition  # nothing was changed
    asked = sorted(one.id for one in draft.definition.papers_for("own"))
    assert "ct01" in asked
    left = [one for one in asked if one != "ct01"]
    changed = typed | {
        "name_vi": "Vào nhà của mình",
        "papers": left,
        "value.own.direct": 4,
        "amount.own.direct": 9000,
    }
    changed |= {"unit.own.direct": "working_days"}
    assert writer.post(own, changed).status_code == 302
    said = now(draft)
    assert said.cases[0].name.vi == "Vào nhà của mình"
    assert sorted(one.id for one in said.papers_for("own")) == left
    fee, term = said.fee_for("own", "direct"), said.term_for("own", "direct")
    others = (said.fee_for("family", "direct").amount, draft.definition.fee_for("family", "direct").amount)
    assert (fee.amount, term.value, others[0]) == (9000, 4, others[1])
    # What is written is seen at once, as the citizen will read it.
    seen = writer.get(f"/desk/drafts/{draft.pk}/preview/?case=own", headers=VIETNAMESE).content.decode()
    assert ("Vào nhà của mình" in seen, f'href="{at}"' in seen) == (True, True)
    refused = writer.post(own, changed | {"value.own.direct": "nhiều"})
    assert (refused.status_code, "value.own.direct" in refused.context["form"].errors) == (422, True)
    every = [one.id for one in said.form]
    for case in ("family", "rented"):
        one = f"{at}{case}/edit/"
        assert (
            writer.post(one, boxes(writer.get(one).context["form"]) | {"form": every[1:]}).status_code == 302
        )
    last = writer.post(own, changed | {"form": every[1:]}, headers=VIETNAMESE)
    assert "không còn thuộc trường hợp nào" in last.context["form"].errors["form"][0]


def test_a_file_with_other_cases_and_forms_that_write_them_come_to_the_same(draft, visitor):
    """Round trip: what the forms make, written as a file and taken in again, is what they made."""
    writer, at = visitor("soan"), f"/desk/drafts/{draft.pk}/"
    writer.post(f"{at}cases/add/", {"name_vi": "Vào nhà công vụ", "name_en": "Into a house of office"})
    made, text = now(draft), writer.get(f"{at}file/").content.decode()
    assert "vao_nha_cong_vu" in text
    writer.post(f"{at}cases/arrange/", {"what": "vao_nha_cong_vu", "way": "out"})
    assert now(draft) == draft.definition
    assert writer.post(f"{at}write/", {"text": text}).status_code == 302
    assert now(draft) == made
