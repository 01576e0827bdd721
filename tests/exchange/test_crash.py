"""The exchange process is killed again and again while messages come in: what was acknowledged is there, once."""

import json
import random

import psycopg
import pytest

from motcua.exchange.evidence import SignedHead
from tests.exchange.nodes import beside
from tests.exchange.victims import Victim, check_chain, check_streams, heads_of, sending, until

pytestmark = pytest.mark.country


@pytest.mark.parametrize("which", ["sender", "receiver"])
def test_nothing_acknowledged_is_lost_and_nothing_arrives_twice(country, which):
    laocai, vpcp = country.nodes
    chance = random.Random(11)  # noqa: S311 — the same on every run
    sender, receiver = Victim(laocai), Victim(vpcp)
    victim = sender if which == "sender" else receiver
    with sender.alive(), receiver.alive():
        with sending(laocai, "G22", 12) as sent:
            for _ in range(8):
                sent.goes_on(chance.randrange(5, 120))
                victim.kill()
                victim.start()
        until(lambda: set(laocai.states()) == {"received"}, 60)
    check_streams(laocai, vpcp)
    assert set(sent.acknowledged) <= {str(row[0]) for row in vpcp.received()}
    check_chain(laocai)
    check_chain(vpcp)
    heads = set(heads_of(laocai))
    for number, content in sent.acknowledged.items():
        assert SignedHead.from_json(content["signed"]) in heads
        assert json.loads(content["envelope"])["id"] == number


def test_a_database_that_goes_away_and_comes_back_loses_nothing(country):
    laocai, vpcp = country.nodes
    with beside(laocai, vpcp):
        with sending(laocai, "G22", 4) as sent:
            for _ in range(5):
                sent.goes_on()
                with psycopg.connect(laocai.database, autocommit=True) as connection:
                    connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
        until(lambda: set(laocai.states()) == {"received"}, 30)
    assert set(sent.acknowledged) <= {str(row[0]) for row in vpcp.received()}
    check_chain(laocai)
