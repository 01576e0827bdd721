"""Who need not pay, the cut-off of the day and the life events of a draft are written in the browser, as in the file."""

import pytest

from motcua.procedures import actions, proofs
from motcua.procedures.exemption_editing import new_id
from motcua.procedures.models import Draft
from motcua.procedures.writing import written
from tests import given
from tests.desk.test_steps import boxes

VIETNAMESE = {"accept-language": "vi"}


@pytest.fixture
def draft(db):
    return actions.revise(given.procedure("1.004873"), by=given.actor("soan"))


def now(draft):
    return Draft.objects.get(pk=draft.pk).definition


def test_who_need_not_pay_is_written_with_its_proof_and_its_law(
    draft, visitor, django_assert_max_num_queries
):
    writer, at = visitor("soan"), f"/desk/drafts/{draft.pk}/exemptions/"
    paper = draft.definition.papers[0]
    typed = {"name_vi": "Vợ hoặc chồng đã mất", "when": ["marital_status=widowed"], "proof": paper.id}
    refused = writer.post(f"{at}add/", typed | {"when": []}, headers=VIETNAMESE)
    assert refused.context["form"].errors["when"] == ["Chọn câu trả lời cho biết người nộp thuộc diện này."]
    assert writer.post(f"{at}add/", typed | {"when": ["purpose=other", *typed["when"]]}).status_code == 422
    for name in (typed["name_vi"], "Người khác"):
        assert writer.post(f"{at}add/", typed | {"name_vi": name}).status_code == 302
    first, second = now(draft).exemptions
    assert (first.id, first.proof, first.when.is_) == ("vo_hoac_chong_da_mat", paper.id, "widowed")
    assert "proof: " + paper.id in written(now(draft))
    assert writer.post(f"{at}{second.id}/edit/", typed | {"basis": "75/2022/TT-BTC"}).status_code == 302
    assert (now(draft).exemptions[1].basis, list(proofs.blocking(now(draft)))) == ("75/2022/TT-BTC", [])
    writer.post(f"{at}arrange/", {"what": second.id, "way": "up"})
    assert [one.id for one in now(draft).exemptions] == [second.id, first.id]
    with django_assert_max_num_queries(12):
        page = writer.get(at, headers=VIETNAMESE).content.decode()
    assert page.count("được trả lời “Vợ hoặc chồng đã mất”") == 2
    # A paper that is asked for no more leads from the draft to the exemption it proved.
    writer.post(f"/desk/drafts/{draft.pk}/papers/arrange/", {"what": paper.id, "way": "out"})
    assert f'href="{at}{first.id}/edit/"' in writer.get(f"/desk/drafts/{draft.pk}/").content.decode()
    for one in (first, second):
        writer.post(f"{at}arrange/", {"what": one.id, "way": "out"})
    assert "exemptions" not in written(now(draft))
    del typed["proof"]
    for key, status in (("", 302), ("suong", 403), ("thong", 403)):
        assert visitor(key).post(f"{at}add/", typed).status_code == status
    assert writer.get(f"{at}nobody/edit/").status_code == 404


def test_what_an_exemption_is_called_in_files_comes_from_its_name():
    assert new_id("Trẻ em", set()) == "tre_em"
    assert new_id("Trẻ em", {"tre_em", "tre_em_2"}) == "tre_em_3"
    assert new_id("75/2022", set()) == "e_75_2022"
    assert new_id("–", set()) == "e"


def test_the_cut_off_and_the_life_events_are_written_in_the_forms(draft, visitor):
    writer, at = visitor("soan"), f"/desk/drafts/{draft.pk}/"
    ways = boxes(writer.get(f"{at}ways/").context["form"])
    assert writer.post(f"{at}ways/", ways | {"cut_off": "25:00"}).status_code == 422
    assert writer.post(f"{at}ways/", ways | {"cut_off": "14h30"}).status_code == 302
    facts = boxes(writer.get(f"{at}facts/").context["form"])
    facts["life_events"] = ["birth", *facts["life_events"]]
    assert writer.post(f"{at}facts/", facts).status_code == 302
    text = written(now(draft))
    assert ("cut_off: '14:30'" in text, "life_events: [marriage, home, birth]" in text) == (True, True)
    seen = writer.get(f"{at}preview/", headers=VIETNAMESE).content.decode()
    assert ("sau 14:30" in seen, "Sinh con" in seen) == (True, True)
