"""Effects of received messages, in Django: exactly once, in order, and word of it back to the sender."""

import asyncio
import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from motcua.exchange import actions, intake, messages
from motcua.exchange.actions import handling, telling
from motcua.exchange.actions.telling import Early
from motcua.exchange.envelope import Envelope
from motcua.exchange.ids import new_id
from motcua.exchange.messages import Message, TwiceHandled, Unfit, receives, receives_many
from motcua.exchange.models import Fork, Incoming, Leaf, Outbox, Outgoing
from motcua.exchange.parcel import packed
from motcua.journal.models import Entry
from motcua.lib.actors import Actor
from tests.exchange.nodes import Country, TestNode, in_memory, sign_drafts
from tests.exchange.test_intake import parcel_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def handlers(monkeypatch):
    """A register of handlers for this test only."""
    monkeypatch.setattr(handling, "HANDLERS", own := {})
    monkeypatch.setattr(messages, "HANDLERS", own)
    monkeypatch.setattr(handling, "MASS_HANDLERS", masses := {})
    monkeypatch.setattr(messages, "MASS_HANDLERS", masses)
    return own


@pytest.fixture
def pair(node, tmp_path, settings):
    """Lào Cai, and the Government Office on Django's own database."""
    values = connection.settings_dict
    database = f"postgresql:///{values['NAME']}?host={values['HOST']}&user={values['USER']}"
    vpcp = TestNode("vpcp", ("G22",), tmp_path / "vpcp", database)
    country = Country([node("laocai", "H38"), vpcp])
    country.publish()
    settings.FILES = vpcp.home / "files"
    return country.nodes


def arrive(pair, *sets):
    """Let messages arrive at the Government Office, each set in one parcel; return the parcels."""
    laocai, vpcp = pair

    async def story():
        async with in_memory(laocai, vpcp) as (here, there):
            seen = 0
            for one in sets:
                for fields in one:
                    laocai.send("G22", **fields)
                await sign_drafts(here.dispatch)
                heads, items = await parcel_of(here)
                status, _ = await intake.take(
                    there.station, here.station.me, packed(heads.values(), items[seen:])
                )
                assert status == 200
                seen = len(items)

    asyncio.run(story())
    return [
        str(parcel)
        for parcel in dict.fromkeys(Incoming.objects.order_by("leaf").values_list("parcel", flat=True))
    ]


def test_a_message_has_its_effect_once(pair, handlers):
    seen = []
    receives("test.note")(seen.append)
    (parcel,) = arrive(pair, [{"body": b'{"a":1}', "correlation": "c"}])
    handling.handle_parcel(parcel)
    handling.handle_parcel(parcel)
    assert [(one.json(), one.sender, one.recipient, one.correlation) for one in seen] == [
        ({"a": 1}, "H38", "G22", "c")
    ]
    assert list(Incoming.objects.values_list("effect", flat=True)) == ["done"]


def test_messages_of_a_stream_are_handled_in_their_order(pair, handlers):
    seen = []
    receives("test.note")(lambda message: seen.append((message.stream, message.seq)))
    (parcel,) = arrive(pair, [{"stream": name} for name in "abaab"])
    handling.handle_parcel(parcel)
    assert sorted(seen) == [("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2)]
    assert [one for one in seen if one[0] == "a"] == [("a", 1), ("a", 2), ("a", 3)]


def test_a_later_parcel_handled_first_leaves_a_stream_alone_until_its_turn(pair, handlers):
    seen = []
    receives("test.note")(lambda message: seen.append((message.stream, message.seq)))
    first, second = arrive(pair, [{"stream": "a"}], [{"stream": "a"}, {"stream": "b"}])
    handling.handle_parcel(second)
    assert seen == [("b", 1)]
    handling.handle_parcel(first)
    assert seen == [("b", 1), ("a", 1), ("a", 2)]


def test_a_failing_message_holds_up_only_its_own_stream_and_is_tried_again(pair, handlers):
    seen, broken = [], [True]

    @receives("test.note")
    def take(message):
        if message.stream == "a" and broken:
            raise RuntimeError("the printer is on fire")
        seen.append((message.stream, message.seq))

    (parcel,) = arrive(pair, [{"stream": "a"}, {"stream": "a"}, {"stream": "b"}])
    handling.handle_parcel(parcel)
    assert seen == [("b", 1)]
    held = Incoming.objects.get(stream="a", seq=1)
    assert (held.effect, held.tries, held.reason) == ("pending", 1, "RuntimeError: the printer is on fire")
    assert held.next_try > timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at = %s FROM procrastinate_jobs ORDER BY id DESC LIMIT 1", [held.next_try]
        )
        assert cursor.fetchone() == (True,)
    broken.clear()
    Incoming.objects.update(next_try=None)
    handling.sweep()
    assert seen == [("b", 1), ("a", 1), ("a", 2)]


def test_what_cannot_be_handled_for_a_day_is_left_to_an_operator_and_holds_only_its_own_stream(
    pair, handlers
):
    seen, broken = [], [True]

    @receives("test.note")
    def take(message):
        if message.stream == "a" and broken:
            raise RuntimeError("the printer is on fire")
        seen.append((message.stream, message.seq))

    (parcel,) = arrive(pair, [{"stream": "a"}, {"stream": "a"}, {"stream": "b"}])
    Incoming.objects.update(tries=handling.MOST_TRIES - 1)
    handling.handle_parcel(parcel)
    handling.sweep()
    handling.handle_parcel(parcel)
    assert seen == [("b", 1)]
    held = Incoming.objects.dead().get()
    assert (held.seq, held.tries, held.reason) == (1, 34, "RuntimeError: the printer is on fire")
    event, about, facts = entries()[-1]
    assert (event, about) == ("exchange.MessageStuck", f"message:{held.message}")
    assert facts == {**held.facts, "reason": "RuntimeError: the printer is on fire"}
    broken.clear()
    actions.retry(held, by=Actor.system("operator"))
    handling.handle_parcel(parcel)
    assert seen == [("b", 1), ("a", 1), ("a", 2)]


def test_what_a_failing_handler_wrote_is_undone(pair, handlers):
    @receives("test.note")
    def take(message):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO exchange_channel (name, last, previous) VALUES ('effect', 1, '')")
        raise RuntimeError

    (parcel,) = arrive(pair, [{}])
    handling.handle_parcel(parcel)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM exchange_channel WHERE name = 'effect'")
        assert cursor.fetchone() == (0,)


def test_an_unfit_message_is_refused_for_good_and_its_writes_undone(pair, handlers):
    @receives("test.note")
    def take(message):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO exchange_channel (name, last, previous) VALUES ('effect', 1, '')")
        raise Unfit("There is no such procedure.")

    (parcel,) = arrive(pair, [{}])
    handling.handle_parcel(parcel)
    assert list(Incoming.objects.values_list("effect", "reason")) == [
        ("refused", "There is no such procedure.")
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM exchange_channel WHERE name = 'effect'")
        assert cursor.fetchone() == (0,)


def test_a_kind_nobody_handles_is_refused_in_words(pair, handlers):
    (parcel,) = arrive(pair, [{}])
    handling.handle_parcel(parcel)
    assert Incoming.objects.get().reason == "Nobody handles messages of kind test.note at G22."


def test_word_of_the_effect_goes_back_to_the_sender(pair, handlers):
    receives("test.note")(lambda message: None)
    (parcel,) = arrive(pair, [{}, {}])
    handling.handle_parcel(parcel)
    rows = list(Outbox.objects.order_by("position"))
    assert [(row.kind, row.sender, row.recipient, row.confirm) for row in rows] == [
        ("exchange.handled", "G22", "H38", False)
    ] * 2
    told = json.loads(bytes(rows[0].body))
    assert [line["refused"] for line in told["handled"]] == [""]


def test_many_messages_of_one_kind_are_handled_together(pair, handlers):
    given = []
    receives_many("test.note")(lambda many: given.append([one.json() for one in many]))
    (parcel,) = arrive(pair, [{"body": b"%d" % number} for number in range(5)])
    handling.handle_parcel(parcel)
    assert given == [[0, 1, 2, 3, 4]]
    assert Outbox.objects.count() == 1
    assert set(Incoming.objects.values_list("effect", flat=True)) == {"done"}


def test_when_one_of_many_does_not_fit_the_others_have_their_effect_all_the_same(pair, handlers):
    done = []

    @receives_many("test.note")
    def take(many):
        if any(one.json() == 1 for one in many):
            raise Unfit("1 is no number of ours")
        done.extend(one.json() for one in many)

    (parcel,) = arrive(pair, [{"body": b"%d" % number} for number in range(3)])
    handling.handle_parcel(parcel)
    assert done == [0, 2]
    assert list(Incoming.objects.order_by("leaf").values_list("effect", flat=True)) == [
        "done",
        "refused",
        "done",
    ]


def test_a_message_someone_else_is_handling_is_left_to_them(pair, handlers):
    seen = []
    receives("test.note")(seen.append)
    (parcel,) = arrive(pair, [{}])
    with transaction.atomic():
        taken = handling._take(handling._ready(handling.OF_PARCEL, [parcel, 10]))
        assert len(taken) == 1
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute(handling.TAKE, [[taken[0].message.id], ["H38"]])
            assert cursor.fetchall() == []
        other.close()


def test_two_handlers_of_one_kind_are_a_fault(handlers):
    receives("test.note")(print)
    with pytest.raises(TwiceHandled, match=r"test\.note are handled already"):
        receives("test.note")(print)


def test_a_body_that_is_no_json_is_unfit():
    message = Message(new_id(), "k", "A", "B", "", 0, "", timezone.now(), "application/json", (), b"{")
    with pytest.raises(Unfit, match="The body is no JSON"):
        message.json()


def outgoing(**fields):
    """A message of ours, as the exchange process would have noted it."""
    now = timezone.now()
    values = {
        "leaf": 1,
        "kind": "test.note",
        "sender": "G22",
        "recipient": "H38",
        "stream": "",
        "seq": 0,
        "correlation": "c",
        "created": now,
        "expires": now + timedelta(days=30),
        "give_up_at": now + timedelta(days=3),
        "confirm": True,
        "state": "received",
        "id": "0193fa00-0000-7000-8000-000000000001",
    } | fields
    return Outgoing.objects.create(**values)


def handled(refused="", sender="H38", recipient="G22", message="0193fa00-0000-7000-8000-000000000001"):
    body = json.dumps({"handled": [{"message": message, "digest": "", "refused": refused}]}).encode()
    return Message(
        new_id(),
        "exchange.handled",
        sender,
        recipient,
        "",
        0,
        "",
        timezone.now(),
        "application/json",
        (),
        body,
    )


def entries():
    return list(Entry.objects.order_by("id").values_list("event", "about", "facts"))


def test_the_sender_learns_that_its_message_was_handled():
    outgoing()
    telling.take_handled(handled())
    assert Outgoing.objects.get().state == "handled"
    assert entries() == []


def test_the_sender_learns_why_its_message_was_refused():
    message = outgoing()
    telling.take_handled(handled("No such procedure."))
    telling.take_handled(handled("No such procedure."))
    assert (Outgoing.objects.get().state, Outgoing.objects.get().reason) == ("refused", "No such procedure.")
    assert entries() == [
        (
            "exchange.MessageRefused",
            f"message:{message.id}",
            {**message.facts, "reason": "No such procedure."},
        )
    ]


def test_word_that_overtakes_the_receipt_waits_for_it():
    """Or the message would be settled without, and its receipt never asked for again."""
    message = outgoing(state="signed")
    with pytest.raises(Early):
        telling.take_handled(handled())
    assert Outgoing.objects.get().state == "signed"
    message.state = "received"
    message.save()
    telling.take_handled(handled())
    assert Outgoing.objects.get().state == "handled"


@pytest.mark.parametrize("who", [{"sender": "G01"}, {"recipient": "G15"}])
def test_only_the_recipient_of_a_message_may_say_how_it_was_handled(who):
    outgoing()
    telling.take_handled(handled("I say so", **who))
    assert Outgoing.objects.get().state == "received"


@pytest.mark.parametrize(
    "body", [b"1", b"{}", b'{"handled":[1]}', b'{"handled":[{"message":"x","refused":""}]}']
)
def test_word_that_cannot_be_read_is_unfit(body):
    message = Message(
        "", "exchange.handled", "H38", "G22", "", 0, "", timezone.now(), "application/json", (), body
    )
    with pytest.raises(Unfit):
        telling.take_handled(message)


@pytest.mark.parametrize(
    ("state", "event", "more"),
    [
        ("received", "exchange.MessageDelivered", {}),
        ("refused", "exchange.MessageRefused", {"reason": "why"}),
        ("dead", "exchange.MessageDeadLettered", {"reason": "why"}),
    ],
)
def test_what_became_of_a_message_is_recorded(state, event, more):
    message = outgoing(state=state, reason="why")
    telling.report(state, [str(message.id)])
    assert entries() == [(event, f"message:{message.id}", {**message.facts, **more})]


def test_a_node_that_contradicted_itself_is_reported_once():
    Fork.objects.create(node="laocai", number=8, text=b"", signature=b"")
    for _ in range(2):
        telling.report_forks()
    assert entries() == [
        ("exchange.ForkDetected", "node:laocai", {"node": "laocai", "number": 8, "log": "exchange"})
    ]


def test_a_conflict_is_reported_with_the_place_of_both():
    text = Envelope(
        instance="test",
        id=new_id(),
        kind="test.note",
        sender="H38",
        recipient="G22",
        created=timezone.now(),
        expires=timezone.now() + timedelta(1),
        body_digest=bytes(32),
    )
    Leaf.objects.create(number=5, batch=1, what="receipt", text=b"", envelope=text.text)
    telling.report_conflict(5)
    facts = {"message": str(text.id), "sender": "H38", "recipient": "G22", "leaf": 5}
    assert entries() == [("exchange.ConflictDetected", f"message:{text.id}", facts)]
