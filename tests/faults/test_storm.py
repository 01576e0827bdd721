"""The storm itself: its proxy does to connections what it says, its reckoning finds what is wrong, and a small one passes."""

import asyncio
import json
import random
import subprocess
import sys
from hashlib import sha256

import psycopg
import pytest

from motcua.config.faults import proxy
from motcua.config.faults.effects import TABLE
from motcua.config.faults.proxy import Way
from motcua.config.faults.reckoning import contradictions, identifiers, reckoned, untold
from motcua.config.faults.report import BEGIN, END, NoPlaceError, with_run
from motcua.config.measured import Line
from tests.country.land import ENVIRONMENT
from tests.exchange.nodes import drop_database, execute, free_port, new_database, tables, uri

ASKED, ANSWERED = b"x" * 70_000, b"y" * 1000


def fares(manner, *, heard=()):
    """What arrived at the node, what came back (None: torn), and what the proxy says it did."""

    async def story():
        arrived = []

        async def node(reader, writer):
            data = b""
            arrived.append(data)
            place = len(arrived) - 1
            while len(data) < len(ASKED) and (more := await reader.read(65536)):
                data += more
                arrived[place] = data
            writer.write(ANSWERED)
            await writer.drain()
            writer.close()

        way = Way(free_port(), 0, random.Random(7), manner)  # noqa: S311 — the same each time
        way.heard.extend(heard)
        target = await asyncio.start_server(node, "127.0.0.1", 0)
        way.target = target.sockets[0].getsockname()[1]
        front = await asyncio.start_server(way.take, "127.0.0.1", way.port)
        async with target, front:
            reader, writer = await asyncio.open_connection("127.0.0.1", way.port)
            writer.write(ASKED)
            try:
                back = await asyncio.wait_for(reader.read(-1), 10)
            except ConnectionError:
                back = None
            writer.close()
            while way.side:
                await asyncio.wait(set(way.side))
        return arrived, back, way.done

    return asyncio.run(story())


def test_an_open_line_carries_everything_both_ways():
    assert fares("open") == ([ASKED], ANSWERED, {})


def test_a_reset_line_carries_nothing():
    arrived, back, done = fares("reset")
    assert (arrived, back, done) == ([], None, {"reset": 1})


def test_a_cut_request_arrives_in_part():
    arrived, back, done = fares("cut")
    assert len(arrived[0]) < len(ASKED)
    assert ASKED.startswith(arrived[0])
    assert back is None
    assert done["request cut off"] == 1


def test_of_a_cut_answer_the_node_knows_nothing():
    arrived, back, done = fares("mute")
    assert arrived == [ASKED]
    assert back is None
    assert done["answer cut off"] == 1


def test_a_slow_line_carries_everything_late():
    arrived, back, done = fares("slow")
    assert (arrived, back, done) == ([ASKED], ANSWERED, {"slowed down": 1})


def test_a_flipped_bit_is_one_in_each_piece():
    arrived, _back, done = fares("flipped")
    differing = sum((one ^ other).bit_count() for one, other in zip(ASKED, arrived[0], strict=True))
    assert differing == done["bit flipped"] > 0


def test_what_went_before_comes_once_more():
    arrived, back, done = fares("again", heard=[ASKED])
    assert (sorted(arrived), back) == ([ASKED, ASKED], ANSWERED)
    assert done["repeated out of order"] == 1


def test_a_partitioned_line_answers_nothing(monkeypatch):
    monkeypatch.setattr(proxy, "SILENT", (0.05, 0.1))
    arrived, back, done = fares("nowhere")
    assert (arrived, back, done) == ([], None, {"partitioned": 1})


@pytest.fixture
def database():
    name = new_database()
    with psycopg.connect(uri(name), autocommit=True) as connection:
        connection.execute(TABLE)
    yield uri(name)
    drop_database(name)


IDS = [f"01890000-0000-7000-8000-00000000000{number}" for number in range(4)]


@pytest.mark.parametrize(
    ("effects", "found"),
    [
        ([(0, 1), (1, 2), (2, 3)], (0, 0, 0)),
        ([(0, 1), (1, 2)], (1, 0, 0)),
        ([(0, 1), (1, 2), (2, 3), (1, 2)], (0, 1, 1)),
        ([(1, 2), (0, 1), (2, 3)], (0, 0, 3)),
        # One more than was acknowledged is no fault: its answer did not come through.
        ([(0, 1), (1, 2), (2, 3), (3, 4)], (0, 0, 0)),
    ],
)
def test_the_reckoning_finds_what_is_lost_twice_or_out_of_order(database, tmp_path, effects, found):
    noted = tmp_path / "0.tsv"
    noted.write_text("".join(f"{IDS[place]}\ts\t{place + 1}\n" for place in range(3)))
    with psycopg.connect(database) as connection:
        connection.cursor().executemany(
            "INSERT INTO faults_effect (message, stream, place) VALUES (%s, 's', %s)",
            [(IDS[message], place) for message, place in effects],
        )
    told = reckoned(database, [noted])
    assert told["acknowledged"] == 3
    assert (told["lost"], told["twice"], told["disordered"]) == found


def test_the_reckoning_finds_what_its_sender_was_not_told_of(tmp_path):
    noted = tmp_path / "0.tsv"
    noted.write_text("".join(f"{name}\ts\t1\n" for name in IDS))
    name = new_database()
    try:
        with psycopg.connect(uri(name)) as connection:
            connection.execute("CREATE TABLE journal_entry (event text, about text)")
            connection.cursor().executemany(
                "INSERT INTO journal_entry VALUES (%s, %s)",
                [
                    ("exchange.MessageDelivered", f"message:{IDS[0]}"),
                    ("exchange.MessageDelivered", f"message:{IDS[0]}"),
                    ("exchange.MessageRefused", f"message:{IDS[1]}"),
                    ("exchange.MessageDelivered", f"message:{IDS[2]}"),
                ],
            )
        assert untold(uri(name), identifiers([noted])) == 2
    finally:
        drop_database(name)


def test_the_report_takes_the_place_of_the_one_before():
    page = f"before\n{BEGIN}\nlast year\n{END}\nafter\n"
    done, found = Line("worker killed", "3 times", "–", is_met=None), Line("lost", "1", "0", is_met=False)
    written = with_run(page, [done, found])
    assert "| worker killed | 3 times |" in written
    assert "| lost | 1 | 0 | **no** |" in written
    assert "last year" not in written
    assert with_run(written, [done, found]) == written
    with pytest.raises(NoPlaceError):
        with_run("nothing", [])


@pytest.fixture
def logs():
    """The tables of two nodes that were in the storm."""
    databases = {name: new_database() for name in ("one", "other")}
    for name in databases.values():
        execute(tables(), database=uri(name))
    yield {name: uri(database) for name, database in databases.items()}
    for name in databases.values():
        drop_database(name)


def heads(count, salt=""):
    """A chain of heads, as far as it is looked at."""
    made = [json.dumps({"salt": salt, "previous": "0" * 64}).encode()]
    while len(made) < count:
        made.append(json.dumps({"salt": salt, "previous": sha256(made[-1]).hexdigest()}).encode())
    return dict(enumerate(made, 1))


def written(database, own=(), held=()):
    """A log of these heads, and those it holds of the node `one`."""
    for number, text in dict(own).items():
        row = number, number, 1, text, b""
        execute("INSERT INTO exchange_batch VALUES (%s, %s, %s, %s, %s, now())", *row, database=database)
    for number, text in dict(held).items():
        execute("INSERT INTO exchange_peerhead VALUES ('one', %s, %s, '')", number, text, database=database)


HEADS = heads(6)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("own", "held", "found"),
    [
        (HEADS, {2: HEADS[2], 5: HEADS[5]}, (2, 0, 0)),
        (
            HEADS,
            {2: HEADS[2], 5: heads(5, "x")[5]},
            (2, 0, 3),
        ),  # another than our own, between two it does not fit
        ({1: HEADS[1], 5: HEADS[5]}, {2: HEADS[2]}, (1, 0, 1)),  # lost, and nobody says so
        # Lost with 2 to 4, and it says so; but one head that was lost does not follow.
        ({1: HEADS[1], 5: HEADS[5]}, {3: HEADS[3], 4: HEADS[4]}, (2, 2, 0)),
        ({1: HEADS[1], 5: HEADS[5]}, {4: heads(4, "x")[4]}, (1, 1, 1)),
    ],
)
def test_the_reckoning_finds_heads_that_contradict(logs, own, held, found):
    written(logs["one"], own)
    written(logs["other"], held=held)
    if found[1]:
        lost = "INSERT INTO exchange_recovery (restored, continued) VALUES (1, 4)"
        execute(lost, database=logs["one"])
    told = contradictions(logs)
    assert (told["heads compared"], told["heads lost"], told["heads that contradict"]) == found


@pytest.mark.parametrize(
    ("log", "node", "found"), [("exchange", "one", 1), ("journal", "one", 0), ("journal", "x", 1)]
)
@pytest.mark.django_db
def test_only_the_journal_of_who_was_put_back_may_contradict_itself(logs, log, node, found):
    row = "INSERT INTO exchange_fork (log, node, number, text, signature) VALUES (%s, %s, 1, '', '')"
    execute(row, log, node, database=logs["other"])
    assert contradictions(logs, ["one"])["heads that contradict"] == found


KINDS = ("PostgreSQL killed", "network", "clock", "home filled", "PostgreSQL filled", "put back to a backup")


def test_a_small_storm_of_every_kind_loses_nothing():
    """What the machine does not allow is said, and not left out in silence."""
    command = [sys.executable, "-m", "motcua", "bench", "faults", "--messages", "300", "--every", "1"]
    told = subprocess.run(
        command, env=ENVIRONMENT | {"COLUMNS": "200"}, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    lines = told.stdout.splitlines()
    assert [kind for kind in KINDS if not any(kind in line for line in lines)] == []
    assert " killed" in told.stdout
    assert told.stdout.count("whole") >= 4
