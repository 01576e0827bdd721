"""What could be taken instead is measured as it is: the real server, on this disk, answering each message."""

import asyncio

import pytest

from motcua.config import jetstream
from motcua.config.jetstream import ALWAYS, Publisher, program, published, running
from motcua.exchange.bench import Run


@pytest.mark.parametrize("interval", [ALWAYS, ""])
def test_only_what_the_stream_confirmed_counts(tmp_path, interval):
    with running(program(), tmp_path, interval) as port:
        measured = asyncio.run(published(port, connections=4, seconds=0.3))
    assert measured.times
    assert not measured.failures
    assert list(tmp_path.iterdir()) == []


def test_without_the_server_the_line_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(jetstream, "program", lambda: "")
    assert ["not installed" in line[1] for line in jetstream.jetstream(tmp_path)] == [True]


@pytest.mark.parametrize(
    ("told", "is_good"),
    [
        (b'INFO {"x":1}\r\n', None),
        (b'INFO {"x":1}\r\nMSG inbox.1 1 27\r\n{"stream":"bench","seq":', None),
        (b'MSG inbox.1 1 26\r\n{"stream":"bench","seq":1}\r\n', True),
        (b'MSG inbox.1 1 26\r\n{"error":{"code":503,"x":1}}'[:44] + b"\r\n", False),
    ],
)
def test_an_answer_is_read_when_it_is_whole(told, is_good):
    publisher = Publisher(Run(b"", 0.0), 1, b"")
    publisher.buffer = told
    assert publisher.answered() is is_good
