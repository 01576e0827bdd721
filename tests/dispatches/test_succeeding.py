"""A document is updated or replaced: at each receiver the later one stands beside it and takes its place, and the task with it."""

import pytest
from django.urls import reverse

from motcua.demo.carrying import message_of
from motcua.dispatches import actions
from motcua.dispatches.models import Delivery, Incoming, Outgoing
from motcua.dispatches.notifying import DISPATCHES
from motcua.documents.edxml.message import Purpose
from motcua.exchange.messages import HANDLERS, Message
from motcua.exchange.models import Outbox
from motcua.lib.actions import Invalid, NotNow
from motcua.notices.models import Notice
from tests import given
from tests.dispatches.conftest import CLERK, TEXT, clerk_there, head_there, issued, signed, written
from tests.dispatches.test_sent_on import MINISTRY, PROVINCE, came, from_above
from tests.post import carry_messages, settle


def later(letter, purpose=Purpose.REPLACEMENT, **changes) -> Outgoing:
    return issued(earlier=letter, purpose=purpose, subject="Cử hai cán bộ dự họp", **changes)


def at(document) -> Incoming:
    return Incoming.objects.get(agency=given.BAC_HA, document_id=document.document_id)


def in_hand(letter) -> Incoming:
    """The letter, being worked on at Bắc Hà."""
    actions.register(at(letter), by=clerk_there())
    actions.assign(at(letter), by=head_there(), to=given.account("man"), instruction="Cử cán bộ dự họp.")
    actions.begin(at(letter), by=given.actor("man"))
    settle()
    return at(letter)


@pytest.mark.parametrize("purpose", [Purpose.UPDATE, Purpose.REPLACEMENT])
def test_the_later_one_takes_its_place_and_the_task_moves(purpose):
    letter = issued()
    in_hand(letter)
    new = later(letter, purpose)
    assert (at(letter).replaced_by, at(letter).state) == (at(new), "begun")
    assert (
        at(new).takes_the_place_of
        == {
            Purpose.UPDATE: "Cập nhật văn bản",
            Purpose.REPLACEMENT: "Thay thế văn bản",
        }[purpose]
    )
    actions.register(at(new), by=clerk_there())
    settle()
    old, fresh = at(letter), at(new)
    assert (old.state, fresh.state, fresh.serial) == ("superseded", "begun", 2)
    assert (fresh.holder, fresh.instruction, fresh.due_at) == (old.holder, old.instruction, old.due_at)
    states = {one.outgoing_id: one.state for one in Delivery.objects.filter(agency=given.BAC_HA)}
    assert states == {letter.pk: "15", new.pk: "05"}
    assert letter.successor == new
    told = Notice.objects.filter(recipient=given.account("man"), code__startswith="dispatches.").order_by(
        "sent_at", "pk"
    )
    # Given once; that the task moved is not told as another one given.
    assert [one.code for one in told] == ["dispatches.given", "dispatches.changed", "dispatches.moved"]
    assert [one.link for one in told][1:] == [f"/desk/incoming/{fresh.pk}/"] * 2


def test_one_that_is_refused_takes_no_place_and_the_sender_hears_why():
    letter = issued()
    in_hand(letter)
    new = later(letter)
    actions.refuse(at(new), by=clerk_there(), reason="Thiếu phụ lục.")
    settle()
    assert (at(letter).state, at(letter).successor) == ("begun", None)
    told = {
        one.outgoing_id: (one.state, one.last_words) for one in Delivery.objects.filter(agency=given.BAC_HA)
    }
    assert told == {letter.pk: ("05", "Thiếu phụ lục."), new.pk: ("02", "Thiếu phụ lục.")}
    assert Delivery.objects.get(outgoing=letter).recall_answer == "16"


def test_what_is_done_stays_done_and_the_later_one_is_a_document_of_its_own():
    letter = issued()
    in_hand(letter)
    actions.finish(at(letter), by=given.actor("man"))
    settle()
    new = later(letter)
    actions.register(at(new), by=clerk_there())
    settle()
    assert (at(letter).state, at(new).state, at(new).holder) == ("done", "registered", "")
    old = Delivery.objects.get(outgoing=letter)
    assert (old.state, old.recall_answer, old.last_words) == ("06", "16", "Văn bản này đã được xử lý xong.")


def test_an_update_of_an_update_takes_the_place_of_the_last():
    letter = issued()
    in_hand(letter)
    second = later(letter, Purpose.UPDATE)
    with pytest.raises(Invalid, match="đã được"):
        written(earlier=letter, purpose=Purpose.UPDATE)
    third = later(second, Purpose.UPDATE)
    for one in (second, third):
        actions.register(at(one), by=clerk_there())
    settle()
    assert [at(one).state for one in (letter, second, third)] == ["superseded", "superseded", "begun"]
    assert at(third).holder_name == given.account("man").name


def test_what_mends_one_that_was_refused_takes_the_place_of_the_first():
    letter = issued()
    in_hand(letter)
    second = later(letter)
    actions.refuse(at(second), by=clerk_there(), reason="Thiếu phụ lục.")
    settle()
    third = later(second)
    assert at(letter).successor == at(third)
    actions.register(at(third), by=clerk_there())
    settle()
    assert [at(one).state for one in (letter, second, third)] == ["superseded", "refused", "begun"]
    assert at(third).holder_name == given.account("man").name
    sent = {one.outgoing_id: one.state for one in Delivery.objects.all()}
    assert sent == {letter.pk: "15", second.pk: "02", third.pk: "05"}


def test_one_that_was_never_entered_is_passed_over():
    letter = issued()
    in_hand(letter)
    second = later(letter)
    third = later(second)
    actions.register(at(third), by=clerk_there())
    settle()
    assert [at(one).state for one in (letter, second, third)] == ["superseded", "superseded", "begun"]
    assert at(letter).replaced_by == at(third)


def held_back() -> list[Message]:
    """What waits to be sent, taken out of the way."""
    rows = list(Outbox.objects.order_by("position"))
    Outbox.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return [message_of(row) for row in rows]


@pytest.mark.parametrize("entered", [False, True])
def test_one_that_is_faster_than_what_it_changes_is_linked_when_that_comes(entered):
    letter = actions.issue(signed(), by=given.officer("clerk"))
    slow = held_back()
    new = later(letter)
    if entered:
        actions.register(at(new), by=clerk_there())
        settle()
    for _time in range(2):
        for message in slow:
            HANDLERS[message.kind](message)
        settle()
    assert (at(letter).replaced_by, at(letter).state) == (at(new), "superseded" if entered else "arrived")
    assert Delivery.objects.get(outgoing=letter).state == ("15" if entered else "01")
    if not entered:
        actions.register(at(new), by=clerk_there())
        assert (at(letter).state, at(new).state) == ("superseded", "registered")


def test_two_that_name_each_other_make_no_circle():
    letter = issued()
    new = later(letter)
    Incoming.objects.filter(pk=at(letter).pk).delete()
    Incoming.objects.filter(pk=at(new).pk).update(replaced_by=None)
    again = Incoming(
        agency=given.BAC_HA,
        sender=given.SA_PA,
        sender_name="Sa Pa",
        document_id=letter.document_id,
        subject="Cử cán bộ dự họp",
        message=at(new).message,
        purpose=Purpose.UPDATE,
        changes=[new.document_id],
    )
    actions.arrive(again, by=DISPATCHES)
    assert (at(new).replaced_by, at(letter).replaced_by) == (at(letter), None)


def test_after_a_recall_it_is_written_anew_or_replaced_where_somebody_kept_it():
    letter = issued(receivers=[given.BAC_HA, "H38"])
    actions.register(at(letter), by=clerk_there())
    actions.register(Incoming.objects.get(agency="H38"), by=given.actor("phong"))
    settle()
    actions.recall(letter, by=given.officer("clerk"), reason="Sai số liệu.")
    settle()
    with pytest.raises(Invalid, match="chưa thu hồi"):
        written(earlier=letter, purpose=Purpose.REPLACEMENT)
    actions.give_back(Incoming.objects.get(agency="H38"), by=given.actor("phong"))
    actions.keep_on(at(letter), by=clerk_there(), reason="Đã báo cáo.")
    settle()
    letter.refresh_from_db()
    with pytest.raises(Invalid, match="đang giữ văn bản trước"):
        written(earlier=letter, purpose=Purpose.REPLACEMENT, receivers=["H38"])
    new = later(letter)
    actions.register(at(new), by=clerk_there())
    settle()
    states = {(one.outgoing_id, one.agency): one.state for one in Delivery.objects.all()}
    assert states == {(letter.pk, given.BAC_HA): "15", (letter.pk, "H38"): "15", (new.pk, given.BAC_HA): "03"}
    letter.refresh_from_db()
    assert (letter.state, letter.successor) == (Outgoing.State.ISSUED, new)


def test_whether_it_is_given_back_is_asked_as_long_as_it_is_here_and_wanted_back():
    letter = issued()
    page = given.signed_in(CLERK).get(reverse("desk:incoming_one", args=[at(letter).pk]))
    assert not {"give_back", "keep_on"} & set(page.context["offered"])
    actions.recall(letter, by=given.officer("clerk"), reason="Sai số liệu.")
    settle()
    page = given.signed_in(CLERK).get(reverse("desk:incoming_one", args=[at(letter).pk]))
    assert {"give_back", "keep_on"} <= set(page.context["offered"])
    actions.give_back(at(letter), by=clerk_there())
    with pytest.raises(NotNow):
        actions.keep_on(at(letter), by=clerk_there(), reason="Đã báo cáo.")


def test_a_later_one_that_is_recalled_leaves_the_way_free_for_another():
    letter = issued()
    in_hand(letter)
    wrong = later(letter)
    actions.recall(wrong, by=given.officer("clerk"), reason="Nhầm tệp.")
    settle()
    actions.give_back(at(wrong), by=clerk_there())
    settle()
    assert (at(letter).state, at(letter).successor, letter.successor) == ("begun", None, None)
    right = later(letter)
    actions.register(at(right), by=clerk_there())
    settle()
    assert [at(one).state for one in (letter, wrong, right)] == ["superseded", "given_back", "begun"]


def test_what_is_changed_while_it_waits_to_be_issued_is_not_changed_twice():
    letter = issued()
    waiting = signed(earlier=letter, purpose=Purpose.UPDATE)
    later(letter)
    with pytest.raises(Invalid, match="đã được"):
        actions.issue(waiting, by=given.officer("clerk"))


def test_only_what_ones_own_agency_has_issued_is_changed():
    with pytest.raises(Invalid):
        written(earlier=written(), purpose=Purpose.UPDATE)


def test_everything_sent_twice_changes_nothing():
    letter = issued()
    in_hand(letter)
    new = actions.submit(written(earlier=letter, purpose=Purpose.UPDATE), by=given.officer("specialist"))
    actions.sign(new, by=given.officer("chair"), position="Chủ tịch")
    actions.issue(new, by=given.officer("clerk"))
    settle(times=2)
    actions.register(at(new), by=clerk_there())
    settle(times=2)
    assert [one["state"] for one in Delivery.objects.get(outgoing=letter).told] == [
        "01",
        "03",
        "04",
        "05",
        "15",
    ]
    assert [one["state"] for one in Delivery.objects.get(outgoing=new).told] == ["01", "03", "04", "05"]


def test_it_goes_down_three_hops_and_the_states_come_up_of_both():
    letter = from_above()
    actions.register(came(PROVINCE), by=given.actor("phong"))
    actions.forward(came(PROVINCE), by=given.actor("phong"), receivers=[given.SA_PA, given.BAC_HA])
    settle()
    actions.register(came(given.SA_PA), by=given.actor("niem"))
    settle()
    new = from_above(earlier=letter, purpose=Purpose.REPLACEMENT)
    below = Incoming.objects.get(agency=given.SA_PA, document_id=new.document_id)
    assert (below.sender, below.via) == (MINISTRY, PROVINCE)
    actions.register(below, by=given.actor("niem"))
    actions.refuse(
        Incoming.objects.get(agency=given.BAC_HA, document_id=new.document_id),
        by=given.actor(CLERK),
        reason="Nhầm.",
    )
    actions.register(
        Incoming.objects.get(agency=PROVINCE, document_id=new.document_id), by=given.actor("phong")
    )
    settle()
    states = {(one.outgoing_id, one.agency): one.state for one in Delivery.objects.exclude(outgoing=None)}
    assert states == {
        (letter.pk, PROVINCE): "15",
        (letter.pk, given.SA_PA): "15",
        (letter.pk, given.BAC_HA): "01",
        (new.pk, PROVINCE): "03",
        (new.pk, given.SA_PA): "03",
        (new.pk, given.BAC_HA): "02",
    }


def test_an_earlier_one_that_is_sent_on_late_takes_the_later_one_along():
    letter = from_above()
    actions.register(came(PROVINCE), by=given.actor("phong"))
    new = from_above(earlier=letter, purpose=Purpose.UPDATE)
    above = Incoming.objects.get(agency=PROVINCE, document_id=letter.document_id)
    actions.forward(above, by=given.actor("phong"), receivers=[given.SA_PA])
    settle()
    below = Incoming.objects.filter(agency=given.SA_PA).order_by("arrived_at")
    assert [one.document_id for one in below] == [letter.document_id, new.document_id]
    assert below[0].replaced_by == below[1]


def test_a_recall_of_the_later_one_follows_it_down():
    letter = from_above()
    actions.register(came(PROVINCE), by=given.actor("phong"))
    actions.forward(came(PROVINCE), by=given.actor("phong"), receivers=[given.SA_PA])
    settle()
    new = actions.submit(
        actions.draft(
            Outgoing(
                agency=MINISTRY, kind="letter", subject="Báo cáo", text=TEXT, receivers=[PROVINCE],
                earlier=letter, purpose=Purpose.REPLACEMENT,
            ),
            by=given.actor("tem"),
        ),
        by=given.actor("tem"),
    )  # fmt: skip
    actions.sign(new, by=given.actor("ban"), position="Phó Chủ nhiệm")
    actions.issue(new, by=given.actor("tem"))
    actions.recall(new, by=given.actor("tem"), reason="Nhầm tệp.")
    assert carry_messages() == 2
    down = Outbox.objects.filter(kind="document.edoc", sender=PROVINCE).order_by("position")
    assert [one.stream for one in down] == [f"forwarded:{MINISTRY}"] * 2
    settle()
    below = Incoming.objects.get(agency=given.SA_PA, document_id=new.document_id)
    assert below.recall_reason == "Nhầm tệp."


def test_it_is_written_and_seen_by_forms_alone():
    letter = issued()
    page = given.signed_in("dua").get(reverse("desk:write_document") + f"?replaces={letter.pk}")
    assert f"Thay thế văn bản số {letter.number}" in page.content.decode()
    form = page.context["form"]
    typed = {name: form[name].initial for name in ("kind", "subject", "text", "receivers", "urgency")}
    given.signed_in("dua").post(reverse("desk:write_document") + f"?replaces={letter.pk}", typed)
    draft = Outgoing.objects.get(earlier=letter)
    assert (draft.purpose, draft.receivers) == (Purpose.REPLACEMENT, [given.BAC_HA])
    new = later(letter)
    shown = {
        "sender, old": given.signed_in("dua").get(reverse("desk:outgoing_one", args=[letter.pk])),
        "sender, new": given.signed_in("dua").get(reverse("desk:outgoing_one", args=[new.pk])),
        "receiver, old": given.signed_in(CLERK).get(reverse("desk:incoming_one", args=[at(letter).pk])),
        "receiver, new": given.signed_in(CLERK).get(reverse("desk:incoming_one", args=[at(new).pk])),
    }
    words = {
        "sender, old": "Văn bản này đã được thay thế",
        "sender, new": f"Thay thế văn bản {letter.number}",
        "receiver, old": "Bên gửi đã gửi văn bản mới",
        "receiver, new": f"Thay thế văn bản {letter.number}",
    }
    assert {name: words[name] in page.content.decode() for name, page in shown.items()} == dict.fromkeys(
        words, True
    )


@pytest.mark.parametrize("key", ["nothing", "00000000-0000-4000-8000-000000000000"])
def test_what_is_not_there_is_not_changed(key):
    assert given.signed_in("dua").get(reverse("desk:write_document") + f"?updates={key}").status_code == 404
