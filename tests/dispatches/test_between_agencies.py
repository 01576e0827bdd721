"""A document goes from one agency to another and says by itself where it stands."""

import pytest

from motcua.dispatches import actions
from motcua.dispatches.models import Delivery, Incoming, Numbering, Outgoing
from motcua.dispatches.models.numbering import series_of
from motcua.documents.edxml.message import Document
from motcua.documents.edxml.reading import read
from motcua.documents.models import keyring, store
from motcua.documents.verification import verify
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from tests import given
from tests.dispatches.conftest import clerk_there, head_there, issued, signed, there, today, written
from tests.post import settle


def stands() -> str:
    return Delivery.objects.get().state


def test_a_signed_document_has_its_number_and_two_signatures():
    letter = issued()
    day = today()
    assert letter.number == f"01/{given.agency().abbreviation}"
    assert letter.document_id == f"{given.SA_PA},{day:%Y/%m/%d},{letter.number}"
    found = verify(store().read(letter.files[0]["digest"]), keyring().trusted())
    assert [(one.who, one.faults) for one in found.signatures] == [
        (given.officer("chair").name, ()),
        ("Ủy ban nhân dân phường Sa Pa", ()),
    ]


def test_it_arrives_by_itself_and_its_sender_sees_so():
    letter = issued()
    came = there()
    assert (came.sender, came.subject, came.number, came.document_id) == (
        given.SA_PA,
        letter.subject,
        letter.number,
        letter.document_id,
    )
    assert came.warnings == []
    assert came.signed_by == "Ủy ban nhân dân phường Sa Pa"
    assert [file["name"] for file in came.files] == [f"{letter.number.replace('/', '-')}.pdf"]
    assert store().read(came.files[0]["digest"]) == store().read(letter.files[0]["digest"])
    assert stands() == "01"


def test_what_came_in_is_kept_byte_for_byte():
    letter = issued()
    message = read(store().read(there().message)).message
    assert isinstance(message, Document)
    assert message.header.document_id == letter.document_id


def test_states_follow_from_what_people_do_at_the_receiver():
    issued()
    seen = [stands()]
    hand = given.account("man")
    for deed in (
        lambda: actions.register(there(), by=clerk_there()),
        lambda: actions.assign(there(), by=head_there(), to=hand, instruction="Cử cán bộ dự họp."),
        lambda: actions.begin(there(), by=given.actor("man")),
        lambda: actions.finish(there(), by=given.actor("man")),
    ):
        deed()
        settle()
        seen.append(stands())
    assert seen == ["01", "03", "04", "05", "06"]
    told = [one["state"] for one in Delivery.objects.get().told]
    assert told == ["01", "03", "04", "05", "06"]
    assert there().serial == 1


def test_a_refusal_comes_back_with_its_reason():
    issued()
    actions.refuse(there(), by=clerk_there(), reason="Gửi nhầm cơ quan.")
    settle()
    assert stands() == "02"
    assert Delivery.objects.get().told[-1]["words"] == "Gửi nhầm cơ quan."


@pytest.mark.parametrize(("agreed", "answer"), [(True, "15"), (False, "16")])
def test_a_document_asked_back_is_given_back_or_not(agreed, answer):
    letter = issued()
    actions.register(there(), by=clerk_there())
    settle()
    actions.recall(letter, by=given.officer("clerk"), reason="Sai số liệu.")
    settle()
    assert there().recall_reason == "Sai số liệu."
    letter.refresh_from_db()
    assert (letter.state, letter.deliveries.get().recall_words) == (
        Outgoing.State.ASKED_BACK,
        "Đã yêu cầu lấy lại, bên nhận chưa trả lời",
    )
    if agreed:
        actions.give_back(there(), by=clerk_there())
    else:
        actions.keep_on(there(), by=clerk_there(), reason="Đã thực hiện xong.")
    settle()
    delivery = Delivery.objects.get()
    assert (delivery.recall_answer, delivery.state) == (answer, "15" if agreed else "03")
    letter.refresh_from_db()
    assert letter.state == (Outgoing.State.RECALLED if agreed else Outgoing.State.ISSUED)
    assert there().state == (Incoming.State.GIVEN_BACK if agreed else Incoming.State.REGISTERED)


def test_what_is_done_already_is_not_given_back_and_its_sender_hears_so():
    letter = issued()
    actions.register(there(), by=clerk_there())
    actions.finish(there(), by=clerk_there())
    settle()
    actions.recall(letter, by=given.officer("clerk"), reason="Sai số liệu.")
    settle()
    delivery = Delivery.objects.get()
    assert (delivery.recall_answer, delivery.state, delivery.last_words) == (
        "16",
        "06",
        "Văn bản này đã được xử lý xong.",
    )
    assert there().state == Incoming.State.DONE


def test_what_two_have_is_recalled_only_when_both_have_given_it_back():
    letter = issued(receivers=[given.BAC_HA, "H38"])
    actions.recall(letter, by=given.officer("clerk"), reason="Sai số liệu.")
    settle()
    actions.give_back(there(), by=clerk_there())
    settle()
    letter.refresh_from_db()
    assert letter.state == Outgoing.State.ASKED_BACK
    elsewhere = Incoming.objects.get(agency="H38")
    actions.give_back(elsewhere, by=given.actor("que"))
    settle()
    letter.refresh_from_db()
    assert letter.state == Outgoing.State.RECALLED
    with pytest.raises(NotNow):
        actions.recall(letter, by=given.officer("clerk"), reason="Sai số liệu.")


def test_a_recall_refused_by_one_leaves_it_issued_and_may_be_asked_again():
    letter = issued()
    for reason in ("Đang thực hiện.", "Đã báo cáo."):
        actions.recall(letter, by=given.officer("clerk"), reason="Sai số liệu.")
        settle()
        actions.keep_on(there(), by=clerk_there(), reason=reason)
        settle()
        letter.refresh_from_db()
        assert (letter.state, letter.deliveries.get().recall_words) == ("issued", "Không trả lại")


def test_everything_sent_twice_changes_nothing():
    actions.issue(signed(), by=given.officer("clerk"))
    settle(times=2)
    actions.register(there(), by=clerk_there())
    settle(times=3)
    assert [one["state"] for one in Delivery.objects.get().told] == ["01", "03"]
    assert Entry.objects.filter(event="dispatches.DispatchArrived").count() == 1


def test_numbers_go_on_without_a_gap_also_past_what_is_not_issued():
    first, second = signed(), signed()
    actions.void(first, by=given.officer("clerk"), reason="Sai thể thức.")
    third = signed()
    register = Outgoing.objects.register(given.SA_PA, today().year)
    assert [(one.serial, one.state) for one in register] == [(1, "voided"), (2, "signed"), (3, "signed")]
    assert (second.serial, third.serial) == (2, 3)


@pytest.mark.parametrize(
    ("deed", "who"),
    [
        (
            lambda by: actions.sign(
                actions.submit(written(), by=given.officer("specialist")), by=by, position="x"
            ),
            "specialist",
        ),
        (lambda by: actions.issue(signed(), by=by), "chair"),
        (lambda by: actions.draft(Outgoing(agency=given.BAC_HA, kind="letter", subject="x"), by=by), "clerk"),
    ],
)
def test_who_may_not_is_refused(deed, who):
    with pytest.raises(Refused):
        deed(given.officer(who))


def test_a_receiver_cannot_be_oneself_and_a_subject_is_needed():
    with pytest.raises(Invalid, match="cơ quan của bạn"):
        written(receivers=[given.SA_PA])
    with pytest.raises(Invalid):
        written(subject="  ")


def test_a_new_way_of_numbering_waits_for_the_year_that_has_no_number_yet():
    clerk, year = given.officer("clerk"), today().year
    assert actions.set_numbering(Numbering(agency=given.SA_PA), by=clerk, is_by_kind=True).since == year
    assert [signed(kind=kind).number.partition("/")[0] for kind in ("notice", "report", "notice")] == [
        "01",
        "01",
        "02",
    ]
    assert actions.set_numbering(Numbering(agency=given.SA_PA), by=clerk, is_by_kind=False).since == year + 1
    assert [series_of(given.SA_PA, "notice", one) for one in (year, year + 1)] == ["notice", ""]
    with pytest.raises(Refused):
        actions.set_numbering(Numbering(agency=given.SA_PA), by=given.officer("specialist"), is_by_kind=True)


def test_what_is_issued_is_not_signed_again():
    with pytest.raises(NotNow):
        actions.sign(issued(), by=given.officer("chair"), position="Chủ tịch")
