"""Order within a stream: a gap is asked about, nothing goes behind what was taken, and other streams never wait."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from motcua.exchange.envelope import read
from motcua.exchange.parcel import packed
from motcua.exchange.sending import Draft, Sending
from tests.exchange.nodes import in_memory, sign_drafts
from tests.exchange.test_delivery import courier_of
from tests.exchange.test_intake import holds, knock, sent

DEAD = "UPDATE exchange_outgoing SET state = 'dead', give_up_at = now() - %s::interval WHERE stream = 'a' AND seq = %s"


def states(node):
    """The states of the messages of stream a, in their order."""
    rows = node.query("SELECT state FROM exchange_outgoing WHERE stream = 'a' ORDER BY seq")
    return [row[0] for row in rows]


def test_a_dead_letter_holds_what_stands_behind_it_in_its_stream_and_nothing_else(country):
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            for stream in "aab":
                laocai.send("G22", stream=stream)
            await sign_drafts(here.dispatch)
            laocai.query(DEAD, "1 hour", 1)
            await courier_of(here).round()
            assert (states(laocai), laocai.states()) == (
                ["dead", "signed"],
                {"dead": 1, "signed": 1, "received": 1},
            )
            laocai.query(
                "UPDATE exchange_outgoing SET state = 'signed', give_up_at = expires WHERE state = 'dead'"
            )
            await courier_of(here).round()
            assert states(laocai) == ["received", "received"]
            assert [seq for _, seq in vpcp.received()] == [1, 1, 2]

    asyncio.run(story())


def test_after_a_day_what_stands_behind_a_dead_letter_goes_on_and_the_letter_comes_too_late(country):
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            for _ in range(3):
                laocai.send("G22", stream="a")
            await sign_drafts(here.dispatch)
            laocai.query(DEAD, "25 hours", 2)
            await courier_of(here).round()
            assert states(laocai) == ["received", "dead", "received"]
            laocai.query(
                "UPDATE exchange_outgoing SET state = 'signed', give_up_at = expires WHERE state = 'dead'"
            )
            await courier_of(here).round()
            assert states(laocai) == ["received", "refused", "received"]
            reason = laocai.query("SELECT reason FROM exchange_outgoing WHERE seq = 2")
            words = "Number 2 of this stream comes too late: 3 was taken before; send it as a new message."
            assert reason == [(words,)]
            assert [seq for _, seq in vpcp.received()] == [1, 3]

    asyncio.run(story())


def test_a_node_that_lost_what_it_had_signed_for_is_given_it_again(country):
    """Its database was set back: the next message of the stream shows the gap, and the gap is closed in order."""
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, there):
            for _ in range(3):
                laocai.send("G22", stream="a")
            await sign_drafts(here.dispatch)
            courier = courier_of(here)
            await courier.round()
            vpcp.query("DELETE FROM exchange_incoming WHERE seq > 1")
            first = "(SELECT encode(digest, 'hex') FROM exchange_incoming WHERE seq = 1)"
            vpcp.query(f"UPDATE exchange_channel SET last = 1, previous = {first}")
            there.station.log._channels.clear()
            laocai.send("G22", stream="a")
            await sign_drafts(here.dispatch)
            await courier.round()
            assert states(laocai) == ["received", "signed", "signed", "signed"]
            laocai.query("UPDATE exchange_outgoing SET next_try = NULL")
            await courier.round()
            assert states(laocai) == ["received"] * 4
            assert [seq for _, seq in vpcp.received()] == [1, 2, 3, 4]

    asyncio.run(story())


def test_a_gap_nobody_can_close_is_passed_over(country):
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, there):
            for _ in range(3):
                laocai.send("G22", stream="a")
            await sign_drafts(here.dispatch)
            courier = courier_of(here)
            await courier.round()
            vpcp.query("UPDATE exchange_channel SET last = 1, previous = ''")
            laocai.query("DELETE FROM exchange_receipt")
            there.station.log._channels.clear()
            laocai.send("G22", stream="a")
            await sign_drafts(here.dispatch)
            await courier.round()
            assert laocai.query("SELECT reason FROM exchange_outgoing WHERE seq = 4") == [
                ("Number 3 of this stream has not come yet; send it first.",)
            ]
            laocai.query("UPDATE exchange_outgoing SET next_try = NULL")
            await courier.round()
            assert states(laocai) == ["received"] * 4
            assert courier.passed_over == {}

    asyncio.run(story())


def test_what_names_another_predecessor_is_refused(country):
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, there):
            heads, items = await sent(here, laocai, b"1", stream="a")
            await knock(there, packed(heads.values(), items), laocai.key)
            laocai.query("UPDATE exchange_channel SET previous = repeat('0', 64)")
            here.station.log._channels.clear()
            heads, items = await sent(here, laocai, b"2", stream="a")
            status, answer = await knock(there, packed(heads.values(), items[1:]), laocai.key)
            assert (status, holds(answer, vpcp)) == (403, ["refused"])
            words = "Number 2 does not follow number 1 of this stream as it was received here."
            assert answer["verdicts"][0]["detail"] == words

    asyncio.run(story())


def test_a_refused_message_sent_again_gets_the_receipt_it_has_and_no_new_entry(country):
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, there):
            heads, items = await sent(here, laocai, b"1", kind="other.note")
            content = packed(heads.values(), [items[0], items[0]])
            answers = [await knock(there, content, laocai.key) for _ in range(3)]
            assert {status for status, _ in answers} == {403}
            receipts = {verdict["receipt"] for _, answer in answers for verdict in answer["verdicts"]}
            assert len(receipts) == 1
            assert [holds(answer, vpcp) for _, answer in answers] == [["refused"] * 2] * 3
            assert vpcp.query("SELECT count(*)::int FROM exchange_leaf WHERE what = 'receipt'") == [(1,)]

    asyncio.run(story())


def test_a_conflict_sent_again_is_told_once(country):
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, there):
            heads, items = await sent(here, laocai, b"1")
            await knock(there, packed(heads.values(), items), laocai.key)
            laocai.query("DELETE FROM exchange_outgoing")
            (first,) = [row[0] for row in vpcp.received()]
            now = here.station.now()
            envelope = replace(read(items[0].text), id=first, created=now, expires=now + timedelta(days=1))
            sending = Sending([Draft(envelope, b"1")])
            commit = await here.station.log.write(sending)
            item = replace(items[0], text=sending.envelopes[0].text, place=commit.place(sending.indexes[0]))
            for _ in range(2):
                status, answer = await knock(there, packed([commit.head], [item]), laocai.key)
                assert (status, holds(answer, vpcp)) == (409, ["conflict"])
            tasks = vpcp.query(
                "SELECT count(*)::int FROM procrastinate_jobs WHERE task_name = 'exchange.report_conflict'"
            )
            assert tasks == [(1,)]

    asyncio.run(story())


def test_whose_messages_are_refused_all_the_time_is_asked_to_stay_away(country):
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, there):
            heads, items = await sent(here, laocai, *[b"1"] * 60, kind="other.note")
            _, answer = await knock(there, packed(heads.values(), items), laocai.key)
            counted = [verdict["status"] for verdict in answer["verdicts"]]
            assert counted[:40] == [403] * 40
            assert 429 in counted[40:]
            logged = vpcp.query("SELECT count(*)::int FROM exchange_leaf WHERE what = 'receipt'")
            assert logged == [(counted.count(403),)]

    asyncio.run(story())
