"""What is seldom seen: old receipts after a restart, other servers, small faults of callers."""

import asyncio
import json
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.exchange import bench, signatures, tasks
from motcua.exchange.actions import handling, telling
from motcua.exchange.calls import Call as Asked
from motcua.exchange.calls import Failed
from motcua.exchange.canonical import Malformed, to_millisecond
from motcua.exchange.evidence import Receipt, read_receipt
from motcua.exchange.ids import new_id
from motcua.exchange.parcel import MEDIA_TYPE, packed
from motcua.exchange.server import Call
from motcua.exchange.transport import Lost
from motcua.lib.keys import FileKey
from tests.exchange.nodes import eventually, in_memory, running, sign_drafts
from tests.exchange.test_intake import holds, knock, parcel_of, request


def test_after_a_restart_the_same_message_gets_the_same_receipt(country):
    laocai, vpcp = country.nodes

    async def story(first):
        async with in_memory(laocai, vpcp) as (here, there):
            if first:
                for body in (b"1", b"2", b"3"):
                    laocai.send("G22", body)
                await sign_drafts(here.dispatch)
            heads, items = await parcel_of(here)
            status, answer = await knock(there, packed(heads.values(), items), laocai.key)
            assert (status, holds(answer, vpcp)) == (200, ["received"] * 3)
            return [verdict["receipt"] for verdict in answer["verdicts"]]

    assert asyncio.run(story(first=True)) == asyncio.run(story(first=False))


def test_trees_of_many_batches_are_forgotten_and_built_again(country, monkeypatch):
    laocai, _ = country.nodes
    monkeypatch.setattr("motcua.exchange.archive.REMEMBERED", 2)

    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            for _ in range(4):
                laocai.send("G22")
                await sign_drafts(here.dispatch)
            entries = await here.station.archive.entries([1, 2, 3, 4])
            assert [entry.head.head.number for entry in entries.values()] == [1, 2, 3, 4]
            assert all(entry.place.holds(entry.text, entry.head.head) for entry in entries.values())

    asyncio.run(story())


def test_the_door_opens_to_any_asgi_server(country):
    laocai, _ = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            transport = httpx.ASGITransport(app=here)
            async with httpx.AsyncClient(transport=transport, base_url=laocai.url) as client:
                assert (await client.get("/health")).json()["node"] == "laocai"
                answer = await client.post("/exchange/batches", content=b"x")
                assert (answer.status_code, answer.headers["content-type"]) == (
                    401,
                    "application/problem+json",
                )
            await here({"type": "lifespan"}, None, None)

    asyncio.run(story())


def test_a_fault_of_ours_is_admitted_and_logged(country):
    async def story():
        async with in_memory(*country.nodes) as (here, _there):

            async def broken(_call):
                raise ZeroDivisionError

            here.routes["GET", "/health"] = broken
            reply = await here.answer(Call("GET", "/health", {}, None))
            assert (reply.status, json.loads(reply.body)["detail"]) == (
                500,
                "The fault is ours and was logged; try again.",
            )

    asyncio.run(story())


@pytest.mark.parametrize(
    ("headers", "status", "says"),
    [
        ({"content-digest": "sha-256=:x:"}, 401, "Content-Digest does not fit the body"),
        ({"content-type": "text/plain"}, 400, f"Content-Type: send {MEDIA_TYPE}."),
        ({"content-length": "9999999"}, 413, "The body is longer than 1048576 bytes"),
        ({"signature": "motcua=:=:"}, 401, "Signature: it is not base64"),
        ({"signature-input": "motcua=()"}, 401, "Signature-Input or Signature is missing or of another form"),
    ],
)
def test_a_request_that_is_not_as_agreed_is_told_what_is_wrong(country, headers, status, says):
    laocai, _ = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (_here, there):
            honest = request(b"x", laocai.key, there.station.me.exchange_url)
            spoiled = Call(honest.method, honest.path, honest.headers | headers, honest.receive)
            reply = await there.answer(spoiled)
            assert reply.status == status
            assert json.loads(reply.body)["detail"].startswith(says)

    asyncio.run(story())


def test_a_signature_made_for_something_else_is_refused(country):
    key, target = FileKey.generate(), signatures.Request("GET", "http://x/")
    headers = signatures.sign(target, key, datetime.now(UTC))
    other = headers["signature-input"].replace(signatures.TAG, "other")
    with pytest.raises(signatures.Unsigned, match="The signature is for something else"):
        signatures.signer(
            target, headers | {"signature-input": other}, lambda _: key.public_pem, datetime.now(UTC)
        )
    word = headers["signature-input"].replace(";created=", ';created="a",').partition(",")[0]
    with pytest.raises(signatures.Unsigned):
        signatures.signer(
            target, headers | {"signature-input": word}, lambda _: key.public_pem, datetime.now(UTC)
        )


def test_a_parcel_without_a_call_is_refused(country):
    laocai, _ = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (_here, there):
            call = request(packed([], []), laocai.key, there.station.me.exchange_url, path="/exchange/calls")
            reply = await there.answer(call)
            assert (reply.status, json.loads(reply.body)["detail"]) == (
                422,
                "A parcel of calls holds 1 to 32 messages, not 0; send as many.",
            )

    asyncio.run(story())


def test_a_call_for_an_agency_hosted_elsewhere_is_refused(country):
    laocai, _ = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, there):
            laocai.send("H38.01")
            await sign_drafts(here.dispatch)
            heads, items = await parcel_of(here)
            content = packed(heads.values(), items)
            reply = await there.answer(
                request(content, laocai.key, there.station.me.exchange_url, path="/exchange/calls")
            )
            assert reply.status == 421

    asyncio.run(story())


@pytest.mark.parametrize(
    "header", [{}, {"kind": "test.ask"}, {"kind": "a", "sender": "H38", "recipient": "G22", "timeout": "x"}]
)
def test_a_local_call_without_what_it_needs_is_refused(country, header):
    laocai, _ = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, _there):

            async def receive():
                return {"body": b""}

            headers = {"authorization": f"Bearer {laocai.secret}", "motcua-call": json.dumps(header)}
            reply = await here.answer(Call("POST", "/local/calls", headers, receive))
            assert reply.status == 422

    asyncio.run(story())


def test_the_outbox_can_be_woken_by_hand(country):
    laocai, _ = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            reply = await here.answer(
                Call("POST", "/local/wake", {"authorization": f"Bearer {laocai.secret}"}, None)
            )
            assert (reply.status, here.dispatch.wake.is_set()) == (202, True)

    asyncio.run(story())


def test_within_one_process_nobody_at_an_address_is_lost(country):
    async def story():
        async with in_memory(country.nodes[0]) as (here,):
            with pytest.raises(Lost, match="nobody is there"):
                await here.dispatch.transport.get("http://elsewhere/exchange/head")
            answer = await here.dispatch.transport.get(f"{country.nodes[0].url}/exchange/head")
            assert (answer.status, answer.body) == (200, b"{}")

    asyncio.run(story())


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=100))
def test_a_receipt_is_read_back_the_same(reason):
    at = to_millisecond(datetime.now(UTC))
    receipt = Receipt("vpcp", new_id(), "ab" * 32, "H38", "G22", "refused", at, reason)
    assert read_receipt(receipt.text) == receipt


RECEIPT = {
    "at": "2026-11-02T08:30:00.000Z",
    **dict.fromkeys(("digest", "node", "reason", "recipient", "sender"), ""),
    "id": "1",
    "state": "received",
    "type": "receipt",
    "v": 1,
}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"v": 1}, "receipt.type: this is no receipt"),
        ([], "receipt: it is no JSON object"),
        (RECEIPT, "receipt.id: it is no UUID"),
        (RECEIPT | {"state": "eaten"}, "receipt.state: there is no such state"),
    ],
)
def test_a_receipt_that_cannot_be_read_says_where(content, says):
    with pytest.raises(Malformed) as malformed:
        read_receipt(json.dumps(content, sort_keys=True, separators=(",", ":")).encode())
    assert str(malformed.value).startswith(says)


def test_a_question_that_is_no_json_fails_in_words():
    with pytest.raises(Failed, match="The question is no JSON"):
        Asked("1", "k", "A", "B", b"{").json()


def test_the_jobs_do_what_their_names_say(monkeypatch):
    done = []
    for module, names in (
        (handling, ("handle_parcel", "sweep")),
        (telling, ("report", "report_conflict", "report_forks", "report_recoveries")),
    ):
        for name in names:
            monkeypatch.setattr(module, name, lambda *given, name=name: done.append((name, *given)))
    tasks.handle(parcel="p")
    tasks.report(state="received", messages=["m"])
    tasks.report_conflict(leaf=3)
    tasks.sweep(0)
    assert done == [
        ("handle_parcel", "p"),
        ("report", "received", ["m"]),
        ("report_conflict", 3),
        ("sweep",),
        ("report_forks",),
        ("report_recoveries",),
    ]


def test_a_flood_of_messages_is_measured(country):
    laocai, vpcp = country.nodes
    measured = asyncio.run(bench.accept_in_process(laocai.database, laocai.key, producers=4, messages=40))
    assert (len(measured.times), measured.failures) == (40, 0)
    assert measured.quantile(0.5) <= measured.quantile(0.99)
    assert laocai.states() == {"signed": 40}

    async def story():
        # A log that has begun, without a note of its last head, is gone on with only when a neighbour was heard.
        async with running(vpcp), running(laocai):
            path, headers, body = bench.message(laocai.secret, sender="H38", recipient="H38.01")
            found = await bench.load(laocai.exchange_port, path, headers, body, connections=4, seconds=0.3)
            assert (len(found.times) > 0, found.failures) == (True, 0)
            wrong = await bench.load(laocai.exchange_port, path, {}, body, connections=1, seconds=0.1)
            assert (len(wrong.times), wrong.failures > 0) == (0, True)
            assert str(wrong).startswith("0/s, p50 0.0 ms")
            # A node whose disk is slow asks to be left in peace for five seconds, and is.
            await eventually(lambda: laocai.states()["refused"] == len(found.times), within=60)

    asyncio.run(story())


@pytest.mark.parametrize("path", ["/exchange/heads", "/exchange/heads/laocai/0", "/exchange/chain/0"])
def test_only_nodes_are_shown_heads(country, path):
    """Each head shown may cost a signature and a search: strangers get neither."""
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(laocai, vpcp) as (here, there):
            assert (await there.answer(Call("GET", path, {}, None))).status == 401
            assert (await here.dispatch.transport.get(f"{vpcp.url}{path}")).status == 200

    asyncio.run(story())
