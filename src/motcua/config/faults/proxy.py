"""Stands before the exchange of a node and does to its connections what networks do to them.

Run in a process of its own: `python -m motcua.config.faults.proxy SEED HOST:PORT=HOST:TARGET …`. Each line it reads, `PORT MANNER`,
says how connections to that port fare from now on; at `stop` it ends and writes as one line of JSON what happened how often.
"""

import asyncio
import json
import random
import socket
import struct
import sys
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

CHUNK = 65536
KEPT = 12  # requests a port remembers, to hand them on once more
SILENT = (1.0, 5.0)  # seconds until a connection over a line that is cut is given up
LONGEST = 4 * 1024 * 1024
OVER = ("stop", "")

type Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Way:
    """The way to one node: how it fares now, and what went over it."""

    port: int
    target: int
    chance: random.Random
    manner: str = "open"
    done: Counter[str] = field(default_factory=Counter)
    heard: deque[bytes] = field(default_factory=lambda: deque(maxlen=KEPT))
    side: set[asyncio.Task[None]] = field(default_factory=set)
    host: str = "127.0.0.1"
    beyond: str = "127.0.0.1"

    @classmethod
    def read(cls, words: str, seed: int) -> "Way":
        """As the command line says it."""
        (host, port), (beyond, target) = (end.split(":") for end in words.split("="))
        chance = random.Random(f"{seed}{port}")  # noqa: S311 — the same each time
        return cls(int(port), int(target), chance, host=host, beyond=beyond)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its beginning to its end."""
        try:
            await MANNERS[self.manner](self, reader, writer)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            self.done["broken off"] += 1
        finally:
            writer.close()

    async def reach(self) -> Streams:
        return await asyncio.open_connection(self.beyond, self.target)


async def carry(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    *,
    pass_on: Callable[[bytes], Awaitable[bytes]] | None = None,
) -> None:
    """Bytes from one side to the other until there are no more; `pass_on` may keep, change or end them."""
    while data := await reader.read(CHUNK):
        writer.write(await pass_on(data) if pass_on else data)
        await writer.drain()
    with suppress(OSError):
        writer.write_eof()


async def both(way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, **how: object) -> None:
    """Carry in both directions; `there` and `back` may meddle."""
    near_reader, near_writer = await way.reach()
    tasks = [
        asyncio.create_task(carry(reader, near_writer, pass_on=how.get("there"))),  # type: ignore[arg-type]
        asyncio.create_task(carry(near_reader, writer, pass_on=how.get("back"))),  # type: ignore[arg-type]
    ]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        near_writer.close()


async def through(way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As it should be; what goes over it is remembered."""
    heard = bytearray()

    async def keep(data: bytes) -> bytes:
        if len(heard) < LONGEST:
            heard.extend(data)
        return data

    try:
        await both(way, reader, writer, there=keep)
    finally:
        if heard:
            way.heard.append(bytes(heard))


async def reset(way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Torn down as soon as somebody speaks."""
    await reader.read(1)
    tear(writer)
    way.done["reset"] += 1


async def cut(way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The request breaks off in its middle."""
    left = way.chance.randrange(50, 60_000)

    async def some(data: bytes) -> bytes:
        nonlocal left
        part, left = data[:left], left - len(data)
        if left <= 0:
            tear(writer)
            way.done["request cut off"] += 1
            raise ConnectionError
        return part

    await both(way, reader, writer, there=some)


async def mute(way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The request arrives; the answer breaks off, so that whoever asked does not know."""
    left = way.chance.randrange(0, 400)

    async def some(data: bytes) -> bytes:
        nonlocal left
        part, left = data[:left], left - len(data)
        if left <= 0:
            tear(writer)
            way.done["answer cut off"] += 1
            raise ConnectionError
        return part

    await both(way, reader, writer, back=some)


async def slow(way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """In drops, as over a bad line or from somebody who wants to hold the door open."""
    way.done["slowed down"] += 1

    async def drop(data: bytes) -> bytes:
        await asyncio.sleep(way.chance.uniform(0.01, 0.3))
        return data

    await both(way, reader, writer, there=drop, back=drop)


async def flipped(way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One bit of the request is another."""

    async def flip(data: bytes) -> bytes:
        changed = bytearray(data)
        changed[way.chance.randrange(len(changed))] ^= 1 << way.chance.randrange(8)
        way.done["bit flipped"] += 1
        return bytes(changed)

    await both(way, reader, writer, there=flip)


async def again(way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As it should be, but what went before comes once more, in another order."""
    old = way.chance.sample(list(way.heard), k=min(4, len(way.heard)))
    for request in old:
        task = asyncio.create_task(repeat(way, request))
        way.side.add(task)
        task.add_done_callback(way.side.discard)
    await through(way, reader, writer)


async def repeat(way: Way, request: bytes) -> None:
    with suppress(OSError, TimeoutError):
        reader, writer = await way.reach()
        writer.write(request)
        await writer.drain()
        await asyncio.wait_for(reader.read(CHUNK), 5)
        writer.close()
        way.done["repeated out of order"] += 1


async def nowhere(way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Taken and never answered: the line is cut, and nobody says so."""
    way.done["partitioned"] += 1
    with suppress(TimeoutError):
        async with asyncio.timeout(way.chance.uniform(*SILENT)):
            while await reader.read(CHUNK):
                pass
    tear(writer)


def tear(writer: asyncio.StreamWriter) -> None:
    """End with a reset, as a machine that fell does."""
    sock = writer.get_extra_info("socket")
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


MANNERS: dict[str, Callable[[Way, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]] = {
    "open": through,
    "reset": reset,
    "cut": cut,
    "mute": mute,
    "slow": slow,
    "flipped": flipped,
    "again": again,
    "nowhere": nowhere,
}


async def serve(ways: list[Way], told: asyncio.StreamReader) -> Counter[str]:
    """Stand before all of them until the input ends; return what happened how often."""
    servers = [await asyncio.start_server(way.take, way.host, way.port) for way in ways]
    by_port = {way.port: way for way in ways}
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while (line := (await told.readline()).decode().strip()) not in OVER:
        port, manner = line.split()
        by_port[int(port)].manner = manner if manner in MANNERS else "open"
    for server in servers:
        server.close()
    return sum((way.done for way in ways), Counter())


async def main(pairs: list[str], seed: int) -> None:
    told = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
    ways = [Way.read(pair, seed) for pair in pairs]
    done = await serve(ways, told)
    sys.stdout.write(json.dumps(done) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[2:], int(sys.argv[1])))
