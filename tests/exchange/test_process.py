"""Starting and stopping: what the process needs, what it says when it is missing, how it takes up a new directory."""

import asyncio
import http.client
import json
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest

from motcua.exchange import process, recovery
from motcua.exchange.process import Unprepared
from motcua.exchange.root import Untrusted
from motcua.lib.keys import FileKey
from tests.exchange.nodes import Country, eventually, in_memory, running
from tests.exchange.test_crash import Victim, until


def refusal_of(node):
    """What the process says when it does not start."""

    async def story():
        async with process.opened(node, node.home):
            pass

    with pytest.raises(Unprepared) as unprepared:
        asyncio.run(story())
    return str(unprepared.value)


def test_without_the_root_key_it_says_where_to_put_it(country):
    laocai, _ = country.nodes
    (laocai.home / "keys" / "root.pub").unlink()
    assert (
        refusal_of(laocai)
        == f"{laocai.home}/keys/root.pub is missing: put the public root key of the country there, as PEM."
    )


def test_without_a_directory_it_says_where_to_put_it(country):
    laocai, _ = country.nodes
    (laocai.home / "directory.json").unlink()
    assert refusal_of(laocai).startswith(f"{laocai.home}/directory.json: there is no directory to work with.")


def test_with_a_directory_nobody_signed_it_says_why_not(country):
    laocai, _ = country.nodes
    (laocai.home / "keys" / "root.pub").write_text(FileKey.generate().public_pem)
    assert "The directory is not signed by the root key of this country." in refusal_of(laocai)


def test_an_expired_directory_is_not_enough_to_start_with(country):
    country.publish(expires=datetime.now(UTC) - timedelta(seconds=1))
    assert "Version 2 of the directory expired on" in refusal_of(country.nodes[0])


def test_a_key_the_directory_does_not_know_is_named(country):
    laocai, _ = country.nodes
    (laocai.home / "keys" / "node.pem").unlink()
    laocai.key = FileKey.generate()
    laocai.key.save(laocai.home / "keys" / "node.pem")
    assert (
        refusal_of(laocai)
        == f"The directory lists no valid key {laocai.key.key_id} for laocai; have it added."
    )


def test_a_node_that_stands_in_no_directory_is_told_so(country):
    laocai, _ = country.nodes
    laocai.name = "elsewhere"
    assert refusal_of(laocai) == "The node elsewhere does not stand in version 1 of the directory."


def test_the_last_good_directory_is_kept_when_the_file_is_spoiled(country):
    laocai, _ = country.nodes

    async def story():
        async with process.opened(laocai, laocai.home) as (station, _dispatch):
            return station.directory.version

    assert asyncio.run(story()) == 1
    (laocai.home / "directory.json").write_bytes(b"spoiled")
    assert asyncio.run(story()) == 1
    country.publish()
    assert asyncio.run(story()) == 2


def test_an_older_directory_is_not_brought_back(country):
    laocai, _ = country.nodes
    old = (laocai.home / "directory.json").read_bytes()
    country.publish()

    async def story():
        async with process.opened(laocai, laocai.home) as (station, _dispatch):
            with pytest.raises(Untrusted, match="Version 1 is older than version 2"):
                station.adopt(old)
            assert station.directory.version == 2

    asyncio.run(story())
    (laocai.home / "directory.json").write_bytes(old)
    asyncio.run(story())


def test_a_newer_directory_in_the_home_is_taken_up_while_running(country, monkeypatch):
    laocai, _ = country.nodes
    monkeypatch.setattr(process, "LOOK_AGAIN", 0.02)

    async def story():
        async with running(laocai):
            country.publish()
            question = "SELECT max(version)::int FROM exchange_directoryversion"
            await eventually(lambda: laocai.query(question) == [(2,)])

    asyncio.run(story())


def test_a_newer_directory_is_fetched_from_a_peer(country, monkeypatch):
    laocai, vpcp = country.nodes
    monkeypatch.setattr(process, "LOOK_AGAIN", 0.02)
    monkeypatch.setattr(process, "ASK_AGAIN", 0.02)
    old = (laocai.home / "directory.json").read_bytes()
    country.publish()
    (laocai.home / "directory.json").write_bytes(old)

    async def story():
        async with running(vpcp), running(laocai):
            question = "SELECT max(version)::int FROM exchange_directoryversion"
            await eventually(lambda: laocai.query(question) == [(2,)])

    asyncio.run(story())


def test_a_peer_with_an_old_directory_does_not_hide_a_newer_one(country, node):
    """None of them runs, so that the old one stays old: a running node takes up the newer edition itself, and hides the fault."""
    laocai, _ = country.nodes
    country.nodes.append(node("hagiang", "H99"))
    country.publish()
    old = (laocai.home / "directory.json").read_bytes()
    newer = country.publish()
    for stale in country.nodes[:2]:
        (stale.home / "directory.json").write_bytes(old)

    async def story():
        async with in_memory(*country.nodes) as (here, stale, fresh):
            assert [one.station.directory.version for one in (here, stale, fresh)] == [2, 2, 3]
            found = await process._from_peers(here.station, here.dispatch)
            assert sorted(found) == sorted([old, newer])
            for published in found:
                await process._take_up(here.station, here.dispatch, published)
            assert here.station.directory.version == 3

    asyncio.run(story())


def test_a_directory_someone_else_signed_is_not_taken_up(country, monkeypatch):
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(laocai, vpcp) as (here, _there):
            strange = Country(country.nodes, root=FileKey.generate(), version=7).publish()
            await process._take_up(here.station, here.dispatch, strange)
            assert here.station.directory.version == 1

    asyncio.run(story())


@pytest.mark.country
def test_it_stops_cleanly_when_told_and_leaves_nothing_behind(country):
    laocai, _ = country.nodes
    victim = Victim(laocai)
    victim.start()
    until(lambda: answers(laocai), 20)
    laocai.send("G22")
    until(lambda: laocai.states() == {"signed": 1}, 10)
    began = time.monotonic()
    victim.process.send_signal(signal.SIGTERM)
    assert victim.process.wait(10) == 0
    assert time.monotonic() - began < 8
    question = "SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    until(lambda: laocai.query(question) == [(0,)], 5)


def answers(node):
    """Whether the node's door is open."""
    connection = http.client.HTTPConnection("127.0.0.1", node.exchange_port, timeout=5)
    try:
        connection.request("GET", "/health")
        return json.loads(connection.getresponse().read())["log"]
    except OSError:
        return False
    finally:
        connection.close()


def test_where_the_log_stands_is_noted_again_when_the_disk_has_room(country, monkeypatch, caplog):
    monkeypatch.setattr(recovery, "EVERY", 0.02)
    laocai, vpcp = country.nodes
    in_the_way = laocai.home / "log.new"
    in_the_way.mkdir()

    async def story():
        async with running(laocai), running(vpcp):
            laocai.send("G22")
            await eventually(lambda: "log.head could not be written" in caplog.text)
            in_the_way.rmdir()
            await eventually((laocai.home / recovery.NOTED).exists)

    asyncio.run(story())
