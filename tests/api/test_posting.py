"""What is sent to another machine: in time, whatever the other end does."""

import socket
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from motcua.api import posting

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n"


@contextmanager
def dripping(start, drop):
    """A machine that answers the beginning at once, and then a few bytes at a time, for as long as anybody listens."""
    over = Event()

    def drip(server):
        caller, _address = server.accept()
        with caller:
            caller.recv(4096)
            caller.sendall(start)
            while not over.wait(0.02):
                try:
                    caller.sendall(drop)
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=drip, args=(server,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            over.set()
            thread.join()


@pytest.mark.parametrize(("start", "drop"), [(HEAD + b"\r\n", b"x"), (HEAD, b"X-More: 1\r\n")])
def test_who_answers_drop_by_drop_is_hung_up_on(monkeypatch, start, drop):
    monkeypatch.setattr(posting, "LONGEST_CALL", 0.2)
    with dripping(start, drop) as url, pytest.raises(posting.Failed):
        posting.post(url, b"{}", {})
