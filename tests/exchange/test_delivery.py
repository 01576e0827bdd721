"""From node to node over the network: what waits arrives, once, in order, whatever happens on the way."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from motcua.exchange.delivery import Courier
from motcua.exchange.evidence import SignedHead
from motcua.exchange.server import Reply
from motcua.lib.blobs import Store
from tests.exchange.nodes import eventually, free_port, in_memory, running, sign_drafts


def test_a_message_reaches_the_other_node_and_its_receipt_comes_back(country):
    laocai, vpcp = country.nodes

    async def story():
        async with running(laocai), running(vpcp):
            sent = laocai.send("G22", b'{"a":1}')
            await eventually(lambda: laocai.states() == {"received": 1})
            assert vpcp.received() == [(sent, 0)]
            assert vpcp.query("SELECT body FROM exchange_leaf WHERE what = 'receipt'") == [(b'{"a":1}',)]
            receipts = laocai.query("SELECT message, node, state FROM exchange_receipt")
            assert receipts == [(sent, "vpcp", "received")]
            reported = laocai.query("SELECT task_name, args FROM procrastinate_jobs")
            assert reported == [("exchange.report", {"state": "received", "messages": [str(sent)]})]

    asyncio.run(story())


def test_each_node_keeps_the_heads_of_the_other(country):
    laocai, vpcp = country.nodes

    async def story():
        async with running(laocai), running(vpcp):
            laocai.send("G22")
            await eventually(lambda: laocai.states() == {"received": 1})
        for node, other in ((laocai, vpcp), (vpcp, laocai)):
            kept = node.query("SELECT text, signature FROM exchange_peerhead WHERE node = %s", other.name)
            own = dict(other.query("SELECT number, text FROM exchange_batch"))
            for text, signature in kept:
                head = SignedHead(bytes(text), bytes(signature))
                assert head.is_signed_by({other.key.key_id: other.key.public_pem})
                assert own[head.head.number] == bytes(text)
        witnessed = laocai.query("SELECT text FROM exchange_leaf WHERE what = 'witness'")
        assert [json.loads(bytes(row[0]))["node"] for row in witnessed] == ["vpcp"]

    asyncio.run(story())


def test_what_waits_for_a_node_that_is_down_is_delivered_when_it_is_up(country):
    laocai, vpcp = country.nodes

    async def story():
        async with running(laocai):
            sent = [laocai.send("G22", b"%d" % number, stream="s") for number in range(3)]
            await eventually(
                lambda: laocai.query("SELECT failures > 1, last_error FROM exchange_peer WHERE failures > 1")
            )
            error = laocai.query("SELECT last_error FROM exchange_peer")[0][0]
            assert error.startswith(f"{vpcp.url}/exchange/batches cannot be reached")
            assert laocai.states() == {"signed": 3}
            async with running(vpcp):
                await eventually(lambda: laocai.states() == {"received": 3})
                assert vpcp.received() == [(one, number) for number, one in enumerate(sent, 1)]
                await eventually(
                    lambda: laocai.query("SELECT failures, last_error FROM exchange_peer") == [(0, "")]
                )

    asyncio.run(story())


def test_a_node_may_send_to_itself(country):
    laocai, _ = country.nodes

    async def story():
        async with running(laocai):
            laocai.send("H38.01")
            await eventually(lambda: laocai.states() == {"received": 1})
            assert len(laocai.received()) == 1

    asyncio.run(story())


def test_hundreds_of_messages_in_many_streams_arrive_once_and_in_order(country):
    laocai, vpcp = country.nodes

    async def story():
        async with running(laocai), running(vpcp):
            for number in range(300):
                laocai.send("G22", b"%d" % number, stream=f"s{number % 7}" if number % 8 else "")
            await eventually(lambda: laocai.states() == {"received": 300}, within=30)
        rows = vpcp.query("SELECT stream, seq FROM exchange_incoming ORDER BY leaf")
        assert len(rows) == 300
        for name in {stream for stream, _ in rows if stream}:
            numbers = [seq for stream, seq in rows if stream == name]
            assert numbers == list(range(1, len(numbers) + 1))

    asyncio.run(story())


def test_large_bodies_and_attachments_travel_apart(country):
    laocai, vpcp = country.nodes
    body, picture = b"x" * 200_000, b"y" * 3_000_000
    here, there = Store(laocai.home / "files"), Store(vpcp.home / "files")
    apart, attached = here.put([body]), here.put([picture])

    async def story():
        async with running(laocai), running(vpcp):
            listed = [{"digest": attached.digest, "size": attached.size, "media": "image/png"}]
            laocai.send("G22", body=None, digest=sha256(body).digest(), attachments=listed)
            await eventually(lambda: laocai.states() == {"received": 1})
            assert there.read(apart.digest) == body
            assert there.read(attached.digest) == picture

    asyncio.run(story())


def test_a_file_that_is_lost_holds_up_only_its_own_stream(country):
    laocai, _vpcp = country.nodes

    async def story():
        async with running(laocai), running(_vpcp):
            lost = [{"digest": "0" * 64, "size": 1, "media": "image/png"}]
            stuck = laocai.send("G22", stream="a", attachments=lost)
            behind = laocai.send("G22", stream="a")
            laocai.send("G22", stream="b")
            await eventually(lambda: laocai.states() == {"received": 1, "signed": 2})
            question = "SELECT reason FROM exchange_outgoing WHERE id = %s AND tries > 1"
            reason = await eventually(lambda: laocai.query(question, stuck))
            assert reason == [(f"The file {'0' * 64} is not here, so vpcp cannot have it.",)]
            laocai.query("UPDATE exchange_outgoing SET state = 'cancelled' WHERE id = %s", stuck)
            await eventually(lambda: laocai.states() == {"received": 2, "cancelled": 1})
            assert laocai.query("SELECT state FROM exchange_outgoing WHERE id = %s", behind) == [
                ("received",)
            ]

    asyncio.run(story())


def test_what_is_not_received_in_its_term_becomes_a_dead_letter_with_a_signed_entry(country):
    laocai, _ = country.nodes

    async def story():
        async with running(laocai):
            now = datetime.now(UTC)
            sent = laocai.send("G22", expires=now + timedelta(milliseconds=600))
            await eventually(lambda: laocai.states() == {"dead": 1})
            reason = laocai.query("SELECT reason FROM exchange_outgoing")[0][0]
            assert reason.startswith("vpcp did not receive the message in time: ")
            (entry,) = laocai.query("SELECT text FROM exchange_leaf WHERE what = 'undelivered'")
            assert json.loads(bytes(entry[0]))["id"] == str(sent)
            (job,) = laocai.query("SELECT args FROM procrastinate_jobs")
            assert job[0] == {"state": "dead", "messages": [str(sent)]}

    asyncio.run(story())


def test_a_message_to_an_agency_nobody_hosts_says_so(country):
    laocai, _ = country.nodes

    async def story():
        async with running(laocai):
            laocai.send("X99")
            question = "SELECT reason FROM exchange_outgoing WHERE reason <> ''"
            assert await eventually(lambda: laocai.query(question), within=15) == [
                ("X99 stands in no directory known here.",)
            ]

    asyncio.run(story())


def test_a_refusal_comes_back_signed_and_is_reported(country):
    laocai, vpcp = country.nodes

    async def story():
        async with running(laocai), running(vpcp):
            laocai.send("G22", kind="other.note", confirm=False)
            await eventually(lambda: laocai.states() == {"refused": 1})
            assert laocai.query("SELECT reason FROM exchange_outgoing") == [
                ("H38 has no right to send other.note to G22.",)
            ]
            assert laocai.query("SELECT args->>'state' FROM procrastinate_jobs") == [("refused",)]

    asyncio.run(story())


@asynccontextmanager
async def spoiling(country, spoil):
    """The nodes joined without a network, the answers of the second one changed on their way."""
    async with in_memory(*country.nodes) as (here, there):
        honest = there.batch

        async def batch(call):
            return spoil(await honest(call))

        there.routes["POST", "/exchange/batches"] = batch
        here.dispatch.refresh = lambda: None
        yield here, there


def changed(text, where):
    """The text with one character changed."""
    return text[:where] + ("A" if text[where] != "A" else "B") + text[where + 1 :]


def spoiled_receipt(answer):
    verdict = answer["verdicts"][0]
    verdict["receipt"] = verdict["receipt"].replace('"state":"received"', '"state":"refused"')


def spoiled_proof(answer):
    answer["verdicts"][0]["index"] += 1


def spoiled_head(answer):
    head = json.loads(answer["heads"][0]["head"])
    head["root"] = "0" * 64
    answer["heads"][0]["head"] = json.dumps(head, sort_keys=True, separators=(",", ":"))


def spoiled_signature(answer):
    answer["heads"][0]["signature"] = changed(answer["heads"][0]["signature"], 5)


def without_heads(answer):
    answer["heads"] = []


def without_verdicts(answer):
    answer["verdicts"] = []


@pytest.mark.parametrize(
    "spoil",
    [spoiled_receipt, spoiled_proof, spoiled_head, spoiled_signature, without_heads, without_verdicts],
)
def test_a_receipt_that_does_not_hold_is_not_believed(country, spoil):
    laocai, vpcp = country.nodes

    def spoilt(reply):
        answer = json.loads(reply.body)
        spoil(answer)
        return replace(reply, body=json.dumps(answer).encode())

    async def story():
        async with spoiling(country, spoilt) as (here, there):
            laocai.send("G22")
            await sign_drafts(here.dispatch)
            courier = courier_of(here)
            assert await courier.round() > 0
            assert (laocai.states(), courier.failures) == ({"signed": 1}, 1)
            assert "vpcp answered" in laocai.query("SELECT last_error FROM exchange_peer")[0][0]
            await here.station.log.drained()
            assert len(laocai.refusals()) == (0 if spoil is without_verdicts else 1)
            there.routes["POST", "/exchange/batches"] = there.batch
            assert await courier.round() == 0
            assert (laocai.states(), courier.failures) == ({"received": 1}, 0)
            assert len(vpcp.received()) == 1

    asyncio.run(story())


def courier_of(door, name="vpcp"):
    """A courier that moves only when told."""
    return Courier(door.station, door.dispatch.transport, name)


def test_a_peer_is_given_no_file_its_message_does_not_name(country):
    laocai, _ = country.nodes
    kept = Store(laocai.home / "files")
    named, secret = kept.put([b"for them"]), kept.put([b"not for them"])

    def greedy(reply):
        answer = json.loads(reply.body)
        for verdict in answer["verdicts"]:
            verdict |= {"status": 424, "missing": [secret.digest, "../../keys/node.pem", named.digest, 7]}
            verdict.pop("receipt", None)
        return replace(reply, body=json.dumps(answer).encode())

    async def story():
        async with spoiling(country, greedy) as (here, there):
            listed = [{"digest": named.digest, "size": named.size, "media": "text/plain"}]
            laocai.send("G22", attachments=listed)
            await sign_drafts(here.dispatch)
            await courier_of(here).round()
            assert there.station.files.exists(named.digest)
            assert not there.station.files.exists(secret.digest)

    asyncio.run(story())


@pytest.mark.parametrize("verdicts", [[1], ["x"], [None], "x", {"a": 1}])
def test_an_answer_of_another_shape_is_no_answer(country, verdicts):
    laocai, _ = country.nodes
    body = json.dumps({"heads": [], "verdicts": verdicts}).encode()

    async def story():
        async with spoiling(country, lambda reply: replace(reply, body=body)) as (here, _there):
            laocai.send("G22")
            await sign_drafts(here.dispatch)
            courier = courier_of(here)
            assert await courier.round() > 0
            assert courier.failures == 1

    asyncio.run(story())


def test_a_fault_of_ours_stops_no_courier(country):
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            courier = courier_of(here)
            honest, met = courier.round, asyncio.Event()

            async def broken():
                courier.round = honest
                met.set()
                courier.wake.set()
                raise ZeroDivisionError

            courier.round = broken
            laocai.send("G22")
            await sign_drafts(here.dispatch)
            carrying = asyncio.create_task(courier.run())
            await met.wait()
            await eventually(lambda: laocai.states() == {"received": 1})
            carrying.cancel()
            assert len(vpcp.received()) == 1

    asyncio.run(story())


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (503, "vpcp answered 503: Come back in 1 s"),
        (429, "vpcp answered 429: Come back in 1 s"),
        (502, "vpcp answered 502: it does not speak as agreed"),
    ],
)
def test_a_peer_that_is_busy_is_left_in_peace_for_a_while(country, status, words):
    laocai, _ = country.nodes
    body = (
        json.dumps({"detail": "Come back in 1 s"}).encode() if status != 502 else b"<html>Bad gateway</html>"
    )

    async def story():
        async with spoiling(country, lambda _: Reply(status, "text/plain", body)) as (here, _there):
            laocai.send("G22")
            await sign_drafts(here.dispatch)
            assert await courier_of(here).round() > 0
            assert laocai.query("SELECT failures, last_error FROM exchange_peer") == [(1, words)]

    asyncio.run(story())


def test_an_answer_that_never_came_has_no_second_effect(country):
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, there):
            honest = there.batch

            async def cut(call):
                await honest(call)
                raise ConnectionError("the cable was cut")

            there.routes["POST", "/exchange/batches"] = cut
            laocai.send("G22")
            await sign_drafts(here.dispatch)
            courier = courier_of(here)
            assert await courier.round() > 0
            assert (laocai.states(), len(vpcp.received())) == ({"signed": 1}, 1)
            there.routes["POST", "/exchange/batches"] = honest
            assert await courier.round() == 0
            assert (laocai.states(), len(vpcp.received())) == ({"received": 1}, 1)

    asyncio.run(story())


def test_a_new_directory_moves_an_agency_without_anyone_noticing(country, node):
    laocai, vpcp = country.nodes
    third = node("moved", "X01")
    country.nodes.append(third)
    country.publish()

    async def story():
        async with in_memory(laocai, vpcp, third) as (here, old, new):
            vpcp.agencies, third.agencies = ("X02",), ("X01", "G22")
            published = country.publish()
            laocai.send("G22")
            await sign_drafts(here.dispatch)
            old.station.adopt(published)
            new.station.adopt(published)
            assert await courier_of(here).round() == 0
            reason = laocai.query("SELECT reason FROM exchange_outgoing")[0][0]
            assert (
                reason == "G22 is not hosted by vpcp, says version 3 of the directory, which is known here."
            )
            here.station.adopt(published)
            laocai.query("UPDATE exchange_outgoing SET next_try = NULL")
            assert await courier_of(here, "moved").round() == 0
            assert laocai.states() == {"received": 1}

    asyncio.run(story())


def test_a_second_process_waits_until_the_first_lays_down_the_pen(country):
    laocai, vpcp = country.nodes

    async def story():
        async with running(vpcp):
            async with running(laocai):
                laocai.exchange_port, first = free_port(), laocai.exchange_port
                second = asyncio.create_task(anext(aiter_of(running(laocai))))
                laocai.send("G22")
                await eventually(lambda: laocai.states() == {"received": 1})
                assert not second.done()
                laocai.exchange_port = first
            second.cancel()
            await asyncio.gather(second, return_exceptions=True)

    asyncio.run(story())


async def aiter_of(context):
    async with context as value:
        yield value
