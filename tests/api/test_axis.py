"""An existing document system exchanges documents through this node over the calls it knows; what is refused says why."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from motcua.api import actions as api
from motcua.api.models import Client
from motcua.api.scopes import Scope
from motcua.dispatches import actions
from motcua.dispatches.models import Delivery, Incoming, Outgoing
from motcua.documents.edxml.reading import read
from motcua.documents.models import store
from motcua.journal.models import Entry
from tests import given
from tests.api.document_system import DocumentSystem
from tests.post import settle


def system(agency, *scopes):
    given.agency(agency)
    client = Client(agency=agency, name="Quản lý văn bản", scopes=list(scopes or [Scope.AXIS]))
    api.register(client, by=given.SYSTEM)
    return DocumentSystem(Browser().post, str(client.pk), client.axis_key, agency)


@pytest.fixture
def sender(db):
    given.country()
    given.keys()
    return system(given.SA_PA)


@pytest.fixture
def receiver(sender):
    return system(given.BAC_HA)


def refusal(answer):
    found = answer.json()
    return (answer.status_code, found["status"], found["ErrorCode"], bool(found["ErrorDesc"]))


def refused(status):
    return (status, "FAIL", str(status), True)


def test_a_document_goes_from_system_to_system_and_its_states_come_back(sender, receiver):
    raw = sender.write(given.BAC_HA)
    assert sender.call("sendEdoc", raw).json()["status"] == "OK"
    settle()
    (listed,) = receiver.call("getReceivedEdocList").json()["data"]
    assert (listed["from"], listed["title"]) == (given.SA_PA, "Báo cáo tháng")
    assert receiver.call("getEdoc", docId=listed["docId"]).content == raw
    assert receiver.call("updateStatus", docId=listed["docId"], status="done").json()["ErrorCode"] == "0"
    assert receiver.call("getReceivedEdocList").json()["data"] == []
    for code in ("03", "04", "05", "06"):
        told = receiver.state(listed["documentId"], given.SA_PA, code)
        assert receiver.call("sendEdoc", told, kind="status").json()["status"] == "OK"
        settle()
    states = sender.call("getReceivedEdocList", kind="status").json()["data"]
    assert [one["status"] for one in states] == [""] * 5
    messages = [
        read(sender.call("getEdoc", kind="status", docId=one["docId"]).content).message for one in states
    ]
    assert [one.state.value for one in messages] == ["01", "03", "04", "05", "06"]
    (mine,) = sender.call("getSentEdocList").json()["data"]
    assert mine["receivers"] == [{"code": given.BAC_HA, "name": "Ủy ban nhân dân xã Bắc Hà", "status": "06"}]
    assert Incoming.objects.get().state == "done"


def test_an_update_and_its_update_take_the_place_of_what_they_name(sender, receiver):
    names = [f"{given.SA_PA},2026/11/20,{number}/BC-UBND" for number in (15, 16, 17)]
    assert sender.call("sendEdoc", sender.write(given.BAC_HA)).json()["status"] == "OK"
    settle()
    assert (
        receiver.call("sendEdoc", receiver.state(names[0], given.SA_PA, "04"), kind="status").status_code
        == 200
    )
    for number, about in (("16", names[0]), ("17", names[0])):
        raw = sender.write(given.BAC_HA, number=number, purpose=2, about=about)
        for _time in range(2):
            assert sender.call("sendEdoc", raw).json()["status"] == "OK"
            settle()
    assert [one.earlier and one.earlier.serial for one in Outgoing.objects.order_by("serial")] == [
        None,
        15,
        16,
    ]
    told = receiver.state(names[2], given.SA_PA, "06")
    assert receiver.call("sendEdoc", told, kind="status").json()["status"] == "OK"
    settle()
    states = [one.state for one in Incoming.objects.order_by("arrived_at")]
    assert states == ["superseded", "superseded", "done"]
    assert [one.state for one in Delivery.objects.order_by("outgoing__serial")] == ["15", "15", "06"]


def test_what_turns_out_secret_is_not_listed(sender, receiver):
    assert sender.call("sendEdoc", sender.write(given.BAC_HA)).json()["status"] == "OK"
    settle()
    assert [
        len(receiver.call("getReceivedEdocList").json()["data"]),
        len(sender.call("getSentEdocList").json()["data"]),
    ] == [1, 1]
    for model in (Incoming, Outgoing):
        model.objects.update(secrecy=2)
    assert [
        receiver.call("getReceivedEdocList").json()["data"],
        sender.call("getSentEdocList").json()["data"],
    ] == [[], []]


def test_an_answer_of_a_document_system_ends_the_task_at_both(sender, receiver):
    task = sender.write(given.BAC_HA, more="<edXML:DueDate>2099/12/01</edXML:DueDate>")
    assert sender.call("sendEdoc", task).json()["status"] == "OK"
    settle()
    came, delivery = Incoming.objects.get(), Delivery.objects.get()
    assert (came.answer_by, came.answered_at, delivery.owes_answer) == (date(2099, 12, 1), None, True)
    named = f"<edXML:DocumentId>{came.document_id}</edXML:DocumentId>"
    raw = receiver.write(given.SA_PA, more=f"<edXML:ResponseFor>{named}</edXML:ResponseFor>")
    for _time in range(2):
        assert receiver.call("sendEdoc", raw).json()["status"] == "OK"
        settle()
    came.refresh_from_db()
    answer = Incoming.objects.get(agency=given.SA_PA)
    assert (answer.responds_to.document_id, Delivery.objects.get(pk=delivery.pk).answer) == (
        came.document_id,
        answer,
    )
    assert came.answered_at is not None
    given_and_answered = [
        Entry.objects.of(f"dispatches.{name}").count() for name in ("TaskGiven", "TaskAnswered")
    ]
    assert given_and_answered == [1, 1]


def test_handed_in_twice_it_is_sent_once(sender, receiver):
    raw = sender.write(given.BAC_HA)
    first, again = sender.call("sendEdoc", raw).json(), sender.call("sendEdoc", raw).json()
    assert first["DocId"] == again["DocId"]
    settle()
    assert (Outgoing.objects.count(), Incoming.objects.count()) == (1, 1)


def test_another_document_under_the_same_identifier_or_number_is_refused(sender):
    sender.call("sendEdoc", sender.write(given.BAC_HA))
    assert refusal(sender.call("sendEdoc", sender.write(given.BAC_HA, subject="Khác"))) == refused(422)
    assert refusal(sender.call("sendEdoc", sender.write(given.BAC_HA, document="khac"))) == refused(422)
    assert sender.call("sendEdoc", sender.write(given.BAC_HA, notation="TB-UBND")).json()["status"] == "OK"


def test_a_state_told_twice_or_too_late_changes_nothing(sender, receiver):
    sender.call("sendEdoc", sender.write(given.BAC_HA))
    settle()
    came = Incoming.objects.get()
    for code in ("06", "06", "03"):
        told = receiver.state(came.document_id, given.SA_PA, code)
        assert receiver.call("sendEdoc", told, kind="status").json()["status"] == "OK"
    settle()
    assert [one["state"] for one in Delivery.objects.get().told] == ["01", "06"]
    came.refresh_from_db()
    assert (came.state, came.serial) == ("done", 1)


def test_what_is_sent_at_our_desk_reaches_a_system_and_what_it_refuses_is_told(sender, receiver):
    letter = Outgoing(
        agency=given.SA_PA, kind="letter", subject="Họp", text="Mời họp.", receivers=[given.BAC_HA]
    )
    letter = actions.draft(letter, by=given.officer("specialist"))
    letter = actions.sign(
        actions.submit(letter, by=given.officer("specialist")), by=given.officer("chair"), position="Chủ tịch"
    )
    actions.issue(letter, by=given.officer("clerk"))
    settle()
    (listed,) = receiver.call("getReceivedEdocList").json()["data"]
    assert receiver.call("getEdoc", docId=listed["docId"]).content == store().read(
        Incoming.objects.get().message
    )
    told = receiver.state(listed["documentId"], given.SA_PA, "02", "Gửi nhầm cơ quan")
    receiver.call("sendEdoc", told, kind="status")
    settle()
    assert (Delivery.objects.get().state, Delivery.objects.get().last_words) == ("02", "Gửi nhầm cơ quan")


def test_a_recall_reaches_who_has_it_and_is_answered(sender, receiver):
    sender.call("sendEdoc", sender.write(given.BAC_HA))
    settle()
    assert sender.call("sendEdoc", sender.write(given.BAC_HA, purpose=1)).json()["status"] == "OK"
    settle()
    came = Incoming.objects.get()
    assert came.recall_asked_at is not None
    listed = {one["docId"]: one for one in receiver.call("getReceivedEdocList").json()["data"]}
    (recall,) = [name for name in listed if name.endswith("-recall")]
    asked = read(receiver.call("getEdoc", docId=recall).content).message
    assert (asked.purpose.value, listed[recall]["from"]) == (1, given.SA_PA)
    assert receiver.call("updateStatus", docId=recall, status="done").json()["status"] == "OK"
    assert [one["docId"] for one in receiver.call("getReceivedEdocList").json()["data"]] == [str(came.pk)]
    assert refusal(sender.call("getEdoc", docId=recall)) == refused(404)
    assert Outgoing.objects.get().state == "asked_back"
    receiver.call("sendEdoc", receiver.state(came.document_id, given.SA_PA, "15", "Đồng ý"), kind="status")
    settle()
    assert Delivery.objects.get().recall_answer == "15"
    assert Outgoing.objects.get().state == "recalled"
    assert sender.call("sendEdoc", sender.write(given.BAC_HA, purpose=1)).json()["status"] == "OK"
    assert Outgoing.objects.get().state == "recalled"


def test_who_did_not_give_a_document_back_is_asked_again(sender, receiver):
    sender.call("sendEdoc", sender.write(given.BAC_HA))
    settle()
    for words in ("Đang thực hiện", "Đã báo cáo"):
        sender.call("sendEdoc", sender.write(given.BAC_HA, purpose=1))
        settle()
        assert (Delivery.objects.get().recall_answer, Outgoing.objects.get().state) == ("", "asked_back")
        told = receiver.state(Incoming.objects.get().document_id, given.SA_PA, "16", words)
        receiver.call("sendEdoc", told, kind="status")
        settle()
        assert (Delivery.objects.get().recall_answer, Outgoing.objects.get().state) == ("16", "issued")


def test_who_is_not_known_or_signs_wrongly_is_refused(sender):
    stranger = DocumentSystem(Browser().post, "x", "key", given.SA_PA)
    other = system(given.BAC_HA, Scope.READ)
    now = datetime.now(UTC)
    calls = [
        stranger.call("getSentEdocList"),
        other.call("getSentEdocList"),
        sender.call("getSentEdocList", key="other"),
        sender.call("getSentEdocList", at=now - timedelta(minutes=6)),
        sender.call("getSentEdocList", spoil={"timestamp": "yesterday"}),
        sender.call("getSentEdocList", spoil={"hash-header": "systemid"}),
        sender.call("sendEdoc", b"x", spoil={"hash-file": "0" * 64}),
        sender.call("updateStatus", spoil={"docId": "1", "status": "done"}),
        sender.call("updateStatus", docId="1", spoil={"status": "done"}),
    ]
    assert [refusal(one) for one in calls] == [refused(401)] * len(calls)


def test_calls_signed_wrongly_neither_count_nor_are_read(sender, monkeypatch):
    monkeypatch.setattr("motcua.api.views.axis.LARGEST", 10)
    Client.objects.filter(pk=sender.system).update(per_minute=1)
    for _again in range(3):
        assert refusal(sender.call("sendEdoc", b"longer than ten", key="other")) == refused(401)
    assert refusal(sender.call("sendEdoc", b"longer than ten")) == refused(413)
    assert refusal(sender.call("getSentEdocList")) == refused(429)


def test_nobody_speaks_for_another_agency(sender):
    sender.agency = given.BAC_HA
    assert refusal(sender.call("getSentEdocList")) == refused(403)
    raw = sender.write(given.SA_PA)
    sender.agency = given.SA_PA
    assert refusal(sender.call("sendEdoc", raw)) == refused(403)


@pytest.mark.parametrize(
    "body", [b"rubbish", b"<edXML/>", b'<!DOCTYPE x [<!ENTITY a "b">]><edXML>&a;</edXML>', b"\0" * 100]
)
def test_rubbish_is_refused_with_a_reason(sender, body):
    assert refusal(sender.call("sendEdoc", body)) == refused(422)
    assert not Outgoing.objects.exists()


def test_what_bears_no_signature_or_no_number_is_refused(sender):
    assert refusal(sender.call("sendEdoc", sender.write(given.BAC_HA, signed=False))) == refused(422)
    assert refusal(sender.call("sendEdoc", sender.write(given.BAC_HA, number="15a"))) == refused(422)
    assert refusal(sender.call("sendEdoc", sender.write("H99.99"))) == refused(422)


def test_a_number_too_long_and_an_identifier_of_another_agency_are_refused(sender):
    assert refusal(sender.call("sendEdoc", sender.write(given.BAC_HA, number="1" * 7))) == refused(422)
    theirs = f"{given.BAC_HA},2026/11/20,15/BC-UBND"
    assert refusal(sender.call("sendEdoc", sender.write(given.BAC_HA, document=theirs))) == refused(422)


def test_a_number_the_agencys_own_system_gave_is_not_given_here_and_its_words_are_found(sender, receiver):
    notation = given.agency().abbreviation
    sender.call("sendEdoc", sender.write(given.BAC_HA, number="1", notation=notation))
    settle()
    sent = Outgoing.objects.get()
    assert (timezone.localtime(sent.signed_at).date(), sent.wording.pk > 0) == (date(2026, 11, 20), True)
    letter = Outgoing(
        agency=given.SA_PA, kind="letter", subject="Họp", text="Mời họp.", receivers=[given.BAC_HA]
    )
    letter = actions.draft(letter, by=given.officer("specialist"))
    actions.submit(letter, by=given.officer("specialist"))
    Outgoing.objects.filter(pk=sent.pk).update(year=timezone.localdate().year)
    assert actions.sign(letter, by=given.officer("chair"), position="Chủ tịch").serial == 2


def test_what_is_not_there_and_what_nobody_knows_is_said(sender, receiver):
    assert refusal(sender.call("getEdoc", docId="x")) == refused(404)
    sender.call("sendEdoc", sender.write(given.BAC_HA))
    settle()
    assert refusal(receiver.call("getEdoc", docId=f"{Incoming.objects.get().pk}-recall")) == refused(404)
    assert refusal(sender.call("getEdoc", kind="status", docId="1-1")) == refused(404)
    assert refusal(sender.call("updateStatus", docId="x", status="done")) == refused(404)
    assert refusal(sender.call("updateStatus", docId="x", status="eaten")) == refused(422)
    assert refusal(sender.call("registerEverything")) == refused(404)
    assert refusal(sender.call("getSentEdocList", kind="letters")) == refused(422)
    told = receiver.state("khong-co", given.SA_PA, "03")
    assert refusal(receiver.call("sendEdoc", told, kind="status")) == refused(404)
    assert Browser().get("/axis/sendEdoc").status_code == 405


def test_another_agencys_messages_are_not_there(sender, receiver):
    sender.call("sendEdoc", sender.write(given.BAC_HA))
    settle()
    (listed,) = receiver.call("getReceivedEdocList").json()["data"]
    assert refusal(sender.call("getEdoc", docId=listed["docId"])) == refused(404)
    assert sender.call("getReceivedEdocList").json()["data"] == []


def test_the_agencies_are_listed(sender):
    found = sender.call("getAgenciesList").json()["data"]
    assert given.SA_PA in {one["code"] for one in found}
