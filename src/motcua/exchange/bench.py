"""Measure the exchange: how many messages it accepts, in process and over HTTP, and how long a call takes.

`load` speaks HTTP by hand over many connections at once, so that the side that asks costs as little as possible: both
sides share the cores of the machine that is measured.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from motcua.exchange.canonical import to_millisecond
from motcua.exchange.envelope import Envelope
from motcua.exchange.ids import new_id
from motcua.exchange.log import Log
from motcua.exchange.sending import Draft, Sending
from motcua.exchange.server import LIFETIME
from motcua.lib.keys import SigningKey

PATIENCE = 60.0  # seconds an answer may still take when the time is over
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Measured:
    """How many of what in how long; times in seconds, shortest first."""

    seconds: float
    times: Sequence[float]
    failures: int = 0

    @property
    def rate(self) -> float:
        """How many a second."""
        return len(self.times) / self.seconds

    def quantile(self, part: float) -> float:
        """The time within which this part of all was done."""
        return self.times[min(len(self.times) - 1, int(len(self.times) * part))] if self.times else 0.0

    def __str__(self) -> str:
        p50, p99 = self.quantile(0.5) * 1000, self.quantile(0.99) * 1000
        return f"{self.rate:,.0f}/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms, {self.failures} failed"


async def accept_in_process(
    database: str, key: SigningKey, *, producers: int = 512, messages: int = 40_000, size: int = 2048
) -> Measured:
    """Messages signed, durable and proven by their receipt, without a network; the database must be one of a node."""
    log, body = Log(database, "bench", key), os.urandom(size)
    await log.open()
    times: list[float] = []

    async def produce(count: int) -> None:
        for _ in range(count):
            began = time.perf_counter()
            now = to_millisecond(log.now())
            envelope = Envelope(
                instance="bench",
                id=new_id(),
                kind="bench.note",
                sender="H38",
                recipient="G22",
                created=now,
                expires=now + LIFETIME,
                body_digest=sha256(body).digest(),
            )
            sending = Sending([Draft(envelope, body, confirm=False)])
            commit = await log.hand_in(sending)
            commit.place(sending.indexes[0])
            times.append(time.perf_counter() - began)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(producers):
            group.create_task(produce(messages // producers))
    seconds = time.perf_counter() - began
    await log.close()
    return Measured(seconds, sorted(times))


@dataclass
class Run:
    """One measurement under way."""

    request: bytes
    until: float
    times: list[float] = field(default_factory=list)
    failures: int = 0
    open: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def ended(self) -> None:
        """Wait for the last answer; TimeoutError if it has not come long after the time is over."""
        async with asyncio.timeout(self.until - time.perf_counter() + PATIENCE):
            await self.done.wait()


class Talk(asyncio.Protocol):
    """One connection that asks, waits for the answer, and asks again; what an answer looks like, the protocol knows."""

    def __init__(self, run: Run) -> None:
        self.run, self.request, self.buffer, self.began = run, run.request, b"", 0.0
        self.transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 — for the type checker
        self.transport = transport
        self.run.open += 1
        self.ask()

    def ask(self) -> None:
        """Send the next request, or stop if the time is over."""
        assert self.transport is not None  # noqa: S101
        if time.perf_counter() >= self.run.until:
            self.transport.close()
            return
        self.buffer, self.began = b"", time.perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        is_good = self.answered()
        if is_good is None:
            return
        if is_good:
            self.run.times.append(time.perf_counter() - self.began)
        else:
            self.run.failures += 1
        self.ask()

    def answered(self) -> bool | None:
        """Whether what has come is a good answer; None while it is not whole."""
        raise NotImplementedError

    def connection_lost(self, exc: Exception | None) -> None:
        self.run.open -= 1
        if self.run.open == 0:
            self.run.done.set()


class Client(Talk):
    """Speaks HTTP/1.1."""

    def answered(self) -> bool | None:
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        found = LENGTH.search(self.buffer, 0, end)
        if len(self.buffer) < end + 4 + (int(found[1]) if found else 0):
            return None
        return self.buffer[9:10] == b"2"


async def load(
    port: int,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    connections: int = 256,
    seconds: float = 5.0,
) -> Measured:
    """POST the same request over and over on so many connections to a server of this machine; TimeoutError if it falls silent."""
    lines = [f"POST {path} HTTP/1.1", f"host: 127.0.0.1:{port}", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    began = time.perf_counter()
    run = Run("\r\n".join([*lines, "", ""]).encode() + body, began + seconds)
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: Client(run), "127.0.0.1", port)
    await run.ended()
    return Measured(time.perf_counter() - began, sorted(run.times), run.failures)


def message(
    secret: str, *, sender: str, recipient: str, size: int = 2048
) -> tuple[str, dict[str, str], bytes]:
    """Path, headers and body of a message as a system of the node sends it, for `load`."""
    wanted = {"kind": "bench.note", "sender": sender, "recipient": recipient, "confirm": False}
    headers = {"authorization": f"Bearer {secret}", "motcua-message": json.dumps(wanted)}
    return "/exchange/messages", headers, os.urandom(size)


def call(
    secret: str, kind: str, body: bytes, *, sender: str, recipient: str
) -> tuple[str, dict[str, str], bytes]:
    """Path, headers and body of a synchronous call as the web process of the node makes it, for `load`."""
    wanted = {"kind": kind, "sender": sender, "recipient": recipient}
    return "/local/calls", {"authorization": f"Bearer {secret}", "motcua-call": json.dumps(wanted)}, body


def apart(
    port: int, given: tuple[str, dict[str, str], bytes], *, connections: int = 256, seconds: float = 5.0
) -> str:
    """The same as `load`, in a process of its own, so that the one that measures is not the one that is measured."""
    path, headers, body = given
    asked = {"port": port, "path": path, "headers": headers, "body": b64encode(body).decode()}
    content = json.dumps(asked | {"connections": connections, "seconds": seconds})
    done = subprocess.run(
        [sys.executable, "-m", "motcua.exchange.bench"],
        input=content.encode(),
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


if __name__ == "__main__":
    told = json.load(sys.stdin)
    told["body"] = b64decode(told["body"])
    sys.stdout.write(f"{asyncio.run(load(**told))}\n")
