"""Exchange processes that are real ones, to be killed, and systems that send through them all the while."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

from motcua.exchange.evidence import Head, SignedHead
from motcua.lib import merkle, waiting

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

    def __init__(self, node, before=(), **environment):
        """`before` is what its command stands behind, `environment` what is added to that of the test."""
        self.node, self.before, self.environment = node, before, environment
        ports = ("exchange_port", "exchange_tls_port", "exchange_tls_listen", "web_port")
        names = ("name", "database", "secret", "listen", *ports, "demo")
        self.given = {name: getattr(node, name) for name in names} | {"home": str(node.home)}
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [*self.before, sys.executable, "-c", RUN, json.dumps(self.given)],
            env={**os.environ, "PYTHONPATH": "src", **self.environment},
            stderr=subprocess.DEVNULL,
        )

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @contextmanager
    def alive(self):
        """Running until the block ends, whatever happens to it meanwhile."""
        self.start()
        try:
            yield self
        finally:
            self.kill()


@dataclass
class Sent:
    """What is being sent: answers by the identifier of what was acknowledged, and how often something else was answered."""

    acknowledged: dict[str, dict] = field(default_factory=dict)
    others: Counter = field(default_factory=Counter)

    def goes_on(self, more=20, within=30):
        """Wait until so many more were acknowledged."""
        seen = len(self.acknowledged)
        until(lambda: len(self.acknowledged) > seen + more, within)

    def is_refused(self, status, within=60):
        """Wait until something more is answered with this status."""
        seen = self.others[status]
        until(lambda: self.others[status] > seen, within)


def produce(node, to, stream, sent, stop):
    """Send numbered messages, one after another; remember those for which a receipt came."""
    connection, number = None, 0
    wanted = {"kind": "test.note", "sender": node.agencies[0], "recipient": to, "stream": stream}
    headers = {"authorization": f"Bearer {node.secret}", "motcua-message": json.dumps(wanted)}
    while not stop.is_set():
        try:
            connection = connection or http.client.HTTPConnection(node.listen, node.exchange_port, timeout=5)
            connection.request("POST", "/exchange/messages", f'"{stream} {number}"', headers)
            response = connection.getresponse()
            content = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            connection = None
            stop.wait(0.01)
            continue
        if response.status == 201:
            sent.acknowledged[content["id"]] = content
        else:
            sent.others[response.status] += 1
            stop.wait(0.01)
        number += 1
    if connection:
        connection.close()


@contextmanager
def sending(node, to, streams):
    """Send from this node to an agency on so many streams, until the block ends."""
    sent, stop = Sent(), threading.Event()
    producers = [
        threading.Thread(target=produce, args=(node, to, f"s{number}", sent, stop))
        for number in range(streams)
    ]
    for producer in producers:
        producer.start()
    try:
        yield sent
    finally:
        stop.set()
        for producer in producers:
            producer.join()


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


def check_streams(sender, receiver):
    """Everything that stands in the sender's log came once, and each stream in its order, without a gap."""
    stored = {str(row[0]) for row in sender.query("SELECT id FROM exchange_outgoing")}
    received = [str(row[0]) for row in receiver.received()]
    assert len(received) == len(set(received))
    assert set(received) == stored
    streams = {}
    for stream, seq in receiver.query("SELECT stream, seq FROM exchange_incoming ORDER BY leaf"):
        streams.setdefault(stream, []).append(seq)
    assert streams
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in streams.values())
