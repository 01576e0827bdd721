"""What a node takes from another, and what it refuses: joined without a network, so that each byte can be changed."""

import asyncio
import json
import random
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from motcua.exchange import signatures
from motcua.exchange.canonical import digest_field, hash_of
from motcua.exchange.directory import Right
from motcua.exchange.envelope import Envelope
from motcua.exchange.evidence import Head, Place, SignedHead, read_receipt
from motcua.exchange.parcel import MEDIA_TYPE, Item, packed, unpacked
from motcua.exchange.problems import Problem
from motcua.exchange.sending import Draft, Sending
from motcua.exchange.server import Call
from motcua.exchange.transport import OCTETS
from motcua.lib.keys import FileKey
from tests.exchange.nodes import in_memory, sign_drafts

PATH = "/exchange/batches"


@asynccontextmanager
async def doors(country):
    async with in_memory(*country.nodes) as opened:
        yield opened


async def parcel_of(door, *, limit=500):
    """What a courier of this node would send now."""
    async with door.station.pool.connection() as connection:
        rows = await (
            await connection.execute(
                "SELECT leaf, seq FROM exchange_outgoing ORDER BY leaf LIMIT %s", [limit]
            )
        ).fetchall()
    entries = await door.station.archive.entries(row[0] for row in rows)
    items = [Item(e.text, e.body, e.place, max(row[1] - 1, 0)) for row in rows for e in [entries[row[0]]]]
    return {e.head.head.number: e.head for e in entries.values()}, items


def request(content, key, url, *, path=PATH, method="POST", media_type=MEDIA_TYPE, now=None):
    signed = signatures.sign(
        signatures.Request(method, url + path, media_type, hash_of(content)), key, now or datetime.now(UTC)
    )

    async def receive():
        return {"type": "http.request", "body": content, "more_body": False}

    return Call(method, path, signed, receive)


async def knock(door, content, key=None, **how):
    """POST a parcel as the other node would; return status and answer."""
    key = key or how.pop("sender").key
    reply = await door.answer(request(content, key, door.station.me.exchange_url, **how))
    return reply.status, json.loads(reply.body)


async def sent(door, node, *bodies, **fields):
    for body in bodies:
        node.send("G22", body, **fields)
    await sign_drafts(door.dispatch)
    return await parcel_of(door)


def holds(answer, peer):
    """Whether every receipt of an answer stands under a head the peer signed."""
    heads = {one.head.number: one for one in map(SignedHead.from_json, answer["heads"])}
    for verdict in answer["verdicts"]:
        place = Place.from_json(verdict, "verdict")
        signed = heads[place.head]
        assert signed.is_signed_by({peer.key.key_id: peer.key.public_pem})
        assert place.holds(verdict["receipt"].encode(), signed.head)
    return [read_receipt(verdict["receipt"].encode()).state for verdict in answer["verdicts"]]


def test_a_parcel_is_answered_with_signed_receipts(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (here, there):
            heads, items = await sent(here, laocai, b"1", b"2", b"3")
            status, answer = await knock(there, packed(heads.values(), items), laocai.key)
            assert (status, holds(answer, vpcp)) == (200, ["received"] * 3)
            assert [row[1] for row in vpcp.received()] == [0, 0, 0]
            jobs = vpcp.query("SELECT task_name, args FROM procrastinate_jobs")
            assert [job[0] for job in jobs] == ["exchange.handle"]

    asyncio.run(story())


def test_the_same_parcel_again_gets_the_old_receipts_and_has_no_second_effect(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (here, there):
            heads, items = await sent(here, laocai, b"1", b"2")
            _, first = await knock(there, packed(heads.values(), items), laocai.key)
            status, again = await knock(there, packed(heads.values(), items), laocai.key)
            assert status == 200
            assert [v["receipt"] for v in again["verdicts"]] == [v["receipt"] for v in first["verdicts"]]
            assert holds(again, vpcp) == ["received"] * 2
            assert len(vpcp.received()) == 2
            assert vpcp.query("SELECT count(*)::int FROM procrastinate_jobs") == [(1,)]

    asyncio.run(story())


def test_two_copies_arriving_at_once_are_received_once(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (here, there):
            heads, items = await sent(here, laocai, *[b"%d" % n for n in range(20)])
            content = packed(heads.values(), items)
            answers = await asyncio.gather(*[knock(there, content, laocai.key) for _ in range(8)])
            assert {status for status, _ in answers} == {200}
            receipts = [[v["receipt"] for v in answer["verdicts"]] for _, answer in answers]
            assert all(one == receipts[0] for one in receipts)
            assert len(vpcp.received()) == 20

    asyncio.run(story())


def test_another_message_under_the_same_identifier_is_a_conflict_and_both_are_kept(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (here, there):
            heads, items = await sent(here, laocai, b"true")
            await knock(there, packed(heads.values(), items), laocai.key)
            number = laocai.query("SELECT id FROM exchange_outgoing")[0][0]
            now = here.station.now()
            forged = Envelope(
                "test", number, "test.note", "H38", "G22", now, now + timedelta(1), sha256(b"false").digest()
            )
            sending = Sending([Draft(forged, b"false")])
            group_rows = laocai.query("DELETE FROM exchange_outgoing RETURNING id")
            commit = await here.station.log.write(sending)
            item = Item(sending.envelopes[0].text, b"false", commit.place(sending.indexes[0]))
            status, answer = await knock(there, packed([commit.head], [item]), laocai.key)
            assert (status, len(group_rows), holds(answer, vpcp)) == (409, 1, ["conflict"])
            kept = vpcp.query("SELECT body FROM exchange_leaf WHERE what = 'receipt' ORDER BY number")
            assert [bytes(row[0]) for row in kept] == [b"true", b"false"]
            tasks = vpcp.query("SELECT task_name FROM procrastinate_jobs ORDER BY id")
            assert tasks == [("exchange.handle",), ("exchange.report_conflict",)]

    asyncio.run(story())


def test_a_later_message_of_a_stream_is_not_taken_before_the_earlier_one(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (here, there):
            heads, items = await sent(here, laocai, b"1", b"2", b"3", stream="dossier:1")
            status, answer = await knock(there, packed(heads.values(), items[1:]), laocai.key)
            assert status == 425
            assert (
                answer["verdicts"][0]["detail"] == "Number 1 of this stream has not come yet; send it first."
            )
            await knock(there, packed(heads.values(), items[:1]), laocai.key)
            status, answer = await knock(there, packed(heads.values(), items[1:]), laocai.key)
            assert (status, holds(answer, vpcp)) == (200, ["received"] * 2)
            assert [row[1] for row in vpcp.received()] == [1, 2, 3]

    asyncio.run(story())


def test_streams_do_not_wait_for_each_other(country):
    laocai, _ = country.nodes

    async def story():
        async with doors(country) as (here, there):
            await sent(here, laocai, b"1", b"2", stream="a")
            heads, items = await sent(here, laocai, b"1", stream="b")
            status, answer = await knock(there, packed(heads.values(), items[1:]), laocai.key)
            assert (status, [v["status"] for v in answer["verdicts"]]) == (200, [425, 200])

    asyncio.run(story())


def test_the_envelopes_of_a_stream_are_chained(country):
    laocai, _ = country.nodes

    async def story():
        async with doors(country) as (here, _there):
            _, items = await sent(here, laocai, b"1", b"2", b"3", stream="a")
            previous = [json.loads(item.text)["previous"] for item in items]
            assert previous == ["", hash_of(items[0].text).hex(), hash_of(items[1].text).hex()]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "other.note"}, "H38 has no right to send other.note to G22."),
        ({"sender": "G22"}, "G22 is not hosted by laocai, which signed the message."),
        ({"sender": "X99"}, "X99 is not hosted by laocai, which signed the message."),
        (
            {"created": datetime.now(UTC).replace(microsecond=0) + timedelta(hours=25)},
            "The message was created in the future",
        ),
        (
            {
                "created": datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2),
                "expires": datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1),
            },
            "The message had expired before it arrived.",
        ),
    ],
)
def test_what_may_not_be_sent_is_refused_with_a_signed_receipt(country, fields, says):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (here, there):
            heads, items = await sent(here, laocai, b"1", **fields)
            status, answer = await knock(there, packed(heads.values(), items), laocai.key)
            assert (status, holds(answer, vpcp)) == (403, ["refused"])
            assert answer["verdicts"][0]["detail"].startswith(says)
            assert vpcp.received() == []

    asyncio.run(story())


def test_a_message_made_ahead_of_time_waits_and_what_stands_behind_it_too(country):
    """Nothing is signed of it, so that it is taken as if it came for the first time when its moment has come."""
    laocai, vpcp = country.nodes
    ahead = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=7)

    async def story():
        async with doors(country) as (here, there):
            await sent(here, laocai, b"1", stream="a", created=ahead)
            heads, items = await sent(here, laocai, b"2", stream="a")
            status, answer = await knock(there, packed(heads.values(), items), laocai.key)
            first, second = answer["verdicts"]
            assert (status, first["status"], second["status"]) == (200, 503, 425)
            assert first["detail"].startswith("The message was created in the future; it is taken when")
            assert "receipt" not in first
            assert vpcp.query("SELECT number FROM exchange_leaf WHERE what = 'receipt'") == []

    asyncio.run(story())


def test_a_message_for_an_agency_hosted_elsewhere_waits(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (here, there):
            laocai.send("H38.01")
            await sign_drafts(here.dispatch)
            heads, items = await parcel_of(here)
            status, answer = await knock(there, packed(heads.values(), items), laocai.key)
            assert status == 421
            assert (
                "H38.01 is not hosted by vpcp, says version 1 of the directory"
                in answer["verdicts"][0]["detail"]
            )
            assert vpcp.received() == []

    asyncio.run(story())


def test_missing_files_are_named_and_the_message_waits(country):
    laocai, vpcp = country.nodes
    content = b"a picture"
    digest = sha256(content).hexdigest()

    async def story():
        async with doors(country) as (here, there):
            listed = [{"digest": digest, "size": len(content), "media": "image/png"}]
            heads, items = await sent(here, laocai, b"1", attachments=listed)
            status, answer = await knock(there, packed(heads.values(), items), laocai.key)
            assert (status, answer["verdicts"][0]["missing"]) == (424, [digest])
            file = request(
                content,
                laocai.key,
                there.station.me.exchange_url,
                path=f"/exchange/files/{digest}",
                method="PUT",
                media_type=OCTETS,
            )
            assert (await there.answer(file)).status == 201
            status, answer = await knock(there, packed(heads.values(), items), laocai.key)
            assert (status, holds(answer, vpcp)) == (200, ["received"])

    asyncio.run(story())


@pytest.mark.parametrize("spoil", ["body", "cut"])
def test_a_file_that_is_not_the_one_announced_is_not_kept(country, spoil):
    laocai, _ = country.nodes
    content = b"a picture"
    digest = sha256(content).hexdigest()

    async def story():
        async with doors(country) as (_here, there):
            path = f"/exchange/files/{digest}"
            url = there.station.me.exchange_url
            honest = request(content, laocai.key, url, path=path, method="PUT", media_type=OCTETS)
            pieces = [
                {"type": "http.request", "body": content[:4], "more_body": True},
                {"type": "http.disconnect"} if spoil == "cut" else {"type": "http.request", "body": b"other"},
            ]

            async def receive():
                return pieces.pop(0)

            reply = await there.answer(replace(honest, receive=receive))
            assert reply.status == 401
            assert not there.station.files.exists(digest)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("path", "status"),
    [("/exchange/files/abc", 400), ("/exchange/files/../../keys", 400), ("/exchange/files/" + "0" * 64, 403)],
)
def test_a_file_under_a_wrong_name_is_not_kept(country, path, status):
    laocai, _ = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            url = there.station.me.exchange_url
            reply = await there.answer(
                request(b"x", laocai.key, url, path=path, method="PUT", media_type=OCTETS)
            )
            assert reply.status == status

    asyncio.run(story())


def test_a_changed_byte_anywhere_in_a_parcel_is_refused(country):
    """Whatever is changed, even by someone who can sign requests of the node: nothing that was not signed is taken."""
    laocai, vpcp = country.nodes
    chance = random.Random(7)  # noqa: S311 — the same on every run

    async def story():
        async with doors(country) as (here, there):
            heads, items = await sent(here, laocai, b'{"a":1}', b'{"b":2}')
            content = packed(heads.values(), items)
            honest = {hash_of(item.text) for item in items}
            for _ in range(400):
                changed = bytearray(content)
                changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
                with suppress(ValueError):
                    await knock(there, bytes(changed), laocai.key)
            rows = vpcp.query("SELECT digest FROM exchange_incoming")
            assert {bytes(row[0]) for row in rows} <= honest
            bodies = vpcp.query("SELECT body FROM exchange_leaf WHERE what = 'receipt'")
            assert {bytes(row[0]) for row in bodies} <= {b'{"a":1}', b'{"b":2}'}

    asyncio.run(story())


def test_a_changed_byte_of_the_body_is_refused_and_logged(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (here, there):
            heads, items = await sent(here, laocai, b'{"a":1}')
            status, answer = await knock(
                there, packed(heads.values(), [replace(items[0], body=b'{"a":2}')]), laocai.key
            )
            assert status == 400
            assert "message.content_digest: the body of" in answer["verdicts"][0]["detail"]
            await there.station.log.drained()
            assert ["the body of" in text for text in vpcp.refusals()] == [True]

    asyncio.run(story())


def test_a_head_signed_by_someone_else_is_refused_and_logged(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (here, there):
            heads, items = await sent(here, laocai, b"1")
            forged = [SignedHead(one.text, FileKey.generate().sign(one.text)) for one in heads.values()]
            status, problem = await knock(there, packed(forged, items), laocai.key)
            assert (status, problem["detail"]) == (
                400,
                "head.signature: it does not hold; sign the head with the key it names.",
            )
            await there.station.log.drained()
            assert len(vpcp.refusals()) == 1
            assert vpcp.received() == []

    asyncio.run(story())


def test_a_message_of_another_nodes_log_is_refused(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (here, there):
            heads, items = await sent(here, laocai, b"1")
            status, problem = await knock(there, packed(heads.values(), items), vpcp.key)
            assert (status, problem["detail"].partition(";")[0]) == (
                400,
                "head.node: laocai is not vpcp, who sent it",
            )

    asyncio.run(story())


def shown(node, number, *, previous="0" * 64, root="1" * 64):
    """A head of a node, as it never stood in its log."""
    head = Head(
        node.name,
        number,
        number,
        1,
        root,
        previous,
        datetime.now(UTC).replace(microsecond=0),
        node.key.key_id,
    )
    return SignedHead.sign(head, node.key)


def test_a_node_that_contradicts_itself_is_found_out(country):
    """It shows two heads of one number, or one that does not follow: whoever saw both keeps them as proof."""
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            first = shown(laocai, 7)
            second = shown(laocai, 8, previous=first.head.digest)
            other = shown(laocai, 8, previous=first.head.digest, root="2" * 64)
            astray = shown(laocai, 9)
            for head in (first, second, second, first):
                await knock(there, packed([head], []), laocai.key)
            assert vpcp.query("SELECT count(*)::int FROM exchange_fork") == [(0,)]
            await knock(there, packed([other, astray], []), laocai.key)
            forks = vpcp.query("SELECT node, number, text FROM exchange_fork ORDER BY number")
            assert [(node, number, bytes(text)) for node, number, text in forks] == [
                ("laocai", 8, other.text),
                ("laocai", 9, astray.text),
            ]
            kept = vpcp.query("SELECT text FROM exchange_peerhead WHERE number = 8")
            assert [bytes(row[0]) for row in kept] == [second.text]

    asyncio.run(story())


def forks_of(node):
    rows = node.query("SELECT number, text FROM exchange_fork ORDER BY number, text")
    return {(number, bytes(text)) for number, text in rows}


def test_a_contradiction_that_comes_in_one_parcel_is_found_out_once(country):
    """Neither head stood in the table when they came; sent again, they are known already."""
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            first, second = shown(laocai, 7), shown(laocai, 8)
            await knock(there, packed([first, second], []), laocai.key)
            assert len(forks_of(vpcp)) == 2
            await knock(there, packed([first, second], []), laocai.key)

    asyncio.run(story())
    assert forks_of(vpcp) == {(7, shown_text(vpcp, 7)), (8, shown_text(vpcp, 8))}
    assert vpcp.query("SELECT count(*)::int FROM exchange_fork") == [(2,)]


def shown_text(node, number):
    return bytes(node.query("SELECT text FROM exchange_peerhead WHERE number = %s", number)[0][0])


def test_two_heads_of_one_number_in_one_commit_are_found_out(country):
    laocai, vpcp = country.nodes
    heads = [shown(laocai, 7), shown(laocai, 7, root="2" * 64)]

    async def story():
        async with doors(country) as (_here, there):
            parcels = [packed([head], []) for head in heads]
            await asyncio.gather(*[knock(there, parcel, laocai.key) for parcel in parcels])

    asyncio.run(story())
    assert vpcp.query("SELECT count(*)::int FROM exchange_batch") == [(0,)]
    assert forks_of(vpcp) == {(7, head.text) for head in heads}


def test_a_head_that_comes_late_is_held_to_the_one_after_it(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            late = shown(laocai, 7)
            for head in (shown(laocai, 8), late):
                await knock(there, packed([head], []), laocai.key)
            assert forks_of(vpcp) == {(7, late.text)}

    asyncio.run(story())


def test_a_strange_key_is_refused_and_logged(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (here, there):
            heads, items = await sent(here, laocai, b"1")
            status, problem = await knock(there, packed(heads.values(), items), FileKey.generate())
            assert status == 401
            assert problem["detail"].endswith("is in no directory valid now; sign with a key of your node.")
            await there.station.log.drained()
            assert len(vpcp.refusals()) == 1

    asyncio.run(story())


def test_a_signature_of_yesterday_is_refused(country):
    laocai, _ = country.nodes

    async def story():
        async with doors(country) as (here, there):
            heads, items = await sent(here, laocai, b"1")
            long_ago = datetime.now(UTC) - timedelta(days=1)
            status, problem = await knock(there, packed(heads.values(), items), laocai.key, now=long_ago)
            assert (status, problem["detail"][:27]) == (401, "The signature has expired o")

    asyncio.run(story())


@pytest.mark.parametrize(
    "rubbish",
    [
        b"",
        b"\n",
        b"{}\n",
        b"[]\n",
        b'{"heads":[],"messages":[{}]}\n',
        b'{"heads":[1],"messages":[]}\n',
        b'{"heads":[{"head":"{}","signature":""}],"messages":[]}\n',
        b'{"heads":[],"messages":[{"head":1,"index":0,"proof":"","envelope":5,"body":1,"after":0}]}\nabc',
        b'{"heads":[],"messages":[{"head":1,"index":0,"proof":"AAAA","envelope":5,"body":1,"after":0}]}\nabc',
        b'{"heads":[],"messages":[]}\nmore',
        b"\xff\xfe\n",
        b"[" * 5000 + b"\n",
    ],
)
def test_rubbish_is_answered_with_what_and_how(country, rubbish):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            status, problem = await knock(there, rubbish, laocai.key)
            assert (status, problem["status"], problem["title"]) == (400, 400, "The request cannot be read")
            assert ";" in problem["detail"]
            await there.station.log.drained()
            assert len(vpcp.refusals()) == 1

    asyncio.run(story())


def test_a_flood_of_rubbish_does_not_fill_the_log(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            for _ in range(60):
                await knock(there, b"", laocai.key)
            await there.station.log.drained()
            assert len(vpcp.refusals()) <= 41

    asyncio.run(story())


def test_a_parcel_that_is_too_large_is_refused(country):
    laocai, _ = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            status, problem = await knock(there, bytes(1024 * 1024 + 1), laocai.key)
            assert (status, problem["title"]) == (413, "The request is too large")

    asyncio.run(story())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", PATH, 405),
        ("POST", "/exchange/files/x", 405),
        ("DELETE", "/exchange/head", 405),
    ],
)
def test_an_unknown_address_says_which_are_known(country, method, path, status):
    async def story():
        async with doors(country) as (_here, there):
            reply = await there.answer(Call(method, path, {}, None))
            assert (reply.status, reply.media_type) == (status, "application/problem+json")

    asyncio.run(story())


def test_health_directory_and_head_are_open_to_all(country):
    laocai, _ = country.nodes

    async def story():
        async with doors(country) as (here, _there):
            await sent(here, laocai, b"1")
            health = await here.answer(Call("GET", "/health", {}, None))
            assert json.loads(health.body) == {"node": "laocai", "log": True, "directory": 1}
            directory = await here.answer(Call("GET", "/exchange/directory", {}, None))
            assert directory.body == (laocai.home / "directory.json").read_bytes()
            head = SignedHead.from_json(
                json.loads((await here.answer(Call("GET", "/exchange/head", {}, None))).body)
            )
            assert (head.head.node, head.head.number, head.head.size) == ("laocai", 1, 1)

    asyncio.run(story())


def test_a_removed_right_is_refused_at_once(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (here, there):
            there.station.adopt(country.publish(rights=(Right(sender="G22", kind="*", recipient="*"),)))
            heads, items = await sent(here, laocai, b"1")
            _, answer = await knock(there, packed(heads.values(), items), laocai.key)
            assert holds(answer, vpcp) == ["refused"]

    asyncio.run(story())


def test_what_is_packed_is_unpacked_the_same():
    place = Place(1, 0, bytes(64))
    items = [Item(b"{}", b"\n\x00body", place, 3), Item(b"abc", None, place)]
    assert unpacked(packed([], items)).items == items


def test_problem_details_name_their_status():
    assert json.loads(Problem(409, "why").body) == {
        "type": "about:blank",
        "title": "Another message has this identifier",
        "status": 409,
        "detail": "why",
    }
    assert digest_field(bytes(32)).startswith("sha-256=:")
