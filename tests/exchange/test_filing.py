"""Large files: in pieces, taken up again after a cut, in little memory, while messages go past them."""

import asyncio
import errno
import json
import os
import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from motcua.exchange import carrying, signatures
from motcua.exchange.canonical import hash_of
from motcua.exchange.carrying import bring
from motcua.exchange.filing import LARGEST, PIECE, UNEXPECTED, Filing
from motcua.exchange.parcel import packed
from motcua.exchange.server import Call
from motcua.exchange.signatures import Request
from motcua.exchange.strain import Strain
from motcua.exchange.transport import OCTETS, Lost
from motcua.lib.blobs import Store
from tests.exchange.nodes import in_memory, sign_drafts
from tests.exchange.test_delivery import courier_of
from tests.exchange.test_intake import knock, sent
from tests.exchange.victims import Victim, until

CONTENT = bytes(range(256)) * 4096 * 5  # five pieces
SIZE, DIGEST = len(CONTENT), sha256(CONTENT).hexdigest()
SECRET = sha256(b"a secret").hexdigest()
MEGABYTE = 1024 * 1024


def listed(digest, size):
    return [{"digest": digest, "size": size, "media": OCTETS}]


async def put(door, key, piece, *, at=0, size=SIZE, digest=DIGEST, spoilt=None):
    """Bring a piece as another node would; return status and answer."""
    path = f"/exchange/files/{digest}/{at}/{size}"
    headers = signatures.sign(
        Request("PUT", door.station.me.exchange_url + path, OCTETS, hash_of(piece)), key, door.station.now()
    )

    async def receive():
        return {"type": "http.request", "body": spoilt or piece}

    reply = await door.answer(Call("PUT", path, headers, receive))
    return reply.status, json.loads(reply.body)


@asynccontextmanager
async def doors(country, digest=DIGEST, size=SIZE):
    """Both doors, after a message of the first node named the file to the second."""
    async with in_memory(*country.nodes) as (here, there):
        laocai = country.nodes[0]
        heads, items = await sent(here, laocai, b"{}", attachments=listed(digest, size))
        status, answer = await knock(there, packed(heads.values(), items[-1:]), laocai.key)
        assert (status, answer["verdicts"][0]["missing"]) == (424, [digest])
        yield here, there


async def ask(door, key, digest=DIGEST):
    """How much of the file is there."""
    path = f"/exchange/files/{digest}"
    headers = signatures.sign(Request("GET", door.station.me.exchange_url + path), key, door.station.now())
    reply = await door.answer(Call("GET", path, headers, None))
    return json.loads(reply.body)["here"] if reply.status == 200 else reply.status


def on_their_way(door):
    return list((door.station.files.root / "incoming").glob("*"))


def test_a_file_comes_piece_by_piece_and_is_asked_for_in_between(country):
    laocai, _ = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            assert await ask(there, laocai.key) == 0
            for at in range(0, len(CONTENT), PIECE):
                last = at + PIECE == len(CONTENT)
                answer = await put(there, laocai.key, CONTENT[at : at + PIECE], at=at)
                assert answer == ((201, {"here": None}) if last else (200, {"here": at + PIECE}))
                # When it is here, nobody has a reason to ask any more.
                assert await ask(there, laocai.key) == (403 if last else at + PIECE)
            assert there.station.files.read(DIGEST) == CONTENT
            assert on_their_way(there) == []

    asyncio.run(story())


def test_a_piece_twice_or_from_the_wrong_place_changes_nothing(country):
    laocai, _ = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            await put(there, laocai.key, CONTENT[:PIECE])
            for at in (0, 2 * PIECE):
                status, said = await put(there, laocai.key, CONTENT[at : at + PIECE], at=at)
                assert (status, said["here"]) == (409, PIECE)

    asyncio.run(story())


def test_who_sent_no_message_for_it_brings_no_file_and_learns_of_none(country):
    """Neither of one that is on its way nor of one that is here."""
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            await put(there, laocai.key, CONTENT[:PIECE])
            there.station.files.put([b"a secret"])
            for key, digest in ((vpcp.key, DIGEST), (laocai.key, SECRET)):
                status, said = await put(there, key, b"a secret", size=8, digest=digest)
                assert (status, said["detail"]) == (403, UNEXPECTED)
                assert await ask(there, key, digest) == 403
            assert len(on_their_way(there)) == 1
            await there.station.log.drained()
        refused = [(one["peer"], one["what"]) for one in map(json.loads, vpcp.refusals())]
        assert refused == [("vpcp", "file"), ("laocai", "file")]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("rights", "size", "fields", "says"),
    [
        ((), 1, {"kind": "exchange.selftest"}, "exchange.selftest goes without files."),
        ((), SIZE, {}, "H38 has no right to send test.note to G22."),
        (None, LARGEST + 1, {}, "One of its files is larger than 1073741824 bytes, and cannot be brought."),
    ],
)
def test_no_file_is_asked_for_of_a_message_that_is_refused(country, rights, size, fields, says):
    laocai, _ = country.nodes
    country.publish(**({} if rights is None else {"rights": rights}))

    async def story():
        async with in_memory(*country.nodes) as (here, there):
            heads, items = await sent(here, laocai, b"{}", attachments=listed(DIGEST, size), **fields)
            status, answer = await knock(there, packed(heads.values(), items), laocai.key)
            assert (status, answer["verdicts"][0]["detail"]) == (403, says)
            assert on_their_way(there) == []
            assert await ask(there, laocai.key) == 403

    asyncio.run(story())


def test_a_piece_that_was_changed_on_the_way_is_refused_and_named(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            await put(there, laocai.key, CONTENT[:PIECE])
            piece = CONTENT[PIECE : 2 * PIECE]
            status, said = await put(there, laocai.key, piece, at=PIECE, spoilt=b"!" + piece[1:])
            assert (status, said["detail"].partition(";")[0]) == (401, "Content-Digest does not fit the body")
            assert await ask(there, laocai.key) == PIECE
            await there.station.log.drained()
        refused = [json.loads(one)["what"] for one in vpcp.refusals()]
        assert refused == [f"/exchange/files/{DIGEST}/{PIECE}/{len(CONTENT)}"]

    asyncio.run(story())


def test_pieces_of_another_file_are_not_kept(country):
    laocai, _ = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            status, said = await put(there, laocai.key, b"rubbish", size=7)
            made = f"The pieces make the file {sha256(b'rubbish').hexdigest()}"
            assert (status, said["detail"].partition(",")[0]) == (400, made)
            assert not there.station.files.exists(DIGEST)
            assert on_their_way(there) == []

    asyncio.run(story())


@pytest.mark.parametrize(("piece", "size"), [(b"xx", 1), (b"", 1), (b"x", 2**40)])
def test_a_piece_that_fits_nowhere_is_refused(country, piece, size):
    laocai, _ = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            assert (await put(there, laocai.key, piece, size=size))[0] == 413

    asyncio.run(story())


def brought(here, there, places, most):
    """Bring the file over a line that is cut after so many pieces, noting where each begins."""
    transport = here.dispatch.transport
    honest = transport.put

    async def noted(url, piece):
        if len(places) == most:
            raise Lost("the cable was cut")
        places.append(int(url.split("/")[-2]))
        return await honest(url, piece)

    transport.put = noted
    return bring(here.station, transport, there.station.me, DIGEST)


def test_what_was_cut_off_is_taken_up_again_also_after_a_restart(country):
    """Nothing that arrived is sent a second time."""
    laocai, vpcp = country.nodes
    Store(laocai.home / "files").put([CONTENT])
    places = []

    async def story():
        for most in (2, 4):
            async with doors(country) as (here, there):
                with pytest.raises(Lost):
                    await brought(here, there, places, most)
        async with doors(country) as (here, there):
            assert await brought(here, there, places, 99) == ""
        assert places == [0, PIECE, 2 * PIECE, 3 * PIECE, 4 * PIECE]
        assert Store(vpcp.home / "files").read(DIGEST) == CONTENT

    asyncio.run(story())


def test_a_process_killed_within_a_piece_goes_on_from_the_byte_it_had(country):
    laocai, vpcp = country.nodes
    Store(laocai.home / "files").put([CONTENT])
    places = []

    async def story():
        async with doors(country) as (here, there):
            await put(there, laocai.key, CONTENT[:PIECE])
            with on_their_way(there)[0].open("ab") as file:
                file.write(CONTENT[PIECE : PIECE + 1000])
            assert await brought(here, there, places, 99) == ""
        assert places[0] == PIECE + 1000
        assert Store(vpcp.home / "files").read(DIGEST) == CONTENT

    asyncio.run(story())


def test_a_process_killed_before_it_looked_at_the_whole_keeps_it_when_asked_again(country):
    laocai, vpcp = country.nodes
    Store(laocai.home / "files").put([CONTENT])
    places = []

    async def story():
        async with doors(country) as (here, there):
            on_their_way(there)[0].write_bytes(CONTENT)
            assert await brought(here, there, places, 99) == ""
        assert places == [SIZE]
        assert Store(vpcp.home / "files").read(DIGEST) == CONTENT

    asyncio.run(story())


def test_a_file_that_came_from_elsewhere_meanwhile_is_brought_no_further(country):
    laocai, _ = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            await put(there, laocai.key, CONTENT[:PIECE])
            there.station.files.put([CONTENT])
            assert await put(there, laocai.key, CONTENT[PIECE : 2 * PIECE], at=PIECE) == (201, {"here": None})
            assert on_their_way(there) == []

    asyncio.run(story())


def test_what_never_came_to_its_end_is_swept(country):
    """Then its sender begins anew, with the message."""
    laocai, vpcp = country.nodes
    Store(laocai.home / "files").put([CONTENT])

    async def story():
        async with doors(country) as (here, there):
            await put(there, laocai.key, CONTENT[:PIECE])
            there.station.files.clear_incoming(older=datetime.now(UTC) + timedelta(hours=1))
            assert on_their_way(there) == []
            said = await brought(here, there, [], 99)
            assert said == f"vpcp does not take the file {DIGEST}: {UNEXPECTED}"
        async with doors(country) as (here, there):
            assert await brought(here, there, [], 99) == ""
        assert Store(vpcp.home / "files").read(DIGEST) == CONTENT

    asyncio.run(story())


def test_a_file_damaged_here_is_named_as_such(country):
    laocai, _ = country.nodes
    kept = Store(laocai.home / "files")
    kept.put([CONTENT])
    kept.path(DIGEST).write_bytes(b"!" + CONTENT[1:])

    async def story():
        async with doors(country) as (here, there):
            said = await brought(here, there, [], 99)
            assert said == f"vpcp did not take the file {DIGEST}: it is damaged on the disk here"

    asyncio.run(story())


def test_a_full_disk_is_answered_in_words_and_what_came_is_deleted(country, monkeypatch):
    laocai, _ = country.nodes

    def full(_filing, _path, _piece):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async def story():
        async with doors(country) as (_here, there):
            await put(there, laocai.key, CONTENT[:PIECE])
            monkeypatch.setattr(Filing, "_add", full)
            status, said = await put(there, laocai.key, CONTENT[PIECE : 2 * PIECE], at=PIECE)
            assert (status, said["detail"]) == (
                507,
                "The disk is full; what came of this file was deleted. Its operator must make room.",
            )
            assert on_their_way(there) == []

    asyncio.run(story())


def test_a_file_that_would_fill_the_disk_is_not_begun(country):
    laocai, _ = country.nodes

    async def story():
        async with doors(country) as (_here, there):
            there.station.strain = Strain(
                there.station.home, there.station.log, lambda _: (10 * MEGABYTE, 5 * MEGABYTE)
            )
            assert (await put(there, laocai.key, CONTENT[:PIECE]))[0] == 507
            assert await ask(there, laocai.key) == 0

    asyncio.run(story())


def test_messages_go_past_a_file_that_stands_still(country, monkeypatch):
    laocai, _ = country.nodes
    kept = Store(laocai.home / "files").put([CONTENT])
    goes_on = asyncio.Event()

    async def waiting(*of_file):
        await goes_on.wait()
        return await bring(*of_file)

    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            monkeypatch.setattr(carrying, "bring", waiting)
            laocai.send("G22", stream="a", attachments=listed(kept.digest, kept.size))
            laocai.send("G22", stream="a")
            laocai.send("G22")
            await sign_drafts(here.dispatch)
            courier = courier_of(here)
            for _ in range(2):
                await courier.round()
            assert laocai.states() == {"signed": 2, "received": 1}
            assert laocai.query("SELECT reason FROM exchange_outgoing WHERE seq = 1") == [
                ("Its files are on their way.",)
            ]
            goes_on.set()
            await asyncio.wait_for(courier.wake.wait(), 30)
            laocai.query("UPDATE exchange_outgoing SET next_try = NULL")
            await courier.round()
            assert laocai.states() == {"received": 3}

    asyncio.run(story())


def peak(victim):
    """The most memory this process has had, in bytes."""
    status = Path(f"/proc/{victim.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


def large(node):
    """A file of a hundred megabytes, no two alike, listed as a message lists it."""
    block = os.urandom(MEGABYTE)
    kept = Store(node.home / "files").put(number.to_bytes(8) + block[8:] for number in range(100))
    return listed(kept.digest, kept.size)


@pytest.mark.country
def test_a_large_file_takes_little_memory_of_both_nodes(country):
    laocai, vpcp = country.nodes
    sender, receiver = Victim(laocai), Victim(vpcp)
    with sender.alive(), receiver.alive():
        laocai.send("G22")
        until(lambda: laocai.states() == {"received": 1}, 60)
        before = peak(sender), peak(receiver)
        files = large(laocai)
        laocai.send("G22", attachments=files)
        until(lambda: laocai.states() == {"received": 2}, 120)
        after = peak(sender), peak(receiver)
    assert Store(vpcp.home / "files").size(files[0]["digest"]) == 100 * MEGABYTE
    assert [(now - then) // MEGABYTE < 64 for then, now in zip(before, after, strict=True)] == [True, True]


@pytest.mark.country
@pytest.mark.parametrize("which", ["sender", "receiver"])
def test_a_node_killed_while_a_large_file_is_on_its_way_goes_on_from_there(country, which):
    laocai, vpcp = country.nodes
    sender, receiver = Victim(laocai), Victim(vpcp)
    victim = sender if which == "sender" else receiver
    files = large(laocai)
    incoming = vpcp.home / "files" / "incoming"

    def come():
        return sum(file.stat().st_size for file in incoming.glob("*"))

    with sender.alive(), receiver.alive():
        laocai.send("G22", attachments=files)
        until(lambda: come() > 10 * MEGABYTE, 60)
        victim.kill()
        before = come()
        laocai.query("UPDATE exchange_outgoing SET next_try = NULL")  # instead of in a minute
        victim.start()
        until(lambda: laocai.states() == {"received": 1}, 120)
    assert before > 10 * MEGABYTE
    assert Store(vpcp.home / "files").read(files[0]["digest"])


@pytest.mark.parametrize(
    "rest",
    [
        "x/0/1",
        f"{DIGEST}/0",
        f"{DIGEST}/-1/x",
        f"{DIGEST}/0/1/2",
        f"{DIGEST}/0/١",
        f"../{DIGEST}/0/1",
        f"{DIGEST.upper()}/0/1",
    ],
)
def test_an_address_that_names_no_piece_is_refused(country, rest):
    async def story():
        async with in_memory(*country.nodes) as (_here, there):
            assert (await there.answer(Call("PUT", f"/exchange/files/{rest}", {}, None))).status == 400

    asyncio.run(story())
