"""Back-pressure: who is asked to stay away does so, asks for less, and tries with one message before it sends many."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from motcua.exchange.pace import MORE, OPEN_AFTER, Pace, pause, retry_after
from motcua.exchange.parcel import MOST_MESSAGES
from motcua.exchange.problems import Problem
from motcua.exchange.refusals import AT_ONCE, Refusals
from motcua.exchange.server import Reply
from motcua.exchange.strain import BYTES, Strain
from tests.exchange.nodes import in_memory, sign_drafts
from tests.exchange.test_delivery import courier_of, spoiling
from tests.exchange.test_intake import knock
from tests.exchange.test_log import message


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("", 0), ("7", 7), ("99999999999", 3600), ("soon", 0), ("-3", 0), ("٣", 0)],
)
def test_seconds_to_stay_away_are_read(said, seconds):
    assert retry_after({"retry-after": said} if said else {}) == seconds


def test_a_day_to_come_back_is_read():
    said = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert 80 < retry_after({"retry-after": said}) <= 90


def test_half_as_much_after_a_failure_and_a_little_more_after_each_success():
    pace = Pace(1.0)
    assert pace.most == MOST_MESSAGES
    pace.failed()
    assert pace.most == MOST_MESSAGES // 2
    pace.succeeded()
    assert pace.most == MOST_MESSAGES // 2 + MORE
    for _ in range(100):
        pace.succeeded()
    assert pace.most == MOST_MESSAGES


def test_who_fails_again_and_again_is_tried_with_one_message():
    pace = Pace(60.0)
    for _ in range(OPEN_AFTER):
        assert pace.shut_for == 0
        pace.failed()
    assert pace.most == 1
    assert 0 < pace.shut_for <= 60
    pace.succeeded()
    assert (pace.most > 1, pace.shut_for) == (True, 0)


def test_pauses_have_full_jitter_under_a_bound_that_doubles():
    for tries in range(12):
        drawn = [pause(tries, 5.0).total_seconds() for _ in range(50)]
        assert max(drawn) <= max(0.06, min(5.0, 0.2 * 2**tries))
    assert len(set(drawn)) > 40


@pytest.mark.parametrize("status", [429, 503])
def test_a_peer_that_asks_to_be_left_in_peace_is_left_in_peace(country, status):
    laocai, _ = country.nodes
    asked, busy = [], [True]

    def answers(reply):
        asked.append(1)
        told = Reply(status, "application/problem+json", b'{"detail":"later"}', (("retry-after", "30"),))
        return told if busy else reply

    async def story():
        async with spoiling(country, answers) as (here, _there):
            laocai.send("G22")
            await sign_drafts(here.dispatch)
            courier = courier_of(here)
            assert 30 <= await courier.round() < 30 + 5
            busy.clear()
            for _ in range(3):
                assert 29 < await courier.round() <= 30
            assert (len(asked), laocai.states()) == (1, {"signed": 1})
            courier.pace._in_peace_until = time.monotonic()
            assert await courier.round() == 0
            assert laocai.states() == {"received": 1}

    asyncio.run(story())


def test_a_full_disk_is_said_before_it_is_full(country):
    laocai, vpcp = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, there):
            for door in (here, there):
                door.station.strain = Strain(
                    door.station.home, door.station.log, lambda _: (10**12, BYTES - 1)
                )
            reply = await here.answer(message(laocai))
            assert (reply.status, reply.headers) == (503, (("retry-after", "60"),))
            assert json.loads(reply.body)["detail"].startswith("The disk has 2047 MiB left; nothing of")
            status, _ = await knock(there, b"", laocai.key)
            assert status == 503
            assert vpcp.refusals() == []

    asyncio.run(story())


def test_a_small_disk_need_not_have_two_gigabytes_free(tmp_path, country):
    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            Strain(tmp_path, here.station.log, lambda _: (10**9, 2 * 10**8)).check()
            with pytest.raises(Problem, match="The disk has 95 MiB left"):
                Strain(tmp_path, here.station.log, lambda _: (10**9, 10**8)).check(1)

    asyncio.run(story())


def test_a_log_that_falls_behind_takes_nothing_new(country):
    laocai, _ = country.nodes

    async def story():
        async with in_memory(*country.nodes) as (here, _there):
            here.station.log._began = time.monotonic() - 3
            reply = await here.answer(message(laocai))
            assert (reply.status, reply.headers) == (503, (("retry-after", "5"),))
            here.station.log._began = 0.0
            assert (await here.answer(message(laocai))).status == 201

    asyncio.run(story())


def test_a_flood_from_one_peer_hides_nothing_of_another():
    refusals = Refusals()
    logged = [refusals.are_new("loud", str(number)) for number in range(200)]
    assert AT_ONCE <= logged.count(True) < 100
    assert refusals.are_new("quiet", "1")
    assert not refusals.are_new("quiet", "1")
