"""The log writer: batches, bounds, failures, and the local door to it."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import psycopg
import pytest

from motcua.exchange import group as groups
from motcua.exchange import log as logs
from motcua.exchange import rows as binary
from motcua.exchange import sql
from motcua.exchange.canonical import to_millisecond
from motcua.exchange.envelope import Envelope, read
from motcua.exchange.evidence import NOTHING, Place, SignedHead
from motcua.exchange.ids import new_id
from motcua.exchange.log import Busy, Fenced, Log, Unwritten
from motcua.exchange.receiving import Noting
from motcua.exchange.sending import Draft, Sending
from motcua.exchange.server import Call
from tests.exchange.nodes import eventually, in_memory

NOW = to_millisecond(datetime.now(UTC))


def draft(body=b"{}", **fields):
    values = {
        "instance": "test",
        "id": new_id(),
        "kind": "test.note",
        "sender": "H38",
        "recipient": "G22",
        "created": NOW,
        "expires": NOW + timedelta(days=30),
        "body_digest": sha256(body).digest(),
    } | fields
    return Draft(Envelope(**values), body)


@pytest.fixture
def alone(node):
    return node("laocai", "H38")


def opened(node):
    return Log(node.database, "laocai", node.key)


def heads(node):
    rows = node.query("SELECT text, signature FROM exchange_batch ORDER BY number")
    return [SignedHead(bytes(text), bytes(signature)) for text, signature in rows]


def test_what_comes_at_once_is_signed_once(alone):
    async def story():
        log = opened(alone)
        await log.open()
        sendings = [Sending([draft()]) for _ in range(50)]
        commits = await asyncio.gather(*[log.write(one) for one in sendings])
        for commit, sending in zip(commits, sendings, strict=True):
            place = commit.place(sending.indexes[0])
            assert place.holds(sending.envelopes[0].text, commit.head.head)
        await log.close()

    asyncio.run(story())
    signed = heads(alone)
    assert sum(one.head.size for one in signed) == 50
    assert len(signed) <= 3


def test_who_is_at_the_door_enters_the_same_batch(alone):
    """A request takes a turn of the loop or two until it is an entry that waits."""

    async def enter(log, number, turns):
        for _ in range(turns):
            await asyncio.sleep(0)
        await log.write(Noting("refusal", [b"%d" % number]))

    async def story():
        log = opened(alone)
        await log.open()
        await asyncio.gather(*[enter(log, number, number // 2) for number in range(12)])
        await log.close()

    asyncio.run(story())
    assert [one.head.size for one in heads(alone)] == [12]


@pytest.mark.parametrize("size", [1, groups.FEW, groups.FEW + 1, 700])
def test_small_and_large_batches_write_the_same(alone, size):
    drafts = [
        draft(b"%d" % number, stream="s" if number % 3 else "", correlation="c") for number in range(size)
    ]

    async def story():
        log = opened(alone)
        await log.open()
        await log.write(Sending(drafts))
        await log.close()

    asyncio.run(story())
    rows = alone.query(
        "SELECT l.text, l.body, o.id, o.leaf, o.stream, o.seq, o.created, o.expires, o.give_up_at, o.confirm, o.state, o.tries"
        " FROM exchange_outgoing o JOIN exchange_leaf l ON l.number = o.leaf ORDER BY o.leaf"
    )
    assert len(rows) == size
    for number, (row, one) in enumerate(zip(rows, drafts, strict=True), 1):
        envelope = read(bytes(row[0]))
        sent = one.envelope
        assert (envelope.id, bytes(row[1]), row[2], row[3]) == (sent.id, one.body, sent.id, number)
        assert (row[4], row[5]) == (envelope.stream, envelope.seq)
        assert row[6:] == (sent.created, sent.expires, sent.created + timedelta(days=3), True, "signed", 0)


def test_few_but_large_ones_are_copied(alone, monkeypatch):
    monkeypatch.setattr(groups, "LITTLE", 1000)
    copied = []
    monkeypatch.setattr(
        groups, "_in_bulk", lambda *given, really=groups._in_bulk: copied.append(1) or really(*given)
    )

    async def story():
        log = opened(alone)
        await log.open()
        await log.write(Sending([draft(b"x" * 500)]))
        await log.write(Sending([draft(b"x" * 600), draft(b"y" * 600)]))
        await log.close()

    asyncio.run(story())
    assert copied == [1]
    assert alone.query("SELECT length(body) FROM exchange_leaf ORDER BY number") == [(500,), (600,), (600,)]


def test_batches_are_chained_across_restarts(alone):
    async def story():
        for _ in range(3):
            log = opened(alone)
            await log.open()
            await log.write(Noting("refusal", [b"{}"]))
            await log.close()

    asyncio.run(story())
    signed = [one.head for one in heads(alone)]
    assert [(one.number, one.first, one.size) for one in signed] == [(1, 1, 1), (2, 2, 1), (3, 3, 1)]
    assert [one.previous for one in signed] == [NOTHING, signed[0].digest, signed[1].digest]


def test_only_one_process_writes(alone):
    async def story():
        first, second = opened(alone), opened(alone)
        await first.open()
        with pytest.raises(Fenced, match="Another process writes the log of this node"):
            await second.open()
        await first.close()
        await second.open()
        await second.close()

    asyncio.run(story())


def test_more_than_can_wait_is_refused_at_once(alone, monkeypatch):
    monkeypatch.setattr(logs, "MOST_WAITING", 3)

    async def story():
        log = opened(alone)
        await log.open()
        promises = [log.hand_in(Noting("refusal", [b"%d" % number])) for number in range(3)]
        with pytest.raises(Busy):
            log.hand_in(Noting("refusal", [b"4"]))
        await asyncio.gather(*promises)
        await log.write(Noting("refusal", [b"5"]))
        await log.close()

    asyncio.run(story())
    assert alone.query("SELECT count(*)::int FROM exchange_leaf") == [(4,)]


def test_a_batch_that_fails_is_told_to_all_who_wait_and_the_next_one_succeeds(alone):
    async def story():
        log = opened(alone)
        await log.open()
        await log.write(Noting("refusal", [b"1"]))
        alone.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'exchange log' AND datname = current_database()"
        )
        promises = [log.hand_in(Noting("refusal", [b"%d" % number])) for number in range(5)]
        results = await asyncio.gather(*promises, return_exceptions=True)
        assert {type(one) for one in results} == {Unwritten}
        await log.write(Noting("refusal", [b"9"]))
        assert log.is_writing
        await log.close()

    asyncio.run(story())
    assert alone.query("SELECT text FROM exchange_leaf ORDER BY number") == [(b"1",), (b"9",)]
    assert [one.head.number for one in heads(alone)] == [1, 2]


def test_a_submission_that_is_broken_takes_nobody_with_it_for_long(alone):
    class Broken(Noting):
        def enter(self, group):
            raise ZeroDivisionError

    async def story():
        log = opened(alone)
        await log.open()
        with pytest.raises(Unwritten):
            await log.write(Broken("refusal", [b"1"]))
        await log.write(Noting("refusal", [b"2"]))
        await log.close()

    asyncio.run(story())
    assert alone.query("SELECT text FROM exchange_leaf") == [(b"2",)]


def test_a_lost_answer_to_a_commit_makes_no_fork(alone):
    """The batch was committed, its writer does not know: it reads the last head again before it goes on."""

    async def story():
        log = opened(alone)
        await log.open()
        await log.write(Noting("refusal", [b"1"]))
        behind = log.head
        await log.write(Noting("refusal", [b"2"]))
        log.head = behind
        with pytest.raises(Unwritten):
            await log.write(Noting("refusal", [b"3"]))
        await log.write(Noting("refusal", [b"4"]))
        await log.close()

    asyncio.run(story())
    assert [one.head.number for one in heads(alone)] == [1, 2, 3]
    assert [bytes(row[0]) for row in alone.query("SELECT text FROM exchange_leaf ORDER BY number")] == [
        b"1",
        b"2",
        b"4",
    ]


def test_a_database_that_is_away_refuses_what_waits_until_it_is_back(alone, databases):
    async def story():
        log = opened(alone)
        await log.open()
        there, log.database = log.database, log.database.replace("dbname=", "dbname=no_such_")
        alone.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'exchange log' AND datname = current_database()"
        )
        for _ in range(3):
            with pytest.raises(Unwritten):
                await log.write(Noting("refusal", [b"1"]))
        assert not log.is_writing
        log.database = there
        await eventually(lambda: log.is_writing)
        await log.write(Noting("refusal", [b"2"]))
        await log.close()

    asyncio.run(story())


def test_the_log_only_grows(alone):
    async def story():
        log = opened(alone)
        await log.open()
        await log.write(Sending([draft(b"private")]))
        await log.close()

    asyncio.run(story())
    for statement in (
        "DELETE FROM exchange_leaf",
        "DELETE FROM exchange_batch",
        "UPDATE exchange_leaf SET text = 'x'",
        "UPDATE exchange_leaf SET body = 'x', what = 'x'",
        "UPDATE exchange_batch SET size = 0",
    ):
        with pytest.raises(psycopg.errors.RaiseException, match="only grows"):
            alone.query(statement)
    alone.query("UPDATE exchange_leaf SET body = NULL")
    assert alone.query("SELECT body IS NULL, text IS NULL FROM exchange_leaf") == [(True, False)]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", ["a", "a", "a"]),
        ("text", ["a", None, "ă"]),
        ("text", [None, None]),
        ("bytea", [b"x", None, b"x"]),
        ("bytea", [b"x", b"x"]),
        ("bigint", [1, 1, 2**40]),
        ("bigint", [1, None]),
        ("bigint", [None, 1]),
        ("integer", [7, None, 7]),
        ("boolean", [True, False, True]),
        ("boolean", [True, True]),
        ("timestamptz", [NOW, NOW, NOW + timedelta(seconds=1)]),
        ("timestamptz", [None, NOW]),
        ("uuid", [new_id(), new_id()]),
    ],
)
def test_a_column_at_once_is_what_its_values_are_one_by_one(kind, values):
    assert list(binary.packed(kind, values)) == [binary.PACK[kind](value) for value in values]


def test_columns_are_written_as_the_database_reads_them():
    assert binary._instant(datetime(2000, 1, 1, tzinfo=UTC)) == b"\0\0\0\x08" + bytes(8)
    assert binary._boolean(True) == b"\0\0\0\x01\x01"
    assert sql.LEAF.copy.startswith("COPY exchange_leaf (number, batch, what, text, envelope, body, peer,")
    assert sql.PEER_HEAD.insert.endswith("ON CONFLICT (node, number) DO NOTHING")


def message(node, body=b"{}", **fields):
    wanted = {"kind": "test.note", "sender": "H38", "recipient": "G22"} | fields
    headers = {"authorization": f"Bearer {node.secret}", "motcua-message": json.dumps(wanted)}

    async def receive():
        return {"body": body}

    return Call("POST", "/exchange/messages", headers, receive)


def test_a_local_system_gets_a_receipt_that_proves_its_message(country):
    laocai, _ = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            reply = await here.answer(message(laocai, b"[1]", stream="s", correlation="c"))
            content = json.loads(reply.body)
            envelope = read(content["envelope"].encode())
            assert (reply.status, str(envelope.id), envelope.stream, envelope.seq) == (
                201,
                content["id"],
                "s",
                1,
            )
            signed = SignedHead.from_json(content["signed"])
            assert signed.is_signed_by({laocai.key.key_id: laocai.key.public_pem})
            assert Place.from_json(content["place"], "place").holds(envelope.text, signed.head)
            assert laocai.query("SELECT body FROM exchange_leaf") == [(b"[1]",)]

    asyncio.run(story())


def test_a_message_sent_again_under_its_identifier_gets_the_old_receipt(country):
    laocai, _ = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            number = str(new_id())
            first, second = await asyncio.gather(
                *[here.answer(message(laocai, b"[1]", id=number)) for _ in range(2)]
            )
            third = await here.answer(message(laocai, b"[1]", id=number))
            assert sorted([first.status, second.status]) == [200, 201]
            assert (third.status, third.body) == (200, first.body)
            assert first.body == second.body
            other = await here.answer(message(laocai, b"[2]", id=number))
            assert (other.status, json.loads(other.body)["detail"][:27]) == (
                409,
                "Another message was sent as",
            )
            assert laocai.states() == {"signed": 1}

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"kind": "Not A Kind"}, 422, "message.kind: “Not A Kind” has another form"),
        ({"kind": 5}, 422, "message.kind: it is no plain text"),
        ({"sender": "G22"}, 403, "G22 is not hosted by this node; send in the name of one that is."),
        (
            {"id": "1"},
            422,
            "Motcua-Message: badly formed hexadecimal UUID string is missing or of another form.",
        ),
        ({"id": "0" * 32}, 422, "Motcua-Message: id is no UUID of version 7"),
        ({"stream": ["a"]}, 422, "Motcua-Message: "),
    ],
)
def test_a_local_message_that_does_not_hold_is_refused_in_words(country, fields, status, says):
    laocai, _ = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            reply = await here.answer(message(laocai, **fields))
            assert reply.status == status
            assert json.loads(reply.body)["detail"].startswith(says)

    asyncio.run(story())


@pytest.mark.parametrize("header", ["", "{", "[]", "5"])
def test_a_local_message_without_a_readable_header_is_refused(country, header):
    laocai, _ = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            headers = {"authorization": f"Bearer {laocai.secret}", "motcua-message": header}

            async def receive():
                return {"body": b""}

            reply = await here.answer(Call("POST", "/exchange/messages", headers, receive))
            assert reply.status == 422

    asyncio.run(story())


@pytest.mark.parametrize(("raised", "status"), [(Busy(), 429), (Unwritten(), 503)])
def test_back_pressure_says_when_to_come_back(country, monkeypatch, raised, status):
    laocai, _ = country.nodes

    def refuse(_self, _submission):
        raise raised

    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            monkeypatch.setattr(Log, "hand_in", refuse)
            reply = await here.answer(message(laocai))
            assert (reply.status, reply.headers) == (status, (("retry-after", "1"),))
            assert json.loads(reply.body)["detail"] == "Come back in 1 s; nothing of this request was kept."

    asyncio.run(story())


def test_an_expired_directory_opens_to_nobody_and_says_so(country):
    _, vpcp = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, there):
            there.station.directory = there.station.directory.model_copy(
                update={"expires": datetime.now(UTC)}
            )
            answer = await here.dispatch.transport.post(
                f"{vpcp.url}/exchange/batches", "application/vnd.motcua.parcel", b"x"
            )
            assert answer.status == 503
            assert "Version 1 of the directory has expired at vpcp" in json.loads(answer.body)["detail"]

    asyncio.run(story())
