"""The exchange process of a node: the log, the couriers and the door, in one event loop, without Django."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from random import sample

import psycopg
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server
from psycopg_pool import AsyncConnectionPool

from motcua.exchange import directory as directories
from motcua.exchange import recovery, sql, tls
from motcua.exchange.archive import Archive, Pool
from motcua.exchange.directory import Directory, Node
from motcua.exchange.dispatch import Dispatch
from motcua.exchange.log import Fenced, Log
from motcua.exchange.root import Untrusted
from motcua.exchange.server import Door
from motcua.exchange.station import Settings, Station
from motcua.exchange.transport import Lost, Network
from motcua.exchange.turning import Loop
from motcua.exchange.wire import Client
from motcua.exchange.witnessing import Witness
from motcua.lib.blobs import Store
from motcua.lib.keys import FileKey

logger = logging.getLogger(__name__)

DIRECTORY = "directory.json"
LOOPBACK = "127.0.0.1"
LOOK_AGAIN = 5.0  # seconds between looks at the directory on disk
ASK_AGAIN = 60.0  # seconds between asking peers for a newer one
ASKED = 5  # of them at once


class Unprepared(Exception):
    """Something the process cannot start without is missing; the message says what and where."""


def main(node: Settings, home: Path) -> None:
    """Run until SIGTERM or SIGINT."""
    logging.getLogger("_granian").setLevel(logging.ERROR)
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(node, home), loop_factory=Loop)


async def serve(
    node: Settings, home: Path, ready: asyncio.Event | None = None, stop: asyncio.Event | None = None
) -> None:
    """Serve until `stop` is set or the process is told to end; `ready` is set when the door is open."""
    stop = stop or _told_to_stop()
    async with opened(node, home) as (station, dispatch):
        station.is_recovering = True
        server = Server(
            Door(station, dispatch, Client()),
            address=LOOPBACK if node.exchange_tls_port else node.listen,  # no plain door beside mutual TLS
            port=node.exchange_port,
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(max_buffer_size=1024 * 1024),
            websockets=False,
            log_enabled=False,
            backlog=2048,
        )
        listener = await _listener(node, home, station)
        serving = asyncio.create_task(server.serve())
        looking = asyncio.create_task(_look_for_directory(station, dispatch, home))
        beginning = asyncio.create_task(_begin(station, dispatch, ready))
        noting = asyncio.create_task(recovery.keep_note(station))
        witness = Witness(station, dispatch.transport)
        witnessing = asyncio.create_task(witness.run())
        behind = asyncio.create_task(witness.is_behind.wait())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, stopping, behind}, return_when=asyncio.FIRST_COMPLETED)
        finally:  # also when it is broken off: an open door behind which nobody is would keep callers waiting
            server.stop()  # type: ignore[no-untyped-call]
            await asyncio.wait({serving}, timeout=5)
            if listener:
                await listener.close()
            others = (looking, beginning, noting, witnessing, behind, stopping)
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
        if station.log.head and not station.is_recovering and not witness.is_behind.is_set():
            recovery.note(station, station.log.head)


async def _listener(node: Settings, home: Path, station: Station) -> tls.Listener | None:
    """The port at which other nodes come with their certificates, where one is set."""
    if not node.exchange_tls_port:
        return None
    if not (home / "keys" / tls.OWN).is_file():
        raise Unprepared(
            f"{home / 'keys' / tls.OWN} is missing: the certificate and key for exchange_tls_port."
        )
    listener = tls.Listener(home / "keys", station.directory, node.exchange_port)
    station.heeding.append(listener.heed)
    await listener.open(node.exchange_tls_listen, node.exchange_tls_port)
    return listener


async def _begin(station: Station, dispatch: Dispatch, ready: asyncio.Event | None) -> None:
    """Open the door for messages when the node may sign, and begin to deliver."""
    while station.is_recovering:
        try:
            await recovery.make_fit(station, dispatch.transport)
            station.is_recovering = False
        except Exception as error:  # noqa: BLE001 — it must try again, or it never signs
            logger.warning("The node does not sign yet: %r", error)
            await asyncio.sleep(1)
    dispatch.start()
    if ready:
        ready.set()


def _told_to_stop() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


@asynccontextmanager
async def opened(node: Settings, home: Path) -> AsyncIterator[tuple[Station, Dispatch]]:
    """The node's station with an open log, and its dispatch, not yet started; all closed at the end."""
    async with AsyncExitStack() as stack:
        key = FileKey.load_or_generate(home / "keys" / "node.pem")
        pool: Pool = AsyncConnectionPool(
            node.database,
            min_size=2,
            max_size=8,
            open=False,
            kwargs={"autocommit": True, "prepare_threshold": 1},
        )
        await pool.open(wait=True)
        stack.push_async_callback(pool.close)
        root_pem = _root(home)
        directory, published = await _directory(pool, home, root_pem)
        log = Log(node.database, node.name, key)
        await _take_pen(log)
        stack.push_async_callback(log.close)
        station = Station(
            name=node.name,
            home=home,
            secret=node.secret,
            web_port=node.web_port,
            key=key,
            log=log,
            pool=pool,
            archive=Archive(pool, key, home),
            files=Store(home / "files"),
            directory=directory,
            published=published,
            root_pem=root_pem,
            retry_cap=5.0 if node.demo else 300.0,
        )
        _check(station)
        client = Client(tls.for_asking(home / "keys", directory), tls.shown(directory))
        station.heeding.append(
            lambda newer: client.trust(tls.for_asking(home / "keys", newer), tls.shown(newer))
        )
        network = Network(key, client)
        stack.callback(network.close)
        dispatch = Dispatch(station, network)
        stack.push_async_callback(dispatch.close)
        yield station, dispatch


async def _take_pen(log: Log) -> None:
    """Wait for a predecessor to lay down the pen: it may be shutting down."""
    while True:
        try:
            return await log.open()
        except Fenced:
            logger.warning("Another process writes the log of this node; waiting.")
            await asyncio.sleep(0.5)


def _root(home: Path) -> str:
    path = home / "keys" / "root.pub"
    if not path.is_file():
        raise Unprepared(f"{path} is missing: put the public root key of the country there, as PEM.")
    return path.read_text("ascii")


async def _directory(pool: Pool, home: Path, root_pem: str) -> tuple[Directory, bytes]:
    """The newest good directory of those in the home and in the database."""
    async with pool.connection() as connection:
        row = await (await connection.execute(sql.LAST_DIRECTORY)).fetchone()
    known: tuple[Directory, bytes] | None = None
    reasons = []
    for published in ([bytes(row[0])] if row else []) + _on_disk(home):
        try:
            known = _better(known, published, root_pem)
        except Untrusted as error:
            reasons.append(str(error))
            logger.warning("A directory is not used: %s", error)
    if known is None:
        raise Unprepared(f"{home / DIRECTORY}: there is no directory to work with. {' '.join(reasons)}")
    await _keep(pool, *known)
    return known


def _better(
    known: tuple[Directory, bytes] | None, published: bytes, root_pem: str
) -> tuple[Directory, bytes]:
    now = Station.now()
    fresh = directories.replace(known[0] if known else None, published, root_pem, now)
    return (fresh, published) if known is None or fresh.version > known[0].version else known


def _on_disk(home: Path) -> list[bytes]:
    path = home / DIRECTORY
    return [path.read_bytes()] if path.is_file() else []


async def _keep(pool: Pool, directory: Directory, published: bytes) -> None:
    async with pool.connection() as connection:
        await connection.execute(sql.DIRECTORY, [directory.version, published])


def _check(station: Station) -> None:
    """The directory must know us, by this key."""
    if station.name not in station.directory.by_name:
        raise Unprepared(
            f"The node {station.name} does not stand in version {station.directory.version} of the directory."
        )
    if fault := _fault_of_key(station):
        raise Unprepared(fault)


def _fault_of_key(station: Station) -> str:
    """Why nobody believes what we sign, or nothing."""
    if station.key.key_id in station.me.keys_at(station.now()):
        return ""
    return f"The directory lists no valid key {station.key.key_id} for {station.name}; have it added."


async def _look_for_directory(station: Station, dispatch: Dispatch, home: Path) -> None:
    """Take up a newer directory: from the home, where an operator puts it, or from any peer that has one."""
    waited = 0.0
    while True:
        await asyncio.sleep(LOOK_AGAIN)
        waited += LOOK_AGAIN
        asks = waited >= ASK_AGAIN
        waited = 0.0 if asks else waited
        try:
            station.tell()
            for published in _on_disk(home) + (await _from_peers(station, dispatch) if asks else []):
                with suppress(psycopg.Error):
                    await _take_up(station, dispatch, published)
        except Exception:
            logger.exception("The directory was not looked for; next time it is.")


async def _take_up(station: Station, dispatch: Dispatch, published: bytes) -> None:
    if published == station.published:
        return
    try:
        newer = station.adopt(published)
    except Untrusted as error:
        logger.warning("A directory is not used: %s", error)
        return
    if newer:
        if fault := _fault_of_key(station):
            logger.error("%s Until then other nodes refuse what we send.", fault)
        await _keep(station.pool, station.directory, published)
        dispatch.refresh()


async def _from_peers(station: Station, dispatch: Dispatch) -> list[bytes]:
    """What some of the other nodes publish, others each time: one may itself have an old one; the signature is the country's."""
    others = [node for node in station.directory.nodes if node.name != station.name]
    asked = sample(others, min(ASKED, len(others)))
    answers = [_published_by(node, dispatch) for node in asked]
    return [published for published in await asyncio.gather(*answers) if published is not None]


async def _published_by(node: Node, dispatch: Dispatch) -> bytes | None:
    with suppress(Lost):
        answer = await dispatch.transport.get(f"{node.exchange_url}/exchange/directory")
        if answer.status == 200:
            return answer.body
    return None
