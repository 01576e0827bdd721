"""An old backup of a node's database is restored: its log is continued, never forked, and others give back what they have."""

import asyncio
import io
import json
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone, translation
from psycopg import sql

from motcua.exchange import months, process, recovery, verification
from motcua.exchange.actions import telling
from motcua.exchange.canonical import Malformed, hash_of, to_millisecond
from motcua.exchange.envelope import Envelope
from motcua.exchange.evidence import Head, Place, Receipt, SignedHead
from motcua.exchange.ids import new_id
from motcua.exchange.models import Recovery
from motcua.exchange.parcel import MOST_BYTES
from motcua.exchange.returning import Page, Proven
from motcua.exchange.transport import OCTETS
from motcua.journal.models import Entry
from motcua.lib import merkle
from motcua.lib.blobs import Store
from tests.exchange.nodes import Country, eventually, execute, in_memory, running

# For this one statement the log may change.
REPLICA = "SET session_replication_role = replica;"


def name_of(database):
    return psycopg.conninfo.conninfo_to_dict(database)["dbname"]


def copied(source, target):
    """The database `target` becomes what `source` is now; nobody may be connected."""
    for name in (source, target):
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name)
    execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(target)))
    statement = "CREATE DATABASE {} TEMPLATE {}"
    execute(sql.SQL(statement).format(sql.Identifier(target), sql.Identifier(source)))


def read_here(node):
    """The log of a node in Django's own database, for what reads it there."""
    with connection.cursor() as cursor:
        for table in ("batch", "leaf", "peerhead"):
            found = node.query(f"SELECT t.* FROM exchange_{table} t")
            marks = ", ".join(["%s"] * len(found[0]))
            cursor.executemany(f"INSERT INTO exchange_{table} VALUES ({marks})", found)


class Backup:
    """A backup of a node's database, made while the node stands still."""

    def __init__(self, node):
        self.node, self.name = node, f"{name_of(node.database)}_old"
        copied(name_of(node.database), self.name)

    def restore(self):
        copied(self.name, name_of(self.node.database))

    def throw_away(self):
        execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))


@pytest.fixture
def backup():
    made = []

    def make(node):
        made.append(Backup(node))
        return made[-1]

    yield make
    for one in made:
        one.throw_away()


@pytest.fixture
def three(node):
    """A province, a ministry and a commune, each with a node of its own."""
    country = Country([node("laocai", "H38"), node("vpcp", "G22"), node("sapa", "H38.01")])
    country.publish()
    return country


@asynccontextmanager
async def are_running(*nodes):
    """All started at once: one that recovers is ready only when it has heard the others."""
    async with AsyncExitStack() as stack:
        await asyncio.gather(*[stack.enter_async_context(running(node)) for node in nodes])
        yield


def settled(*nodes):
    """Whether everything that was sent has been received."""
    return lambda: (
        not any(
            node.query(
                "SELECT 1 FROM exchange_outbox UNION ALL SELECT 1 FROM exchange_outgoing WHERE state = 'signed'"
            )
            for node in nodes
        )
    )


def heads_anywhere(of, *nodes):
    """Every head of a node that it has itself or showed to anybody, by number."""
    found = {}
    for node in nodes:
        rows = node.query("SELECT text FROM exchange_peerhead WHERE node = %s", of.name)
        rows += node.query("SELECT text FROM exchange_batch") if node is of else []
        for (text,) in rows:
            head = SignedHead(bytes(text), b"").head
            found.setdefault(head.number, set()).add(head)
    return found


def check_unforked(of, *nodes):
    """One head of each number, each following the one before it where that is known."""
    found = heads_anywhere(of, *nodes)
    assert {number: len(heads) for number, heads in found.items() if len(heads) > 1} == {}
    heads = {number: next(iter(one)) for number, one in found.items()}
    for number, head in heads.items():
        if number - 1 in heads:
            before = heads[number - 1]
            assert (head.previous, head.first) == (before.digest, before.first + before.size)
    for node in nodes:
        assert node.query("SELECT count(*)::int FROM exchange_fork") == [(0,)]


def sent_by(node):
    return {row[0] for row in node.query("SELECT id FROM exchange_outgoing")}


def received_by(node):
    return {row[0] for row in node.query("SELECT message FROM exchange_incoming")}


def recoveries(node):
    return node.query(
        "SELECT restored::int, continued::int, sent::int, received::int, silent, finished_at IS NOT NULL FROM exchange_recovery"
    )


def talk(laocai, vpcp, sapa, stream):
    """Messages both ways and in streams; return those to and from the province."""
    ours = [laocai.send("G22", b"%d" % number, stream=stream) for number in range(5)]
    ours += [laocai.send("H38.01", b"%d" % number) for number in range(5)]
    theirs = [vpcp.send("H38", b"%d" % number, stream=stream) for number in range(5)]
    theirs += [sapa.send("H38", b"%d" % number) for number in range(5)]
    return set(ours), set(theirs)


async def hour(country):
    """All are there and talk to each other until everything was received."""
    async with are_running(*country.nodes):
        ours, theirs = talk(*country.nodes, "s")
        await eventually(settled(*country.nodes))
    return ours, theirs


@pytest.mark.parametrize("ahead", [0, 2])
def test_a_restored_old_backup_goes_on_as_one_unforked_log_and_gets_back_what_others_have(
    three, backup, ahead
):
    """Also if the clocks of the others' databases are hours ahead of their own."""
    laocai, vpcp, _ = three.nodes
    nodes = three.nodes

    asyncio.run(hour(three))
    old = backup(laocai)
    before = laocai.query("SELECT max(number)::int FROM exchange_batch")[0][0]
    lost = asyncio.run(hour(three))
    # The last batches, of receipts, were shown to nobody; the home knows them all the same.
    last = max(heads_anywhere(laocai, *nodes))
    assert last > before
    old.restore()
    for node in nodes[1:]:
        execute(f"{REPLICA} UPDATE exchange_peerhead SET at = at + '{ahead} hours'", database=node.database)
    new = asyncio.run(hour(three))

    check_unforked(laocai, *nodes)
    assert lost[0] | new[0] <= sent_by(laocai)
    assert lost[1] | new[1] <= received_by(laocai)
    assert recoveries(laocai) == [(before, last, 10, 10, [], True)]
    said = laocai.query("SELECT text FROM exchange_leaf WHERE what = 'recovered'")
    assert [json.loads(bytes(text))["type"] for (text,) in said] == ["recovered"]
    for node, sender in ((vpcp, "H38"), (laocai, "G22")):
        numbers = node.query(
            "SELECT seq::int FROM exchange_incoming WHERE sender = %s AND stream = 's' ORDER BY leaf", sender
        )
        assert numbers == [(number,) for number in range(1, 16)]
    pending = laocai.query("SELECT count(*)::int FROM exchange_incoming WHERE effect = 'pending'")
    assert pending == [(30,)]


def test_files_of_messages_that_are_given_back_are_brought_once_more(country, backup):
    laocai, vpcp = country.nodes
    content = b"a map" * MOST_BYTES  # several pieces
    kept = Store(laocai.home / "files").put([content])
    files = [{"digest": kept.digest, "size": kept.size, "media": OCTETS}]

    async def story(*attachments):
        async with are_running(laocai, vpcp):
            for one in attachments:
                laocai.send("G22", attachments=one)
                await eventually(settled(laocai))
            await eventually(lambda: Store(vpcp.home / "files").size(kept.digest) == len(content))

    asyncio.run(story([], files))
    old = backup(vpcp)
    asyncio.run(story(files))
    old.restore()
    Store(vpcp.home / "files").path(kept.digest).unlink()
    asyncio.run(story())
    assert [row[3] for row in recoveries(vpcp)] == [1]


@pytest.mark.django_db
def test_the_log_that_went_on_is_whole_and_says_where_it_was_broken_off(three, backup, settings):
    laocai, _, _ = three.nodes
    asyncio.run(hour(three))
    old = backup(laocai)
    asyncio.run(hour(three))
    old.restore()
    asyncio.run(hour(three))
    read_here(laocai)
    keys = {laocai.key.key_id: laocai.key.public_pem}
    assert verification.first_broken(keys) is None
    settings.HOME, settings.KEYS = laocai.home, laocai.home / "keys"
    assert len(list(months.archive(timezone.now() + timedelta(days=32), keys))) == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica; DELETE FROM exchange_peerhead WHERE node = 'laocai';"
            "SET session_replication_role = origin"
        )
    assert verification.first_broken(keys).batch == recoveries(laocai)[0][0] + 1


@pytest.mark.django_db
def test_the_operator_sees_what_was_lost_and_says_whom_not_to_wait_for():
    Recovery.objects.create(restored=3, continued=7, first=9, last=20, sent=4, received=5, silent=["sapa"])
    text = io.StringIO()
    with translation.override("en"):
        call_command("exchange", "recovery", "--without", "sapa", "vpcp", stdout=text)
    assert Recovery.objects.get().without == ["sapa", "vpcp"]
    assert "9–20" in text.getvalue()
    assert "4 sent, 5 received" in text.getvalue()
    telling.report_recoveries()
    assert Entry.objects.count() == 0
    Recovery.objects.update(finished_at=timezone.now())
    telling.report_recoveries()
    telling.report_recoveries()
    facts = {
        "restored": 3,
        "continued": 7,
        "first": 9,
        "last": 20,
        "sent": 4,
        "received": 5,
        "silent": "sapa",
    }
    assert [(one.event, one.facts) for one in Entry.objects.all()] == [("exchange.LogRecovered", facts)]


def test_it_is_found_without_the_note_in_the_home_too(three, backup, monkeypatch, caplog):
    """As on a new machine: then it waits for a neighbour before it signs."""
    laocai, vpcp, sapa = three.nodes
    monkeypatch.setattr(recovery, "PAUSE", 0.02)
    asyncio.run(hour(three))
    old = backup(laocai)
    asyncio.run(hour(three))
    old.restore()
    (laocai.home / "log.head").unlink()

    async def alone_first():
        one = asyncio.create_task(open_for_a_while(laocai))
        await eventually(lambda: "Nobody answers" in caplog.text)
        laocai.send("G22")
        async with are_running(vpcp, sapa):
            await eventually(settled(*three.nodes))
            one.cancel()
            await asyncio.gather(one, return_exceptions=True)

    asyncio.run(alone_first())
    check_unforked(laocai, *three.nodes)
    assert [row[2:] for row in recoveries(laocai)] == [(10, 10, [], True)]


def test_what_was_only_drafted_in_the_backup_and_sent_since_is_not_sent_as_another_message(three, backup):
    laocai, vpcp, sapa = three.nodes
    laocai.send("G22", b"before", stream="s")
    old = backup(laocai)

    async def hour():
        async with are_running(*three.nodes):
            if not sapa.query("SELECT 1 FROM exchange_outgoing"):
                laocai.send("G22", b"meanwhile", stream="s")
                sapa.send("G22", b"x")
            await eventually(settled(*three.nodes))

    asyncio.run(hour())
    old.restore()
    asyncio.run(hour())
    check_unforked(laocai, *three.nodes)
    conflicts = "SELECT count(*)::int FROM exchange_leaf WHERE what = 'receipt' AND text LIKE '%%conflict%%'"
    assert vpcp.query(conflicts.replace("text LIKE", "convert_from(text, 'UTF8') LIKE")) == [(0,)]
    assert laocai.query("SELECT count(*)::int FROM exchange_outgoing") == [(2,)]
    assert recoveries(laocai)[0][0] == 0


def test_a_node_that_only_stood_still_asks_and_goes_on_at_once(three):
    laocai, vpcp, sapa = three.nodes

    asyncio.run(hour(three))
    asyncio.run(hour(three))
    check_unforked(laocai, *three.nodes)
    assert recoveries(laocai) == recoveries(vpcp) == recoveries(sapa) == []


def test_it_signs_nothing_until_everyone_was_heard_or_is_not_to_be_waited_for(three, backup, monkeypatch):
    laocai, vpcp, _ = three.nodes
    monkeypatch.setattr(recovery, "PAUSE", 0.02)

    asyncio.run(hour(three))
    old = backup(laocai)
    asyncio.run(hour(three))
    old.restore()
    batches = laocai.query("SELECT count(*)::int FROM exchange_batch")

    async def without_the_commune():
        async with are_running(vpcp):
            one = asyncio.create_task(open_for_a_while(laocai))
            await eventually(lambda: [row[4] for row in recoveries(laocai)] == [["sapa"]])
            assert laocai.query("SELECT count(*)::int FROM exchange_batch") == batches
            laocai.query("UPDATE exchange_recovery SET without = '{sapa}'")
            await eventually(lambda: [row[5] for row in recoveries(laocai)] == [True])
            one.cancel()
            await asyncio.gather(one, return_exceptions=True)

    asyncio.run(without_the_commune())
    assert recoveries(laocai)[0][3:5] == (5, ["sapa"])


async def open_for_a_while(node):
    async with running(node):
        await asyncio.Event().wait()


def test_a_recovery_that_is_killed_in_the_middle_is_taken_up_again(three, backup, monkeypatch):
    laocai, vpcp, sapa = three.nodes

    asyncio.run(hour(three))
    old = backup(laocai)
    asyncio.run(hour(three))
    old.restore()

    async def for_ever(*_):
        await asyncio.Event().wait()

    async def broken_off():
        async with are_running(vpcp, sapa):
            one = asyncio.create_task(process.serve(laocai, laocai.home))
            await eventually(lambda: [row[1] for row in recoveries(laocai)] not in ([], [None]))
            one.cancel()
            await asyncio.wait({one})

    with monkeypatch.context() as patch:
        patch.setattr(recovery, "_take_back", for_ever)
        asyncio.run(broken_off())
    assert [row[5] for row in recoveries(laocai)] == [False]
    asyncio.run(hour(three))
    check_unforked(laocai, *three.nodes)
    assert [row[2:] for row in recoveries(laocai)] == [(10, 10, [], True)]
    assert laocai.query("SELECT count(*)::int FROM exchange_leaf WHERE what = 'recovered'") == [(1,)]


@pytest.mark.parametrize(
    "path",
    [
        "heads/laocai",
        "heads/laocai/x",
        "heads/laocai/99999999999999999999",
        "returned/sent/1/2",
        "returned/all/1/2/3",
        "returned/sent/1/2/-3",
        "wanted/x",
        "wanted/019387a0-0000-7000-8000-000000000000",
    ],
)
def test_questions_of_another_form_are_told_so(three, path):
    laocai, vpcp, _ = three.nodes

    async def story():
        async with in_memory(laocai, vpcp) as (here, there):
            answer = await here.dispatch.transport.get(f"{vpcp.url}/exchange/{path}")
            assert answer.status == 404
            del there

    asyncio.run(story())


@pytest.mark.parametrize("state", ["refused", "conflict"])
def test_what_was_refused_does_not_come_back_as_received(three, state):
    one, heads = given_back(three, lambda receipt: replace(receipt, state=state, reason="No."))
    with pytest.raises(Malformed, match="the message was not received"):
        one.check("vpcp", "laocai", heads)


@pytest.mark.parametrize("name", ["sender", "recipient"])
def test_a_receipt_for_other_parties_gives_nothing_back(three, name):
    one, heads = given_back(three, lambda receipt: replace(receipt, **{name: "X99"}))
    with pytest.raises(Malformed, match="the message was not received"):
        one.check("vpcp", "laocai", heads)


@pytest.mark.parametrize(
    ("fields", "taken"),
    [({}, 1), ({"sender": "H38.01"}, 0), ({"recipient": "G22"}, 0), ({"kind": "secret.x"}, 0)],
)
def test_only_what_the_node_may_receive_from_the_peer_comes_back(three, fields, taken):
    one, heads = given_back(three, lambda receipt: receipt, **fields)
    page = Page(list(heads.values()), [one], None)

    async def story():
        async with in_memory(three.nodes[0]) as (here,):
            peer = here.station.directory.by_name["vpcp"]
            return recovery._checked(here.station, peer, page, "received")

    assert len(asyncio.run(story()).entries) == taken


def given_back(country, change, **fields):
    """A message of the Government Office that Lào Cai gave a receipt for, and both heads."""
    laocai, vpcp, _ = country.nodes
    now = to_millisecond(timezone.now())
    values = {"kind": "test.note", "sender": "G22", "recipient": "H38"} | fields
    envelope = Envelope(
        instance="test", id=new_id(), created=now, expires=now, body_digest=hash_of(b"{}"), **values
    )
    receipt = change(
        Receipt(
            "laocai",
            envelope.id,
            envelope.digest.hex(),
            envelope.sender,
            envelope.recipient,
            "received",
            now,
        )
    )
    heads = {}
    for node, text in ((vpcp, envelope.text), (laocai, receipt.text)):
        root = merkle.levels([merkle.leaf(text)])[-1][0].hex()
        head = Head(node.name, 1, 1, 1, root, "0" * 64, now, node.key.key_id)
        heads[node.name, 1] = SignedHead.sign(head, node.key)
    place = Place(1, 0, b"")
    return Proven(envelope, b"{}", place, receipt, place), heads


@pytest.mark.parametrize(
    "answer",
    [
        b"5",
        b'{"heads": 5}',
        b'{"heads": [5]}',
        b"[" * 200_000,
        b'{"heads": [], "entries": [], "next": [1e999, 0]}',
    ],
)
def test_rubbish_is_malformed_and_nothing_else(three, answer):
    with pytest.raises(Malformed):
        Page.read(answer)


def test_who_gives_back_rubbish_holds_up_nobody_for_whom_it_is_not_waited(three, monkeypatch):
    monkeypatch.setattr(recovery, "PAUSE", 0.02)
    laocai, _, _ = three.nodes
    laocai.query("INSERT INTO exchange_recovery (restored, without) VALUES (0, '{vpcp}')")

    async def story():
        async with in_memory(laocai, three.nodes[2]) as (here, _):
            lap = recovery.Lap(laocai.query("SELECT id FROM exchange_recovery")[0][0], 0, [])
            transport = here.dispatch.transport
            async with asyncio.timeout(10):
                await recovery._take_back(here.station, transport, lap, ["vpcp", "sapa"])

    asyncio.run(story())
    assert laocai.query("SELECT silent FROM exchange_recovery") == [(["vpcp"],)]
