"""What operators see and decide, and the proof that the log is whole."""

import asyncio
import io
import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone, translation

from motcua.exchange import actions, verification
from motcua.exchange.models import Decision, Incoming, Leaf, Outbox, Outgoing, Peer
from motcua.exchange.questions import progress
from motcua.exchange.watching import watched
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.lib.actors import Actor, Grant
from motcua.lib.blobs import Store
from tests.exchange.nodes import Country, TestNode, in_memory, sign_drafts
from tests.exchange.test_handling import outgoing

pytestmark = pytest.mark.django_db(transaction=True)

OPERATOR = Actor("person:1", "An", frozenset({Grant("administrator", settings.NODE.agency)}))
OF_THE_SENDER = Actor("person:3", "Chi", frozenset({Grant("administrator", "H38")}))
NEIGHBOUR = Actor("person:4", "Dung", frozenset({Grant("administrator", "H38.03006")}))
CLERK = Actor("person:2", "Bình", frozenset({Grant("clerk", "H38")}))


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def send(**fields):
    return actions.send("test.note", b"{}", **({"sender": "H38", "recipient": "G22"} | fields))


def test_a_message_left_by_an_action_waits_to_be_signed():
    number = send(stream="s", correlation="c", confirm=False)
    row = Outbox.objects.get()
    assert (row.id, row.kind, row.stream, row.correlation, row.confirm, bytes(row.body)) == (
        *(number, "test.note", "s", "c", False),
        b"{}",
    )
    assert row.expires - row.created == timedelta(days=30)
    assert progress(number).state == "waiting"


def test_a_long_body_is_kept_as_a_file(settings):
    body = b"x" * 65_537
    actions.send("test.note", body, sender="H38", recipient="G22")
    row = Outbox.objects.get()
    assert row.body is None
    assert Store(settings.FILES).read(bytes(row.digest).hex()) == body


def test_attachments_are_named_with_their_size(settings):
    kept = Store(settings.FILES).put([b"a picture"])
    send(attachments=[kept.digest])
    assert Outbox.objects.get().attachments == [
        {"digest": kept.digest, "size": 9, "media": "application/octet-stream"}
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"sender": "h38"}, "message.sender"),
        ({"recipient": ""}, "message.recipient"),
        ({"stream": "x" * 121}, "message.stream"),
        ({"expires": timezone.now() - timedelta(1)}, "message.expires"),
        ({"attachments": ["0" * 64]}, "attachments"),
    ],
)
def test_a_message_that_would_not_hold_is_refused_before_it_is_left(fields, field):
    with pytest.raises(Invalid) as invalid:
        send(**fields)
    assert invalid.value.field == field
    assert not Outbox.objects.exists()


def entries():
    return list(Entry.objects.order_by("id").values_list("event", "facts"))


def test_a_dead_letter_is_sent_again_as_it_was_signed():
    message = outgoing(state="dead", reason="too late", settled_at=timezone.now())
    actions.replay(message, by=OPERATOR)
    message.refresh_from_db()
    assert (message.state, message.settled_at) == ("signed", None)
    assert message.give_up_at > timezone.now() + timedelta(days=2)
    assert entries() == [
        ("exchange.MessageReplayed", {"message": str(message.id), "expires": message.expires.isoformat()})
    ]


def test_what_has_expired_is_not_sent_again():
    message = outgoing(state="dead", expires=timezone.now())
    with pytest.raises(Invalid, match="The message has expired; return it"):
        actions.replay(message, by=OPERATOR)


def test_a_dead_letter_is_returned_to_the_context_that_sent_it():
    message = outgoing(state="dead", reason="too late")
    actions.return_to_sender(message, reason="The agency was dissolved.", by=OPERATOR)
    message.refresh_from_db()
    assert (message.state, message.reason) == ("returned", "The agency was dissolved.")
    assert entries() == [
        ("exchange.MessageReturned", {**message.facts, "reason": "The agency was dissolved."})
    ]


def test_a_message_on_its_way_is_taken_back():
    message = outgoing(state="signed")
    actions.cancel(message, reason="Sent by mistake.", by=OPERATOR)
    message.refresh_from_db()
    assert message.state == "cancelled"
    assert entries() == [
        ("exchange.MessageCancelled", {"message": str(message.id), "reason": "Sent by mistake."})
    ]


def test_with_a_dead_letter_go_those_behind_it_in_its_stream():
    first, second, other = (
        outgoing(state="dead", stream=stream, seq=seq, id=f"0193fa00-0000-7000-8000-00000000001{seq}{n}"[:36])
        for n, (stream, seq) in enumerate([("a", 1), ("a", 2), ("b", 3)])
    )
    with pytest.raises(Invalid, match="An earlier message of this stream is stuck too"):
        actions.replay(second, by=OPERATOR)
    actions.replay(first, by=OPERATOR)
    for message, state in ((first, "signed"), (second, "signed"), (other, "dead")):
        message.refresh_from_db()
        assert message.state == state
    decided = [
        json.loads(bytes(text))
        for text in Decision.objects.order_by("position").values_list("text", flat=True)
    ]
    assert [(one["what"], one["message"], one["by"]) for one in decided] == [
        ("replay", str(first.id), "person:1"),
        ("replay", str(second.id), "person:1"),
    ]


def test_a_dead_letter_is_not_sent_behind_what_was_received():
    first = outgoing(state="dead", stream="a", seq=1)
    outgoing(state="received", stream="a", seq=2, id="0193fa00-0000-7000-8000-000000000002")
    with pytest.raises(Invalid, match="Later messages of this stream were received already"):
        actions.replay(first, by=OPERATOR)


def incoming(**fields):
    """A message that came in, as the exchange process would have noted it."""
    values = {
        "message": "0193fa00-0000-7000-8000-000000000001",
        "sender": "H38",
        "digest": bytes(32),
        "leaf": 1,
        "parcel": "0193fa00-0000-7000-8000-0000000000aa",
        "kind": "test.note",
        "recipient": "G22",
        "stream": "",
        "seq": 0,
        "effect": "dead",
        "reason": "RuntimeError: the printer is on fire",
    } | fields
    return Incoming.objects.create(**values)


def jobs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args ->> 'parcel' FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


def test_a_received_message_is_handled_anew():
    message = incoming(tries=34)
    actions.retry(message, by=OPERATOR)
    message.refresh_from_db()
    assert (message.effect, message.tries) == ("pending", 0)
    assert jobs() == [("exchange.handle", str(message.parcel))]
    assert entries() == [("exchange.MessageRetried", {"message": str(message.message), "sender": "H38"})]


def test_a_received_message_is_sent_back_signed():
    message = incoming(stream="a", seq=1)
    behind = incoming(
        message="0193fa00-0000-7000-8000-000000000002",
        parcel="0193fa00-0000-7000-8000-0000000000bb",
        stream="a",
        seq=2,
        effect="pending",
    )
    actions.send_back(message, reason="We cannot read it.", by=OPERATOR)
    message.refresh_from_db()
    assert (message.effect, message.reason) == ("refused", "We cannot read it.")
    told = Outbox.objects.get()
    assert (told.kind, told.sender, told.recipient) == ("exchange.handled", "G22", "H38")
    (line,) = json.loads(bytes(told.body))["handled"]
    assert line == {"message": str(message.message), "digest": "00" * 32, "refused": "We cannot read it."}
    assert jobs() == [("exchange.handle", str(behind.parcel))]
    assert [json.loads(bytes(one.text))["what"] for one in Decision.objects.all()] == ["send_back"]


def test_a_received_message_is_set_aside_without_a_word():
    message = incoming()
    actions.set_aside(message, reason="Sent anew by hand.", by=OPERATOR)
    message.refresh_from_db()
    assert message.effect == "dropped"
    assert not Outbox.objects.exists()
    assert entries()[0][0] == "exchange.MessageSetAside"


@pytest.mark.parametrize("effect", ["done", "answered", "refused", "dropped"])
def test_what_had_its_end_is_left_alone(effect):
    message = incoming(effect=effect)
    for decide in (
        lambda: actions.retry(message, by=OPERATOR),
        lambda: actions.send_back(message, reason="x", by=OPERATOR),
        lambda: actions.set_aside(message, reason="x", by=OPERATOR),
    ):
        with pytest.raises(NotNow):
            decide()


def test_only_operators_decide_about_what_came_in():
    message = incoming()
    for decide in (
        lambda: actions.retry(message, by=CLERK),
        lambda: actions.send_back(message, reason="x", by=CLERK),
        lambda: actions.set_aside(message, reason="x", by=CLERK),
    ):
        with pytest.raises(Refused, match="operators of this node"):
            decide()
    assert (entries(), Decision.objects.count()) == ([], 0)


@pytest.mark.parametrize("state", ["received", "handled", "refused", "returned", "cancelled"])
def test_what_is_settled_is_left_alone(state):
    message = outgoing(state=state)
    for decide in (
        lambda: actions.replay(message, by=OPERATOR),
        lambda: actions.return_to_sender(message, reason="x", by=OPERATOR),
        lambda: actions.cancel(message, reason="x", by=OPERATOR),
    ):
        with pytest.raises(NotNow):
            decide()


@pytest.mark.parametrize("other", [CLERK, NEIGHBOUR])
def test_only_operators_of_the_node_and_administrators_of_the_sender_decide(other):
    message = outgoing(state="dead", sender="H38")
    for decide in (
        lambda: actions.replay(message, by=other),
        lambda: actions.return_to_sender(message, reason="x", by=other),
        lambda: actions.cancel(message, reason="x", by=other),
    ):
        with pytest.raises(Refused, match="operators of this node"):
            decide()
    assert entries() == []
    actions.cancel(message, reason="x", by=OF_THE_SENDER)
    assert len(entries()) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "signed"}, "The message is signed and on its way."),
        ({"state": "received"}, "The other agency has signed that it received the message."),
        ({"state": "handled"}, "The other agency has handled the message."),
        ({"state": "refused", "reason": "No right."}, "The other agency refused the message: No right."),
        (
            {"state": "dead", "reason": "Late."},
            "The message could not be delivered and waits for an operator: Late.",
        ),
        ({"state": "returned", "reason": "Gone."}, "The message was returned to its sender: Gone."),
        ({"state": "cancelled", "reason": "Mistake."}, "The message was taken back: Mistake."),
        (
            {"state": "signed", "reason": "Files are missing.", "next_try": timezone.now()},
            "The other node does not take the message yet: Files are missing.",
        ),
    ],
)
def test_progress_is_told_in_words(fields, words):
    message = outgoing(**fields)
    assert progress(message.id).words == words


def test_a_peer_that_does_not_answer_is_named_as_the_reason():
    message = outgoing(state="signed")
    again = timezone.now()
    Peer.objects.create(name="laocai", agencies=["H38"], failures=3, last_error="no route", next_try=again)
    found = progress(message.id)
    assert found.words.endswith("is sent as soon as it answers: no route")
    assert (found.next_try, found.tries, found.is_open) == (again, 3, True)


def test_a_message_never_sent_here_has_no_progress():
    assert progress("0193fa00-0000-7000-8000-00000000000f") is None


def test_the_backlog_counts_what_waits_for_each_recipient():
    for number in range(3):
        outgoing(
            state="signed",
            recipient="H38" if number else "G15",
            id=f"0193fa00-0000-7000-8000-00000000000{number}",
        )
    assert [(one.recipient, one.count) for one in watched().backlog] == [("H38", 2), ("G15", 1)]


def test_lists_show_what_is_open_and_what_is_dead():
    outgoing(state="dead")
    outgoing(state="signed", id="0193fa00-0000-7000-8000-000000000002")
    assert [str(one) for one in Outgoing.objects.dead()] == ["test.note 0193fa00-0000-7000-8000-000000000001"]
    assert [str(one) for one in Outgoing.objects.open()] == ["test.note 0193fa00-0000-7000-8000-000000000002"]


def command(*words):
    out = io.StringIO()
    call_command("exchange", *words, stdout=out)
    return out.getvalue()


def test_the_command_shows_peers_and_queue():
    outgoing(state="dead", reason="too late")
    outgoing(state="signed", id="0193fa00-0000-7000-8000-000000000002")
    Peer.objects.create(name="laocai", agencies=[], failures=3, last_error="no route")
    assert "no route" in command("peers")
    assert "H38" in command("peers")
    assert "waits for an operator: too late" in command("queue")


def test_the_command_decides_about_what_came_in():
    message = incoming(tries=34)
    assert "the printer is on fire" in command("stuck")
    assert command("handle", str(message.message)) == f"{message.message}: waits for its effect\n"
    assert command("send-back", str(message.message), "--reason", "x") == f"{message.message}: refused\n"
    with pytest.raises(CommandError, match="cannot be done now"):
        command("set-aside", str(message.message), "--reason", "x")
    with pytest.raises(CommandError, match="never received a message 123"):
        command("handle", "123")


def test_the_command_decides():
    message = outgoing(state="dead")
    assert command("retry", str(message.id)) == f"{message.id}: on its way\n"
    assert command("cancel", str(message.id), "--reason", "x") == f"{message.id}: cancelled\n"
    with pytest.raises(CommandError, match="cannot be done now"):
        command("return", str(message.id), "--reason", "x")
    with pytest.raises(CommandError, match="never sent a message 123"):
        command("retry", "123")


def uri_of_django():
    values = connection.settings_dict
    return f"postgresql:///{values['NAME']}?host={values['HOST']}&user={values['USER']}"


@pytest.fixture
def logged(node, tmp_path, settings):
    """A node on Django's own database with three batches in its log; returns its public keys."""
    own = TestNode("vpcp", ("G22",), tmp_path / "vpcp", uri_of_django())
    country = Country([own, node("laocai", "H38")])
    country.publish()
    settings.KEYS = own.home / "keys"

    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            for number in range(3):
                for body in (b"%d a" % number, b"%d b" % number):
                    own.send("H38", body)
                await sign_drafts(here.dispatch)

    asyncio.run(story())
    return {own.key.key_id: own.key.public_pem}


def tamper(statement):
    """Change what only someone with the rights of the database's owner can change."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET session_replication_role = replica; {statement}; SET session_replication_role = origin"
        )


def test_what_was_decided_stands_in_the_log(logged, tmp_path, node):
    actions.cancel(Outgoing.objects.first(), reason="x", by=OPERATOR)
    own = TestNode("vpcp", ("G22",), tmp_path / "vpcp", uri_of_django())

    async def story():
        async with in_memory(own) as (here,):
            assert await here.dispatch._log_decisions() is False
            assert await here.dispatch._log_decisions() is False

    asyncio.run(story())
    (entry,) = Leaf.objects.filter(what="decision")
    said = json.loads(bytes(entry.text))
    assert (said["what"], said["by"], said["reason"], Decision.objects.count()) == (
        "cancel",
        "person:1",
        "x",
        0,
    )
    assert verification.first_broken(logged) is None


def test_an_untouched_log_is_whole(logged):
    counted = []
    assert verification.first_broken(logged, advanced=counted.append) is None
    assert counted == [2, 2, 2]
    assert command("verify") == "The log is whole: 6 entries in 3 signed batches.\n"


@pytest.mark.parametrize(
    ("statement", "batch", "entry", "what"),
    [
        (
            "UPDATE exchange_leaf SET text = text || 'x' WHERE number = 3",
            2,
            0,
            "an entry of the batch has been changed",
        ),
        ("DELETE FROM exchange_leaf WHERE number = 4", 2, 4, "the entry is missing"),
        ("DELETE FROM exchange_leaf WHERE number = 3", 2, 3, "the entry is missing"),
        (
            "UPDATE exchange_leaf SET body = 'other' WHERE number = 5",
            3,
            5,
            "the body is not the one that was signed",
        ),
        (
            "UPDATE exchange_batch SET signature = 'x' WHERE number = 1",
            1,
            0,
            "the signature of the batch does not hold",
        ),
        ("UPDATE exchange_batch SET text = 'x' WHERE number = 1", 1, 0, "head: it cannot be read as JSON"),
        ("DELETE FROM exchange_batch WHERE number = 2", 2, 0, "the batch does not follow the one before it"),
        ("DELETE FROM exchange_batch WHERE number = 3", 0, 5, "the entry was never signed"),
        (
            "INSERT INTO exchange_leaf (number, batch, what, text) VALUES (7, 3, 'message', '')",
            *(0, 7, "the entry was never signed"),
        ),
    ],
)
def test_the_first_place_that_was_touched_is_named(logged, statement, batch, entry, what):
    tamper(statement)
    broken = verification.first_broken(logged)
    assert (broken.batch, broken.entry) == (batch, entry)
    assert broken.what.startswith(what)
    with pytest.raises(CommandError, match=f"entry {entry or '–'}: "):
        command("verify")


def test_entries_that_changed_places_are_found(logged):
    tamper(
        "UPDATE exchange_leaf SET number = CASE number WHEN 3 THEN 104 ELSE 103 END WHERE number IN (3, 4)"
    )
    tamper("UPDATE exchange_leaf SET number = number - 100 WHERE number > 100")
    assert verification.first_broken(logged).what == "an entry of the batch has been changed"


def test_an_erased_body_leaves_the_log_whole(logged):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_leaf SET body = NULL WHERE number = 2")
    assert verification.first_broken(logged) is None


def test_a_strange_key_makes_no_log(logged):
    assert verification.first_broken({}).what == "the signature of the batch does not hold"


def test_refusals_are_listed_newest_first():
    for number in (1, 2):
        Leaf.objects.create(number=number, batch=1, what="refusal", text=b"{}")
    Leaf.objects.create(number=3, batch=1, what="message", text=b"{}")
    assert [one.number for one in Leaf.objects.refusals()] == [2, 1]
