"""The exchange process is killed again and again while messages come in: what was acknowledged is there, once."""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading

import psycopg
import pytest

from motcua.exchange.evidence import Head, SignedHead
from motcua.lib import merkle, waiting
from tests.exchange.nodes import beside

pytestmark = pytest.mark.country

RUN = """
import json, sys
from pathlib import Path
from types import SimpleNamespace
from motcua.exchange import process
given = json.loads(sys.argv[1])
process.main(SimpleNamespace(**given), Path(given["home"]))
"""


class Victim:
    """The exchange process of a node, to be killed and started again."""

    def __init__(self, node):
        self.node = node
        ports = ("exchange_port", "exchange_tls_port", "exchange_tls_listen", "web_port")
        names = ("name", "database", "secret", "listen", *ports, "demo")
        self.given = {name: getattr(node, name) for name in names} | {"home": str(node.home)}
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN, json.dumps(self.given)],
            env={**os.environ, "PYTHONPATH": "src"},
            stderr=subprocess.DEVNULL,
        )

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def produce(node, name, acknowledged, stop):
    """Send numbered messages, one after another; remember those for which a receipt came."""
    connection, number = None, 0
    wanted = {"kind": "test.note", "sender": "H38", "recipient": "G22", "stream": name}
    headers = {"authorization": f"Bearer {node.secret}", "motcua-message": json.dumps(wanted)}
    while not stop.is_set():
        try:
            connection = connection or http.client.HTTPConnection("127.0.0.1", node.exchange_port, timeout=5)
            connection.request("POST", "/exchange/messages", f'"{name} {number}"', headers)
            response = connection.getresponse()
            content = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            connection = None
            stop.wait(0.01)
            continue
        if response.status == 201:
            acknowledged[content["id"]] = content
        number += 1
    if connection:
        connection.close()


def heads_of(node):
    rows = node.query("SELECT text, signature FROM exchange_batch ORDER BY number")
    return [SignedHead(bytes(text), bytes(signature)) for text, signature in rows]


def check_chain(node):
    """One linear chain of signed heads over all entries, none missing, none twice."""
    previous: Head | None = None
    entries = [bytes(row[0]) for row in node.query("SELECT text FROM exchange_leaf ORDER BY number")]
    for signed in heads_of(node):
        head = signed.head
        assert signed.is_signed_by({node.key.key_id: node.key.public_pem})
        assert head.previous == (previous.digest if previous else "0" * 64)
        assert head.first == (previous.first + previous.size if previous else 1)
        batch = entries[head.first - 1 : head.first - 1 + head.size]
        assert merkle.root([merkle.leaf(entry) for entry in batch]).hex() == head.root
        previous = head
    assert previous is not None
    assert len(entries) == previous.first + previous.size - 1


def until(question, within):
    waiting.until(question, patience=within, otherwise=AssertionError)


@pytest.mark.parametrize("which", ["sender", "receiver"])
def test_nothing_acknowledged_is_lost_and_nothing_arrives_twice(country, which):
    laocai, vpcp = country.nodes
    chance = random.Random(11)  # noqa: S311 — the same on every run
    acknowledged: dict[str, dict] = {}
    stop = threading.Event()
    sender, receiver = Victim(laocai), Victim(vpcp)
    victim = sender if which == "sender" else receiver
    for one in (sender, receiver):
        one.start()
    producers = [
        threading.Thread(target=produce, args=(laocai, f"s{n}", acknowledged, stop)) for n in range(12)
    ]
    try:
        for producer in producers:
            producer.start()
        for _ in range(8):
            seen = len(acknowledged)
            until(lambda seen=seen: len(acknowledged) > seen + chance.randrange(5, 120), 30)
            victim.kill()
            victim.start()
        stop.set()
        for producer in producers:
            producer.join()
        until(lambda: set(laocai.states()) == {"received"}, 60)
    finally:
        stop.set()
        for one in (sender, receiver):
            one.kill()
    stored = {str(row[0]) for row in laocai.query("SELECT id FROM exchange_outgoing")}
    received = [str(row[0]) for row in vpcp.received()]
    assert set(acknowledged) <= stored
    assert len(received) == len(set(received))
    assert set(received) == stored
    for name in ("s0", "s5"):
        numbers = [
            row[0]
            for row in vpcp.query("SELECT seq FROM exchange_incoming WHERE stream = %s ORDER BY leaf", name)
        ]
        assert numbers == list(range(1, len(numbers) + 1))
    check_chain(laocai)
    check_chain(vpcp)
    heads = set(heads_of(laocai))
    for number, content in acknowledged.items():
        assert SignedHead.from_json(content["signed"]) in heads
        assert json.loads(content["envelope"])["id"] == number


def test_a_database_that_goes_away_and_comes_back_loses_nothing(country):
    laocai, vpcp = country.nodes
    acknowledged: dict[str, dict] = {}
    stop = threading.Event()
    with beside(laocai, vpcp):
        producers = [
            threading.Thread(target=produce, args=(laocai, f"s{n}", acknowledged, stop)) for n in range(4)
        ]
        for producer in producers:
            producer.start()
        for _ in range(5):
            seen = len(acknowledged)
            until(lambda seen=seen: len(acknowledged) > seen + 20, 30)
            with psycopg.connect(laocai.database, autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        stop.set()
        for producer in producers:
            producer.join()
        until(lambda: set(laocai.states()) == {"received"}, 30)
    assert set(acknowledged) <= {str(row[0]) for row in vpcp.received()}
    check_chain(laocai)
