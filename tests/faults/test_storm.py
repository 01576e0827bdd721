"""The storm itself: its proxy does to connections what it says, its reckoning finds what is wrong, and a small one passes."""

import asyncio
import random
import subprocess
import sys

import psycopg
import pytest

from motcua.config.faults import proxy
from motcua.config.faults.effects import TABLE
from motcua.config.faults.proxy import Way
from motcua.config.faults.reckoning import reckoned
from motcua.config.faults.report import BEGIN, END, NoPlaceError, with_run
from motcua.config.measured import Line
from tests.country.land import ENVIRONMENT
from tests.exchange.nodes import drop_database, free_port, new_database, uri

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


def test_a_small_storm_loses_nothing():
    command = [sys.executable, "-m", "motcua", "bench", "faults", "--messages", "300", "--every", "1"]
    told = subprocess.run(
        command, env=ENVIRONMENT | {"COLUMNS": "200"}, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "killed" in told.stdout
    assert told.stdout.count("whole") >= 4
