"""Agencies that only a document axis reaches write to ours, hear where their documents stand, and are written to."""

from datetime import date

import pytest
from django.db import OperationalError

from motcua.api import bridging, posting, tasks
from motcua.dispatches import actions
from motcua.dispatches.models import Delivery, Incoming, Outgoing
from motcua.documents.edxml.reading import read
from motcua.documents.models import store
from motcua.journal.models import Entry
from motcua.lib.actors import Actor, Grant
from tests import given, post
from tests.api.axis_elsewhere import Axis
from tests.api.document_system import DocumentSystem
from tests.post import settle

OURS, BEYOND = given.SA_PA, given.BAC_HA


@pytest.fixture
def axis(db, settings):
    given.country()
    given.keys()
    far = Axis({"mot-cua": "khoa-cua-ta", "xa": "khoa-cua-ho"})
    (settings.KEYS / "axis.key").write_text("khoa-cua-ta\n")
    told = {
        "axis_url": far.url,
        "axis_system": "mot-cua",
        "axis_agencies": (BEYOND,),
        "axis_speaks_for": (OURS,),
    }
    settings.NODE = settings.NODE.model_copy(update=told)
    yield far
    far.close()


@pytest.fixture
def beyond(axis):
    """The document system of the agency beyond."""
    return DocumentSystem(axis.post, "xa", "khoa-cua-ho", BEYOND)


def turn():
    bridging.turn()
    settle()


def written(**changes):
    letter = Outgoing(agency=OURS, kind="letter", subject="Họp", text="Mời họp.", receivers=[BEYOND])
    for name, value in changes.items():
        setattr(letter, name, value)
    letter = actions.draft(letter, by=given.officer("specialist"))
    letter = actions.submit(letter, by=given.officer("specialist"))
    letter = actions.sign(letter, by=given.officer("chair"), position="Chủ tịch")
    letter = actions.issue(letter, by=given.officer("clerk"))
    settle()
    return letter


def test_what_we_write_lies_there_byte_for_byte_and_its_states_come_back(axis, beyond):
    letter = written()
    turn()
    (there,) = axis.lying[BEYOND, "edoc"].values()
    assert there["raw"] == store().read(Incoming.objects.get().message)
    for code in ("03", "05", "06"):
        beyond.call("sendEdoc", beyond.state(letter.document_id, OURS, code), kind="status")
    turn()
    assert [one["state"] for one in Delivery.objects.get().told] == ["01", "03", "05", "06"]
    assert {one["status"] for one in axis.lying[OURS, "status"].values()} == {"done"}
    before = len(axis.calls)
    turn()  # nothing new: only the two lists are asked for
    assert [call[0] for call in axis.calls[before:]] == ["getReceivedEdocList"] * 2


def test_a_state_secret_is_not_offered_to_the_axis(axis):
    written()
    actions.classify(
        Incoming.objects.get(), by=Actor("system:test", "", frozenset({Grant("clerk", BEYOND)})), degree=2
    )
    turn()
    assert (BEYOND, "edoc") not in axis.lying or not axis.lying[BEYOND, "edoc"]
    assert Delivery.objects.get().state == "02"


def test_what_they_write_arrives_here_and_they_hear_where_it_stands(axis, beyond):
    raw = beyond.write(OURS, signed=False, document="a7f3-khong-theo-quy-uoc")
    beyond.call("sendEdoc", raw)
    for _time in range(2):
        turn()
    came = Incoming.objects.get()
    assert (came.agency, came.sender, store().read(came.message)) == (OURS, BEYOND, raw)
    assert came.signed_by == ""  # nobody vouches for it but the axis, and the page says so
    actions.register(came, by=given.officer("clerk"))
    settle()
    turn()
    told = [read(one["raw"]).message for one in axis.lying[BEYOND, "status"].values()]
    assert [one.state.value for one in told] == ["01", "03"]
    assert {one.header.response.document_id for one in told} == {came.document_id}


def test_both_ask_back_what_they_sent(axis, beyond):
    letter = written()
    turn()
    actions.recall(letter, by=given.officer("clerk"), reason="Sai số liệu")
    settle()
    turn()
    _document, recall = axis.lying[BEYOND, "edoc"].values()
    assert read(recall["raw"]).message.traces.business.reason == "Sai số liệu"
    beyond.call("sendEdoc", beyond.state(letter.document_id, OURS, "15", "Đồng ý"), kind="status")
    beyond.call("sendEdoc", beyond.write(OURS))
    turn()
    letter.refresh_from_db()
    assert letter.state == "recalled"
    beyond.call("sendEdoc", beyond.write(OURS, purpose=1))
    turn()
    came = Incoming.objects.get(agency=OURS)
    assert came.recall_asked_at is not None
    actions.give_back(came, by=given.officer("clerk"))
    settle()
    turn()
    answers = [read(one["raw"]).message.state.value for one in axis.lying[BEYOND, "status"].values()]
    assert answers == ["01", "15"]


def test_what_the_axis_refuses_is_told_to_who_wrote_it(axis):
    axis.refuses = "Họp"
    written()
    for _time in range(2):
        turn()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_words) == ("02", "22 văn bản không đúng thể thức")
    assert [call[0] for call in axis.calls].count("sendEdoc") == 1


def test_who_is_beyond_an_axis_is_not_reminded_and_the_sender_hears_so(axis):
    letter = written(answer_by=date(2099, 1, 1))
    actions.remind(letter, by=given.officer("clerk"), words="Đề nghị trả lời.")
    post.REFUSED.clear()
    settle()
    assert post.REFUSED == [
        (
            "document.reminder",
            "Cơ quan này nhận văn bản qua trục liên thông, nơi không có lời nhắc. Hãy gửi văn bản nhắc.",
        )
    ]


@pytest.mark.parametrize("rubbish", [b"rubbish", b"<edXML/>", b"\0" * 100])
def test_what_cannot_be_read_is_marked_there_and_stands_in_the_journal(axis, rubbish):
    axis.lay(OURS, "edoc", rubbish)
    for _time in range(2):
        turn()
    assert [one["status"] for one in axis.lying[OURS, "edoc"].values()] == ["fail"]
    (entry,) = Entry.objects.of("api.AxisRefused")
    assert (entry.facts["agency"], entry.facts["document"], bool(entry.facts["reason"])) == (OURS, "m1", True)
    assert not Incoming.objects.exists()


def test_nobody_beyond_speaks_for_one_of_ours(axis, beyond):
    beyond.agency = OURS
    axis.lay(OURS, "edoc", beyond.write(OURS))
    axis.lay(OURS, "status", beyond.state("x", OURS, "06"))
    turn()
    assert (Incoming.objects.count(), Outgoing.objects.count()) == (0, 0)


def test_what_goes_to_two_beyond_is_sent_once_and_comes_back_to_nobody(axis, settings):
    third = "H38"
    settings.NODE = settings.NODE.model_copy(update={"axis_agencies": (BEYOND, third)})
    written(receivers=[BEYOND, third])
    turn()
    assert [call for call in axis.calls if call[0] == "sendEdoc"] == [("sendEdoc", OURS, "edoc")]
    assert {key for key in axis.lying if axis.lying[key]} == {(BEYOND, "edoc"), (third, "edoc")}


def test_what_fails_by_itself_waits_and_holds_up_no_other(axis, beyond, caplog):
    axis.falls = "Lũ quét"
    for subject in ("Lũ quét", "Họp"):
        written(subject=subject)
    turn()
    assert len(axis.lying[BEYOND, "edoc"]) == 1
    assert "The document axis answers, but not about" in caplog.text
    axis.falls = ""
    turn()
    assert len(axis.lying[BEYOND, "edoc"]) == 2


def test_what_cannot_be_fetched_or_trips_us_holds_up_no_other(axis, beyond, monkeypatch, caplog):
    for number in ("15", "16", "17"):
        beyond.call("sendEdoc", beyond.write(OURS, number=number))
    take = bridging.take

    def stumble(raw, *, by):
        if b"16/BC-UBND" in raw:
            raise ZeroDivisionError
        take(raw, by=by)

    monkeypatch.setattr(bridging, "take", stumble)
    axis.falls = "m1"
    turn()
    assert [one["status"] for one in axis.lying[OURS, "edoc"].values()] == ["", "", "done"]
    assert "could not be passed on; it waits" in caplog.text
    axis.falls = ""
    monkeypatch.setattr(bridging, "take", take)
    turn()
    assert {one["status"] for one in axis.lying[OURS, "edoc"].values()} == {"done"}
    assert Incoming.objects.count() == 3


def test_refused_is_noted_with_what_its_sender_hears_or_not_at_all(axis, monkeypatch):
    axis.refuses = "Họp"
    written()

    def fall(*_said, **_more):
        raise OperationalError

    follow = actions.follow
    monkeypatch.setattr(actions, "follow", fall)
    turn()
    assert Incoming.objects.get().fetched == ""
    monkeypatch.setattr(actions, "follow", follow)
    turn()
    assert (Incoming.objects.get().fetched, Delivery.objects.get().state) == ("fail", "02")


def test_an_axis_that_is_down_or_does_not_know_us_loses_nothing(axis, settings, caplog):
    written()
    axis.is_down = True
    with pytest.raises(posting.Failed):
        bridging.turn()
    tasks.bridge(0)  # the job says so and waits for its next minute
    assert "The document axis does not answer" in caplog.text
    axis.is_down = False
    (settings.KEYS / "axis.key").write_text("khoa-sai")
    with pytest.raises(posting.Failed):
        bridging.turn()
    (settings.KEYS / "axis.key").write_text("khoa-cua-ta")
    turn()
    assert len(axis.lying[BEYOND, "edoc"]) == 1
