"""Keys that change: two at once while one replaces the other, and one that was lost and may not speak for its node any more."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from motcua.exchange import process
from motcua.exchange.canonical import Malformed
from motcua.exchange.evidence import SignedHead
from motcua.exchange.intake import vouched
from motcua.exchange.parcel import packed, unpacked
from motcua.exchange.process import Unprepared
from motcua.lib.keys import FileKey
from tests.exchange.nodes import eventually, in_memory, listed, running
from tests.exchange.test_intake import doors, knock, parcel_of, sent, shown

HOUR = timedelta(hours=1)


def restarted(country):
    """Doors of the same nodes, as they stand after a restart."""
    return doors(country)


async def waiting(country, *bodies):
    """Messages of Lào Cai that were signed and not sent before it stopped."""
    async with doors(country) as (here, _there):
        return await sent(here, country.nodes[0], *bodies)


def revoke(country, node, *, since=HOUR):
    """The node takes another key; the old one is revoked as of an hour ago, before anything here was signed."""
    old = node.take_another_key()
    lost = listed(old, revoked_at=datetime.now(UTC) - since)
    country.publish(keys={node.name: (lost, listed(node.key))})
    return old


def test_while_one_key_replaces_the_other_both_are_believed(country):
    laocai, _ = country.nodes
    before = FileKey.generate()
    country.publish(keys={"laocai": (listed(laocai.key), listed(before))})

    async def story():
        heads, items = await waiting(country, b"1")
        old = laocai.take_another_key()
        country.publish(keys={"laocai": (listed(old), listed(laocai.key))})
        async with restarted(country) as (here, there):
            status, _ = await knock(there, packed(heads.values(), items), old)
            more, others = await sent(here, laocai, b"2")
            assert (status, (await knock(there, packed(more.values(), others), laocai.key))[0]) == (200, 200)

    asyncio.run(story())


def test_what_a_revoked_key_signed_is_refused_whatever_time_it_says(country):
    laocai, vpcp = country.nodes

    async def story():
        heads, items = await waiting(country, b"1")
        old = revoke(country, laocai)
        async with restarted(country) as (_here, there):
            parcel = packed(heads.values(), items)
            status, problem = await knock(there, parcel, old)
            assert (status, problem["detail"]) == (
                401,
                f"The key {old.key_id} is in no directory valid now; sign with a key of your node.",
            )
            long_ago = replace(next(iter(heads.values())).head, at=datetime(2026, 1, 1, tzinfo=UTC))
            for signed in (*heads.values(), SignedHead.sign(long_ago, old)):
                status, problem = await knock(there, packed([signed], items), laocai.key)
                assert (status, problem["detail"]) == (
                    400,
                    f"head.key: {old.key_id} may not sign now; sign the head again with a key that may.",
                )
            await there.station.log.drained()
            assert len(vpcp.refusals()) == 3
            assert vpcp.received() == []

    asyncio.run(story())


def test_what_waited_under_the_old_key_is_signed_again_and_received(country):
    laocai, vpcp = country.nodes

    async def story():
        await waiting(country, b"1", b"2")
        old = revoke(country, laocai)
        async with restarted(country) as (here, there):
            heads, items = await parcel_of(here)
            assert {one.head.key for one in heads.values()} == {old.key_id}
            status, _ = await knock(there, packed(heads.values(), items), laocai.key)
            assert (status, len(vpcp.received())) == (200, 2)

    asyncio.run(story())


def test_a_receipt_given_under_the_old_key_is_signed_again_when_it_is_asked_for(country):
    laocai, vpcp = country.nodes

    async def story():
        async with doors(country) as (here, there):
            heads, items = await sent(here, laocai, b"1")
            _, first = await knock(there, packed(heads.values(), items), laocai.key)
        revoke(country, vpcp)
        async with restarted(country) as (here, there):
            _, again = await knock(there, packed(heads.values(), items), laocai.key)
            assert again["verdicts"] == [{**first["verdicts"][0], "status": 208}]
            peer, now = here.station.directory.by_name["vpcp"], datetime.now(UTC)
            with pytest.raises(Malformed, match="may not sign now"):
                vouched(SignedHead.from_json(first["heads"][0]), peer, now)
            vouched(SignedHead.from_json(again["heads"][0]), peer, now)

    asyncio.run(story())


def test_only_a_key_that_may_sign_now_signs_again(country):
    laocai, vpcp = country.nodes
    old = revoke(country, laocai)
    head = shown(laocai, 7).head
    lost = SignedHead.sign(replace(head, key=old.key_id), old)

    async def story():
        async with doors(country) as (here, _there):
            peer, now = here.station.directory.by_name["laocai"], datetime.now(UTC)
            for stranger in (old, vpcp.key, FileKey.generate()):
                forged = replace(lost, renewal=(stranger.key_id, stranger.sign(lost.text)))
                with pytest.raises(Malformed, match="may not sign now"):
                    vouched(forged, peer, now)
            lying = replace(lost, renewal=(laocai.key.key_id, old.sign(lost.text)))
            with pytest.raises(Malformed, match="may not sign now"):
                vouched(lying, peer, now)
            vouched(lost.renewed(laocai.key), peer, now)

    asyncio.run(story())


def test_a_head_signed_again_travels_and_others_do_not_change(country):
    laocai, _ = country.nodes
    signed, other = shown(laocai, 7), FileKey.generate()
    assert signed.renewed(laocai.key) is signed
    assert set(signed.as_json()) == {"head", "signature"}
    again = unpacked(packed([signed.renewed(other)], [])).heads[7]
    assert again.is_renewed_by({other.key_id: other.public_pem})
    assert not again.is_renewed_by({laocai.key.key_id: laocai.key.public_pem})


@pytest.mark.parametrize(
    "rubbish", [1, "x", {"key": "k"}, {"key": "k", "signature": 1}, {"key": 1, "signature": "?"}]
)
def test_a_second_signature_that_is_none_is_malformed(country, rubbish):
    said = {**shown(country.nodes[0], 7).as_json(), "renewal": rubbish}
    with pytest.raises(Malformed, match="it is no signed head"):
        SignedHead.from_json(said)


def test_the_newest_head_of_a_node_that_changed_its_key_is_signed_again(country):
    laocai, _ = country.nodes

    async def story():
        await waiting(country, b"1")
        laocai.take_another_key()
        country.publish()
        async with in_memory(laocai) as (here,):
            reply = await here.head(None)
            assert b'"renewal"' in reply.body

    asyncio.run(story())


def test_a_node_does_not_start_with_a_key_that_was_revoked(country):
    laocai, _ = country.nodes
    country.publish(keys={"laocai": (listed(laocai.key, revoked_at=datetime.now(UTC)),)})

    async def story():
        async with process.opened(laocai, laocai.home):
            pass

    with pytest.raises(Unprepared, match=f"lists no valid key {laocai.key.key_id} for laocai"):
        asyncio.run(story())


def test_a_node_whose_key_is_revoked_while_it_runs_says_so_to_its_operator(country, monkeypatch, caplog):
    laocai, _ = country.nodes
    monkeypatch.setattr(process, "LOOK_AGAIN", 0.02)

    async def story():
        async with running(laocai):
            country.publish(keys={"laocai": (listed(laocai.key, revoked_at=datetime.now(UTC)),)})
            question = "SELECT max(version)::int FROM exchange_directoryversion"
            await eventually(lambda: laocai.query(question) == [(2,)])

    with caplog.at_level(logging.ERROR, "motcua.exchange.process"):
        asyncio.run(story())
    assert [record.message for record in caplog.records] == [
        f"The directory lists no valid key {laocai.key.key_id} for laocai; have it added. Until then other nodes refuse what we send."
    ]
