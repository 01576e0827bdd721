"""A draft previewed: all the citizen's page would say, the form with its conditions tried out, and nothing kept."""

import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.dossiers.forms import asked_after
from motcua.procedures import actions
from motcua.procedures.models import Draft
from motcua.procedures.schema import Group
from tests import given

SINGLE = "1.004873"
VIETNAMESE = {"accept-language": "vi"}


class Texts(HTMLParser):
    """What can be read on the page of a procedure, from its name on."""

    def __init__(self, page):
        super().__init__()
        self.found = set()
        self.feed(re.search(r'<div class="head">.*?</main>', page, re.DOTALL)[0])

    def handle_data(self, data):
        if text := " ".join(data.split()):
            self.found.add(text)


def drafted(code, key="soan"):
    return actions.revise(given.procedure(code), by=given.actor(key))


@pytest.fixture
def draft(db):
    return drafted(SINGLE)


def looked(client, draft, look="", **query):
    return client.get(f"/desk/drafts/{draft.pk}/preview/{look}", query, headers=VIETNAMESE).content.decode()


def tried(client, draft, page, *, to="", **typed):
    sent = {"from-page": page, "to-page": to, **typed}
    return client.post(f"/desk/drafts/{draft.pk}/preview/form/", sent, headers=VIETNAMESE)


@pytest.mark.parametrize("code", [SINGLE, "2.000986", "1.004194", "1.001456", "2.000815"])
def test_the_preview_says_all_the_citizens_page_says(code, visitor, db):
    draft = drafted(code)
    citizens = Texts(Client().get(f"/procedures/{code}/", headers=VIETNAMESE).content.decode()).found
    previewed = Texts(looked(visitor("soan"), draft)).found
    assert {one for one in citizens - previewed if not one.startswith("Áp dụng từ")} == set()


def test_what_a_draft_changes_is_in_its_preview_at_once(draft, visitor):
    writer = visitor("soan")
    definition = draft.definition
    name = definition.name.model_copy(update={"vi": "Xác nhận độc thân"})
    actions.edit(draft, by=given.actor("soan"), definition=definition.model_copy(update={"name": name}))
    assert "<h1>Xác nhận độc thân</h1>" in looked(writer, draft)
    assert (
        "Xác nhận độc thân" not in Client().get(f"/procedures/{SINGLE}/", headers=VIETNAMESE).content.decode()
    )


def test_each_part_leads_back_to_where_it_is_written(draft, visitor):
    page = looked(visitor("soan"), draft)
    at = f"/desk/drafts/{draft.pk}/"
    assert {name for name in ("facts", "papers", "ways", "steps") if f'href="{at}{name}/"' in page} == {
        "facts", "papers", "ways", "steps",
    }  # fmt: skip
    form = looked(visitor("soan"), draft, "form/", page="status")
    assert f'href="{at}questions/purpose/"' in form


def test_who_only_reads_finds_no_way_to_write(draft, visitor):
    page = looked(visitor("thong"), draft)
    assert re.findall(rf'href="/desk/drafts/{draft.pk}/(?!preview|")\w+/"', page) == []


def test_an_answer_tried_out_opens_and_closes_questions(draft, visitor):
    writer = visitor("soan")
    assert 'name="partner_name"' in looked(writer, draft, "form/", page="status")
    other = tried(writer, draft, "status", purpose="other", marital_status="divorced").content.decode()
    assert ('name="partner_name"' in other, 'name="ended_by"' in other) == (False, True)
    wed = tried(writer, draft, "status", purpose="marriage", marital_status="never_married").content.decode()
    assert ('name="partner_name"' in wed, 'name="ended_by"' in wed) == (True, False)


def test_what_was_typed_goes_along_from_page_to_page(draft, visitor):
    writer = visitor("soan")
    there = tried(writer, draft, "status", to="applicant", purpose="other").content.decode()
    assert '<input type="hidden" name="purpose" value="other">' in there
    back = tried(writer, draft, "applicant", to="status", purpose="other", applicant_name="Vàng Thị Mây")
    assert re.search(r'value="other"[^>]*checked', back.content.decode())
    assert '<input type="hidden" name="applicant_name" value="Vàng Thị Mây">' in back.content.decode()


def test_what_a_citizen_would_be_told_to_mend_is_said(draft, visitor):
    answer = tried(visitor("soan"), draft, "status", to="-onward", purpose="other")
    assert (answer.status_code, "Bạn chưa trả lời" in answer.content.decode()) == (422, True)
    on = tried(visitor("soan"), draft, "status", to="-onward", purpose="other", marital_status="married")
    assert (on.status_code, 'name="from-page" value="receiving"' in on.content.decode()) == (200, True)


def test_trying_out_writes_nothing(draft, visitor):
    writer = visitor("soan")
    looked(writer, draft)
    with CaptureQueriesContext(connection) as asked:
        looked(writer, draft)
        tried(writer, draft, "status", to="-onward", purpose="other", marital_status="married")
    said = [one["sql"].split()[0] for one in asked]
    assert {word for word in said if word in {"INSERT", "UPDATE", "DELETE"}} == set()
    assert Draft.objects.get().content == draft.content


def test_the_preview_of_a_procedure_that_is_not_there_yet(visitor, db):
    draft = drafted(SINGLE)
    Draft.objects.update(base=None)
    page = looked(visitor("soan"), draft)
    assert "Giấy xác nhận tình trạng hôn nhân" in page


def test_a_page_leaves_out_what_an_answer_on_an_earlier_page_has_closed():
    def asked(id_, **more):
        return {"id": id_, "label": {"vi": id_}, "type": "text"} | more

    fields = [
        asked("reason"),
        asked("old_number", when={"field": "kind", "is": "renewal"}),
        asked("detail", when={"field": "reason", "is": "other"}),
    ]
    group = Group.model_validate({"id": "more", "title": {"vi": "Thêm"}, "fields": fields}, strict=False)
    found = [[one.id for one in asked_after(group, {"kind": kind})] for kind in ("renewal", "first")]
    assert found == [["reason", "old_number", "detail"], ["reason", "detail"]]
