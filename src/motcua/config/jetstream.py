"""What could be taken instead: NATS JetStream, measured in the same run, on the same machine and disk, in the same way.

It keeps a message and says so; it signs nothing, proves nothing, and knows no state at the recipient. With
`sync_interval: always` it answers after the message is on disk, as the exchange does; without, up to two minutes before.
"""

import asyncio
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from sysconfig import get_path

from motcua.config.measured import Figure
from motcua.config.ports import free_ports, is_free
from motcua.exchange.bench import Measured, Run, Talk
from motcua.lib.waiting import until

SIZE = 2048
STREAM = "bench"
ALWAYS = 'sync_interval: "always"'
MADE = b'"type":"io.nats.jetstream.api.v1.stream_create_response"'


def jetstream(folder: Path) -> Iterator[Figure]:
    """The same load as our own accept over HTTP: 2 KB, 256 connections, each asks again when it has its answer."""
    server = program()
    if not server:
        yield "NATS JetStream beside it", "not installed: `./motcua test` installs it", "–", None
        return
    for interval, words in (
        (ALWAYS, "`sync_interval: always`, on disk when it answers"),
        ("", "as installed"),
    ):
        with running(server, folder, interval) as port:
            measured = asyncio.run(published(port))
        yield f"NATS JetStream beside it, 2 KB, unsigned; {words}", str(measured), "–", None


def program() -> str:
    """Where the server lies, if it is installed: beside our own Python, or wherever the shell finds it; else nothing."""
    return which("nats-server", path=get_path("scripts")) or which("nats-server") or ""


@contextmanager
def running(server: str, folder: Path, interval: str) -> Iterator[int]:
    """A server with a store of its own on this disk; yields its port."""
    port = free_ports(1)
    with tempfile.TemporaryDirectory(prefix="jetstream-", dir=folder) as store:
        written = Path(store) / "server.conf"
        written.write_text(
            f'listen: "127.0.0.1:{port}"\njetstream {{\n  store_dir: "{store}"\n  {interval}\n}}\n', "utf-8"
        )
        with subprocess.Popen(
            [server, "-c", written], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as one:
            try:
                in_vain = TimeoutError("NATS does not open its door.")
                until(lambda: not is_free(port), patience=30, otherwise=lambda: in_vain)
                yield port
            finally:
                one.terminate()


async def published(port: int, *, connections: int = 256, seconds: float = 5.0) -> Measured:
    """Publish until the time is over; only what the stream has confirmed counts."""
    await make_stream(port)
    body, loop = os.urandom(SIZE), asyncio.get_running_loop()
    began = time.perf_counter()
    run = Run(b"", began + seconds)
    for number in range(connections):
        request = b"PUB %s inbox.%d %d\r\n%s\r\n" % (STREAM.encode(), number, SIZE, body)
        await loop.create_connection(
            lambda number=number, request=request: Publisher(run, number, request),  # type: ignore[misc]
            "127.0.0.1",
            port,
        )
    await run.ended()
    return Measured(time.perf_counter() - began, sorted(run.times), run.failures)


async def make_stream(port: int) -> None:
    """A stream in files, as a server that shall lose nothing keeps it."""
    wanted = json.dumps({"name": STREAM, "subjects": [STREAM], "storage": "file", "num_replicas": 1}).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = b'CONNECT {"verbose":false}\r\nSUB inbox.0 1\r\n'
    writer.write(
        head + b"PUB $JS.API.STREAM.CREATE.%s inbox.0 %d\r\n%s\r\n" % (STREAM.encode(), len(wanted), wanted)
    )
    told = b""
    while MADE not in told:
        more = await reader.read(65536)
        if not more:
            raise ConnectionError(f"NATS made no stream: {told!r}")
        told += more
    writer.close()
    await writer.wait_closed()


class Publisher(Talk):
    """One connection that publishes, waits until the stream confirms, and publishes again."""

    def __init__(self, run: Run, number: int, request: bytes) -> None:
        super().__init__(run)
        self.number, self.request = number, request

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(b'CONNECT {"verbose":false}\r\nSUB inbox.%d 1\r\n' % self.number)  # type: ignore[attr-defined]
        super().connection_made(transport)

    def answered(self) -> bool | None:
        start = self.buffer.find(b"MSG ")  # INFO may stand before it, which each connection hears first
        end = self.buffer.find(b"\r\n", start) if start >= 0 else -1
        if end < 0:
            return None
        size = int(self.buffer[start:end].rsplit(b" ", 1)[1])
        body = self.buffer[end + 2 : end + 2 + size + 2]
        return b'"seq":' in body if len(body) == size + 2 else None
