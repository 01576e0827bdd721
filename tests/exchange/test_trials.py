"""The page and the command by which operators see how messages move, and try the way: two nodes that run, one that is down."""

import asyncio
import io
import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone, translation

from motcua.exchange import actions, sql, trials, watching
from motcua.exchange.actions import handling
from motcua.exchange.delivery import Courier
from motcua.exchange.messages import ON_THEIR_WAY
from motcua.exchange.models import DirectoryVersion, Incoming, Outbox, Outgoing
from motcua.exchange.remedies import of_held, of_last_error
from motcua.exchange.witnessing import Witness
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.lib.actors import Actor, Grant
from tests.exchange.nodes import beside, in_memory, sign_drafts
from tests.exchange.victims import until

pytestmark = pytest.mark.django_db(transaction=True)
OPERATOR = Actor.system("operator")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def here(both, settings):
    """The Government Office, which Django's settings speak of; the directory is known."""
    settings.NODE = settings.NODE.model_copy(update={"name": "vpcp", "agency": "G22", "agencies": ["G22"]})
    DirectoryVersion.objects.create(version=1, text=both.publish())
    return both


def handled_at(node):
    """What a worker of another node does with test messages: it handles them, and word of it goes back."""
    rows = node.query(
        "UPDATE exchange_incoming SET effect = 'done' WHERE effect = 'pending' AND kind = 'exchange.selftest' "
        "RETURNING message, sender, recipient, digest"
    )
    for message, sender, recipient, digest in rows:
        line = {"message": str(message), "digest": bytes(digest).hex(), "refused": ""}
        body = json.dumps({"handled": [line]}).encode()
        node.send(sender, body, kind="exchange.handled", sender=recipient, confirm=False)


@contextmanager
def working(there):
    """The workers of both nodes, in a thread."""
    stop = threading.Event()

    def work():
        while not stop.wait(0.02):
            handled_at(there)
            for parcel in Incoming.objects.pending().values_list("parcel", flat=True):
                handling.handle_parcel(str(parcel))
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def run(*arguments):
    out = io.StringIO()
    call_command("exchange", *arguments, stdout=out)
    return out.getvalue()


def test_a_test_message_goes_the_whole_way_and_back(here):
    vpcp, laocai = here.country.nodes
    with beside(vpcp, laocai), working(laocai):
        said = run("selftest", "--seconds", "20")
    assert ("laocai" in said, "there and back" in said) == (True, True)
    (one,) = trials.found(trial_id())
    assert (one.node, one.is_good, one.is_over, one.fault, one.clock) == ("laocai", True, True, None, None)
    assert [name for name, took in one.hops if took is not None] == ["signed", "received", "handled"]
    assert sum((took for _, took in one.hops), timedelta()) <= one.total + timedelta(seconds=1)
    assert Entry.objects.filter(event="exchange.ExchangeTried").count() == 1


def test_a_test_message_that_came_here_is_handled_and_word_of_it_goes_back(here):
    vpcp, laocai = here.country.nodes
    with beside(vpcp, laocai):
        laocai.send("G22", b"{}", kind="exchange.selftest", confirm=False)
        until(lambda: Incoming.objects.pending().exists(), 20)
    for parcel in Incoming.objects.pending().values_list("parcel", flat=True):
        handling.handle_parcel(str(parcel))
    assert Incoming.objects.get().effect == "done"
    assert list(Outbox.objects.values_list("kind", "recipient")) == [("exchange.handled", "H38")]


def trial_id():
    return UUID(Outgoing.objects.filter(kind="exchange.selftest").latest("id").correlation)


def test_a_node_that_is_down_is_named_with_the_hop_and_the_remedy(here):
    vpcp, _ = here.country.nodes
    out = io.StringIO()
    with beside(vpcp), pytest.raises(CommandError) as error:
        call_command("exchange", "selftest", "laocai", "--seconds", "3", stdout=out)
    assert str(error.value) == "Not every test message went there and back."
    assert "laocai: No connection to its address comes about. Look at the network" in out.getvalue()


def test_a_node_whose_worker_stands_still_has_received_and_not_handled(here):
    vpcp, laocai = here.country.nodes
    out = io.StringIO()
    with beside(vpcp, laocai), pytest.raises(CommandError):
        call_command("exchange", "selftest", "--seconds", "3", stdout=out)
    assert "word that it was handled has not come back" in out.getvalue()
    Outgoing.objects.update(created=timezone.now() - timedelta(minutes=2))
    (one,) = trials.found(trial_id())
    assert (one.is_late, one.is_over, one.fault.hop) == (True, False, "handled")
    assert [name for name, took in one.hops if took is not None] == ["signed", "received"]


def test_an_older_release_refuses_it_with_words(here, monkeypatch):
    """As one that knows of no test refuses it: there is no right to send this kind."""
    vpcp, laocai = here.country.nodes
    monkeypatch.setattr("motcua.exchange.intake.UNGRANTED", frozenset({"exchange.handled"}))
    out = io.StringIO()
    with beside(vpcp, laocai), pytest.raises(CommandError):
        call_command("exchange", "selftest", "--seconds", "20", stdout=out)
    assert "refused it, signed: G22 has no right to send exchange.selftest to H38." in out.getvalue()
    assert "An older release does not know this test." in out.getvalue()


def test_a_test_message_that_expires_leaves_no_dead_letter(here):
    vpcp, laocai = here.country.nodes
    started = actions.selftest("", by=OPERATOR)
    other = vpcp.send("H38")

    async def story():
        async with in_memory(vpcp, laocai) as doors:
            await sign_drafts(doors[0].dispatch)
            vpcp.query("UPDATE exchange_outgoing SET give_up_at = now() - interval '1 second'")
            await Courier(doors[0].station, doors[0].dispatch.transport, "laocai").round()

    asyncio.run(story())
    (one,) = trials.found(started)
    assert (one.message.state, one.is_over, one.is_good) == ("cancelled", True, False)
    assert [dead.id for dead in Outgoing.objects.dead()] == [other]


def test_only_administrators_try_the_way(here):
    actor = Actor("person:1", "An", frozenset({Grant("auditor", "G22")}))
    with pytest.raises(Refused):
        actions.selftest("", by=actor)
    actions.selftest("laocai", by=Actor("person:1", "An", frozenset({Grant("administrator", "G22")})))
    for name in ("vpcp", "nobody"):
        with pytest.raises(Invalid, match=f"no other node {name}"):
            actions.selftest(name, by=OPERATOR)


def test_without_a_directory_nothing_is_tried(both):
    with pytest.raises(CommandError, match="stands in no directory"):
        run("selftest")


def test_what_waits_to_be_signed_fails_at_this_node(here):
    started = actions.selftest("", by=OPERATOR)
    (one,) = trials.found(started)
    assert (one.message.state, one.fault, one.waited.hop) == ("drafted", None, "drafted")
    assert watching.watched().fault.hop == "drafted"
    with psycopg.connect(here.country.nodes[0].database) as pen:
        pen.execute(sql.TAKE_PEN)
        assert watching.watched().fault is None
        here.country.nodes[0].query("UPDATE exchange_outbox SET created = now() - interval '1 minute'")
        now = watching.watched()
        assert now.fault.what == "Messages wait to be signed for longer than they should."
        assert next((hop.name, hop.count, hop.fails) for hop in now.hops) == ("drafted", 1, True)


def test_how_messages_move_is_seen_node_by_node_and_hop_by_hop(here):
    vpcp, laocai = here.country.nodes
    (received,) = here.exchanged(1, outward=True)
    here.exchanged(1, outward=True, delivered=False)
    here.exchanged(3)

    async def witness():
        async with in_memory(vpcp, laocai) as doors:
            await Witness(doors[0].station, doors[0].dispatch.transport).round()

    asyncio.run(witness())
    now = watching.watched()
    (one,) = now.neighbours
    assert (one.name, one.agencies, one.waiting, one.unhandled, one.fault) == ("laocai", ("H38",), 1, 1, None)
    edition = now.directory.version
    assert (one.answers.edition, one.answers.pace, one.answers.head > 0) == (edition, 500, True)
    assert one.heard >= one.answers.last_ok
    assert one.ends.date() == (timezone.now() + timedelta(days=30)).date()
    assert [(hop.name, hop.count) for hop in now.hops] == [
        ("drafted", 0), ("signed", 1), ("sent", 0), ("received", 1), ("handled", 0),
    ]  # fmt: skip
    assert (now.own.pending, now.own.dead, now.own.head > 0) == (3, 0, True)
    Outgoing.objects.filter(id=received).update(settled_at=timezone.now() - timedelta(hours=2))
    assert watching.watched().neighbours[0].fault.hop == "handled"
    assert "laocai" in run("peers")


def test_a_large_file_on_its_way_is_no_fault(here):
    here.exchanged(1, outward=True, delivered=False)
    stuck = "A file that goes with a message does not get through."
    for reason, what in ((ON_THEIR_WAY, None), ("laocai does not take the file 00: no", stuck)):
        Outgoing.objects.update(reason=reason)
        fault = watching.watched().neighbours[0].fault
        assert (fault and fault.what) == what


def test_the_pace_is_noted_when_it_halves_and_when_it_is_whole_again(here):
    vpcp, laocai = here.country.nodes

    async def story():
        async with in_memory(vpcp, laocai) as doors:
            station, transport = doors[0].station, doors[0].dispatch.transport
            courier = Courier(station, transport, "laocai")
            courier.pace.failed()
            for _ in range(12):
                vpcp.send("H38")
                await sign_drafts(doors[0].dispatch)
                await courier.round()
                paces.append(vpcp.query("SELECT pace FROM exchange_peer WHERE name = 'laocai'")[0][0])

    paces = []
    asyncio.run(story())
    assert (paces[0], paces[8], paces[9]) == (275, 275, 500)


@pytest.mark.parametrize(
    ("words", "hop"),
    [
        ("version 3 of the directory has expired; bring a newer one", "signed"),
        ("http://x/exchange/batches cannot be reached: [Errno 111]", "sent"),
        ("http://x/exchange/batches did not answer in 60 s", "sent"),
        ("laocai answered 401: no key", "received"),
        ("laocai answered 503: Come back in 5 s", "received"),
        ("laocai answered with a receipt that does not hold", "received"),
        ("laocai answered 200: it does not speak as agreed", "sent"),
    ],
)
def test_every_failure_has_its_hop_and_its_remedy(words, hop):
    fault = of_last_error(words)
    assert (fault.hop, bool(fault.what), bool(fault.remedy)) == (hop, True, True)


@pytest.mark.parametrize(
    ("words", "hop"),
    [
        ("Files are missing; send each with PUT", "sent"),
        ("H38 is not hosted by vpcp, says version 2", "sent"),
        ("Number 3 of this stream has not come yet; send it first.", "received"),
        ("H99 stands in no directory known here.", "signed"),
        ("The message was created in the future; it is taken when", "sent"),
        ("The moon is full.", "sent"),
    ],
)
def test_what_a_node_does_not_take_has_its_hop_too(words, hop):
    assert of_held(words).hop == hop
