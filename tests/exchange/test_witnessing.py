"""Neighbours show each other heads: who shows one history here and another there is found out, with both heads signed."""

import asyncio
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from motcua.exchange import recovery
from motcua.exchange.evidence import SignedHead
from motcua.exchange.models import Fork, PeerHead
from motcua.exchange.parcel import packed
from motcua.exchange.witnessing import Witness, chain
from motcua.journal.statements import statement
from tests.exchange.nodes import in_memory, sign_drafts
from tests.exchange.test_intake import forks_of, knock, shown
from tests.exchange.test_recovery import backup, recoveries, three
from tests.exchange.test_rotation import revoke

__all__ = ["backup", "three"]


def witness_of(door):
    return Witness(door.station, door.dispatch.transport)


def held(node, of):
    rows = node.query("SELECT number::int FROM exchange_peerhead WHERE node = %s ORDER BY number", of.name)
    return [row[0] for row in rows]


def entries(node, what):
    rows = node.query("SELECT text FROM exchange_leaf WHERE what = %s ORDER BY number", what)
    return [json.loads(bytes(row[0])) for row in rows]


def test_a_split_view_is_found_when_two_who_saw_it_speak_to_each_other(three):
    laocai, vpcp, sapa = three.nodes
    one, other = shown(laocai, 7), shown(laocai, 7, root="2" * 64)

    async def story():
        async with in_memory(*three.nodes) as (_, at_vpcp, at_sapa):
            await knock(at_vpcp, packed([one], []), laocai.key)
            await knock(at_sapa, packed([other], []), laocai.key)
            assert forks_of(vpcp) == forks_of(sapa) == set()
            for _again in range(2):
                await witness_of(at_vpcp).round()

    asyncio.run(story())
    assert forks_of(vpcp) == {(7, other.text)}
    assert vpcp.query("SELECT count(*)::int FROM exchange_fork") == [(1,)]


def test_heads_are_kept_and_entered_into_the_witness_s_own_log(three):
    laocai, vpcp, _ = three.nodes

    async def story():
        async with in_memory(*three.nodes) as (here, there, _):
            witness = witness_of(there)
            for number in range(3):
                laocai.send("G22", b"%d" % number)
                await sign_drafts(here.dispatch)
            await witness.round()
            laocai.send("G22", b"more")
            await sign_drafts(here.dispatch)
            await witness.round()
            return here.station.log.head.head

    newest = asyncio.run(story())
    assert held(vpcp, laocai) == [3, 4]
    assert [one["number"] for one in entries(vpcp, "witness")] == [3, 4]
    assert entries(vpcp, "witness")[-1]["digest"] == newest.digest


def test_a_log_that_was_set_back_and_went_another_way_cannot_show_its_chain(three, backup):
    """As by a copy of the database, without asking anybody: between the head once shown and the newest lies another."""
    laocai, vpcp, _ = three.nodes

    async def signed(*bodies, by=None):
        async with in_memory(*three.nodes) as (here, there, _):
            for body in bodies:
                laocai.send("G22", body)
                await sign_drafts(here.dispatch)
            await witness_of(there).round()

    asyncio.run(signed(b"1"))
    old = backup(laocai)
    asyncio.run(signed(b"2"))
    old.restore()
    assert forks_of(vpcp) == set()
    asyncio.run(signed(b"another 2", b"3", b"4"))
    assert {number for number, _ in forks_of(vpcp)} == {2, 3}


def test_heads_a_node_does_not_show_are_logged_once_and_the_chain_is_followed_behind_them(three):
    laocai, vpcp, _ = three.nodes

    async def story():
        async with in_memory(*three.nodes) as (here, there, _):
            witness = witness_of(there)
            for number in range(5):
                laocai.send("G22", b"%d" % number)
                await sign_drafts(here.dispatch)
                if not number:
                    await witness.round()
            laocai.query(
                "SET session_replication_role = replica; DELETE FROM exchange_batch WHERE number IN (2, 3)"
            )
            for _again in range(2):
                await witness.round()

    asyncio.run(story())
    assert [one.count("It does not show its heads 2 to 3.") for one in vpcp.refusals()] == [1]
    assert (held(vpcp, laocai), forks_of(vpcp)) == ([1, 5], set())


def test_a_node_learns_from_others_that_it_has_gone_back(three):
    laocai, _, _ = three.nodes
    later = shown(laocai, 9)

    async def story():
        async with in_memory(*three.nodes) as (here, there, _):
            await knock(there, packed([later], []), laocai.key)
            witness = witness_of(here)
            await witness.round()
            assert witness.is_behind.is_set()

    asyncio.run(story())
    assert held(laocai, laocai) == [9]


def a_journal(node, root, number=1):
    """One signed head of a node's journal, in its database."""
    columns = "origin text, number bigint, first_place bigint, size int, root bytea, previous bytea, at timestamptz, key_id text"
    node.query(f"CREATE TABLE IF NOT EXISTS journal_head ({columns}, signature bytea)")
    head = {
        "origin": node.name,
        "number": number,
        "first_place": 1,
        "size": 1,
        "root": root,
        "previous": bytes(32),
        "at": datetime.now(UTC),
        "key_id": node.key.key_id,
    }
    text = statement(**head)
    node.query("DELETE FROM journal_head")
    node.query(
        "INSERT INTO journal_head VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        *head.values(),
        node.key.sign(text),
    )
    return text


@pytest.fixture
def without_journal(three):
    yield
    three.nodes[0].query("DROP TABLE IF EXISTS journal_head")


@pytest.mark.usefixtures("without_journal")
def test_neighbours_hold_heads_of_the_journal_and_find_another_of_one_number(three):
    laocai, vpcp, _ = three.nodes
    first = a_journal(laocai, b"1" * 32)

    async def story():
        async with in_memory(*three.nodes) as (here, there, _):
            own = witness_of(here)
            for _again in range(2):
                await own.round()
                await witness_of(there).round()
            kept = vpcp.query("SELECT node, number::int, text FROM exchange_peerjournal")
            assert [(*row[:2], bytes(row[2])) for row in kept] == [("laocai", 1, first)]
            assert vpcp.query("SELECT count(*)::int FROM exchange_fork") == [(0,)]
            assert [one["number"] for one in entries(laocai, "journal")] == [1]
            another = a_journal(laocai, b"2" * 32)
            for _again in range(2):
                await witness_of(there).round()
            return another

    another = asyncio.run(story())
    forks = vpcp.query("SELECT log, node, number::int, text FROM exchange_fork")
    assert [(*row[:3], bytes(row[3])) for row in forks] == [("journal", "laocai", 1, another)]


@pytest.mark.usefixtures("without_journal")
def test_a_journal_s_head_that_another_signed_is_not_kept(three):
    laocai, vpcp, _ = three.nodes
    laocai.name = "sapa"
    a_journal(laocai, b"1" * 32)
    laocai.name = "laocai"

    async def story():
        async with in_memory(*three.nodes) as (_, there, _):
            await witness_of(there).round()

    asyncio.run(story())
    assert vpcp.query("SELECT count(*)::int FROM exchange_peerjournal") == [(0,)]
    assert [one.count("journal.signature") for one in vpcp.refusals()] == [1]


@pytest.mark.django_db
def test_contradicting_heads_are_written_as_they_were_signed(three, tmp_path):
    laocai = three.nodes[0]
    one, other = shown(laocai, 7), shown(laocai, 7, root="2" * 64)
    for model, head in ((PeerHead, one), (Fork, other)):
        model.objects.create(
            node="laocai", number=7, text=head.text, signature=head.signature, at=timezone.now()
        )
    text = io.StringIO()
    call_command("exchange", "witnesses", "--evidence", str(tmp_path / "e.json"), stdout=text)
    [found] = json.loads((tmp_path / "e.json").read_text())
    assert (found["log"], found["node"], found["number"]) == ("exchange", "laocai", 7)
    assert [found["head"]["text"], *[head["text"] for head in found["beside"]]] == [
        other.text.decode(),
        one.text.decode(),
    ]
    assert "laocai" in text.getvalue()


def stolen(country, number):
    """A head signed with a key of Lào Cai's that was revoked an hour ago; some others hold it."""
    laocai, vpcp, _ = country.nodes
    old = revoke(country, laocai)
    head = SignedHead.sign(replace(shown(laocai, number).head, key=old.key_id), old)
    keep(vpcp, head)
    return head


def keep(node, signed):
    values = signed.head.node, signed.head.number, signed.text, signed.signature
    node.query(
        "INSERT INTO exchange_peerhead (node, number, text, signature) VALUES (%s, %s, %s, %s)", *values
    )


def test_a_head_under_a_revoked_key_is_nobody_s_word(three):
    laocai, _, sapa = three.nodes
    stolen(three, 9)

    async def story():
        async with in_memory(*three.nodes) as (here, _, third):
            witness = witness_of(here)
            await witness.round()
            await witness_of(third).round()
            assert not witness.is_behind.is_set()
            await recovery.make_fit(here.station, here.dispatch.transport)
            assert here.station.log.head is None or here.station.log.head.head.number < 9

    asyncio.run(story())
    assert held(laocai, laocai) == held(sapa, laocai) == []
    assert recoveries(laocai) == []


def test_a_head_of_ours_that_others_brought_is_not_signed_again(three):
    laocai, _, _ = three.nodes
    keep(laocai, stolen(three, 9))

    async def story():
        async with in_memory(laocai) as (here,):
            return json.loads(await chain(here.station, 9))

    [only] = asyncio.run(story())["heads"]
    assert set(only) == {"head", "signature"}


def test_a_head_no_log_can_reach_does_not_stop_the_log(three):
    laocai, vpcp, _ = three.nodes
    keep(vpcp, shown(laocai, 2**53 - 1))

    async def story():
        async with in_memory(*three.nodes) as (here, _, _):
            witness = witness_of(here)
            await witness.round()
            await recovery.make_fit(here.station, here.dispatch.transport)
            assert not witness.is_behind.is_set()

    asyncio.run(story())
    assert recoveries(laocai) == []


@pytest.mark.parametrize(
    "answer",
    [
        b'{"head":null,"journal":{"statement":5},"seen":[]}',
        b"[" * 200_000,
        b"[]",
        b'{"head":null,"journal":null,"seen":1e999}',
    ],
)
def test_a_rubbish_answer_ends_no_round(three, monkeypatch, answer):
    laocai, vpcp, _ = three.nodes

    async def rubbish(_station):
        return answer

    async def story():
        async with in_memory(laocai, vpcp) as (_, there):
            monkeypatch.setattr("motcua.exchange.witnessing.told", rubbish)
            await witness_of(there).round()
            await there.station.log.drained()

    asyncio.run(story())
    assert len(vpcp.refusals()) == 1
