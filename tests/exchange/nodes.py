"""Nodes of a small country for the tests of the exchange: each with its own database, key, home and door."""

import asyncio
import io
import itertools
import os
import threading
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, make_server

import psycopg
from django.core.management import call_command
from procrastinate.schema import SchemaManager
from psycopg import sql
from psycopg.types.json import Jsonb

from motcua.config.ports import is_free
from motcua.exchange import migrations, process
from motcua.exchange.actions.sending import LEAVE
from motcua.exchange.canonical import to_millisecond
from motcua.exchange.delivery import Courier
from motcua.exchange.directory import Directory, Node, NodeKey, Right, signed
from motcua.exchange.dispatch import Dispatch
from motcua.exchange.ids import new_id
from motcua.exchange.proving import evidence_of
from motcua.exchange.server import Call, Door
from motcua.exchange.transport import Within
from motcua.exchange.wire import Client, Response
from motcua.lib.keys import FileKey

SERVER = os.environ["MOTCUA_TEST_SERVER"]
MIGRATIONS = sorted(path.stem for path in Path(migrations.__file__).parent.glob("0*.py"))
PREFIX = "exchange_"


def tables() -> str:
    """The statements that make the tables of the exchange and of the jobs."""
    statements = [SchemaManager.get_schema()]
    for number in MIGRATIONS:
        text = io.StringIO()
        call_command("sqlmigrate", "exchange", number, stdout=text, no_color=True)
        statements.append(text.getvalue())
    return "\n".join(statements)


def execute(statement, *parameters, database=SERVER):
    with psycopg.connect(database, autocommit=True) as connection:
        cursor = connection.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []


def new_database():
    name = f"{PREFIX}{os.getpid()}_{uuid4().hex[:12]}"
    execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return name


def emptied(name):
    """The same database without a row; whoever was still connected is not any more."""
    execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name)
    rows = execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database=uri(name))
    names = sql.SQL(", ").join(sql.Identifier(row[0]) for row in rows)
    execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(names), database=uri(name))
    return name


def drop_database(name):
    execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def drop_leftovers():
    """Databases of test runs that were cut off."""
    for (name,) in execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", PREFIX):
        if not Path(f"/proc/{name.split('_')[1]}").exists():
            drop_database(name)


def uri(name):
    return psycopg.conninfo.make_conninfo(SERVER, dbname=name)


# Below the ports the kernel hands out (so that no browser and no other server can be given one of them between our
# look and our use), below those of the demo's countries, and other ones for each test process.
PORTS = itertools.cycle(range(12000 + os.getpid() % 200 * 40, 12040 + os.getpid() % 200 * 40))


def free_port():
    return next(port for port in itertools.islice(PORTS, 40) if is_free(port))


@dataclass
class TestNode:
    """What the settings of a node say, and what a test asks of it."""

    __test__ = False

    name: str
    agencies: tuple[str, ...]
    home: Path
    database: str
    key: FileKey = field(default_factory=FileKey.generate)
    secret: str = "s" * 40
    listen: str = "127.0.0.1"
    exchange_port: int = field(default_factory=free_port)
    exchange_tls_port: int = 0
    exchange_tls_listen: str = "127.0.0.1"
    web_port: int = 1
    demo: bool = True
    certificate: str | None = None
    carry_key: FileKey | None = None  # it stands on a network of its own if it has one

    @property
    def url(self):
        if self.carry_key:
            return f"carry:{self.name}"
        if self.exchange_tls_port:
            return f"https://127.0.0.1:{self.exchange_tls_port}"
        return f"http://{self.listen}:{self.exchange_port}"

    def query(self, statement, *parameters):
        return execute(statement, *parameters, database=self.database)

    def states(self):
        return dict(self.query("SELECT state, count(*)::int FROM exchange_outgoing GROUP BY 1"))

    def received(self):
        return self.query("SELECT message, seq FROM exchange_incoming ORDER BY leaf")

    def refusals(self):
        rows = self.query("SELECT text FROM exchange_leaf WHERE what = 'refusal' ORDER BY number")
        return [bytes(row[0]).decode() for row in rows]

    def write_keys(self, root_pem, directory):
        (self.home / "keys").mkdir(parents=True, exist_ok=True)
        if not (self.home / "keys" / "node.pem").exists():
            self.key.save(self.home / "keys" / "node.pem")
        (self.home / "keys" / "root.pub").write_text(root_pem)
        (self.home / "directory.json").write_bytes(directory)

    def take_another_key(self):
        """As an operator changes it; return the old one."""
        old, self.key = self.key, FileKey.generate()
        (self.home / "keys" / "node.pem").unlink()
        self.key.save(self.home / "keys" / "node.pem")
        return old

    def send(self, recipient, body=b"{}", **fields):
        """What an action would leave in the outbox."""
        now = to_millisecond(datetime.now(UTC))
        values = {
            "id": new_id(),
            "kind": "test.note",
            "sender": self.agencies[0],
            "recipient": recipient,
            "stream": "",
            "correlation": "",
            "created": now,
            "expires": now + timedelta(days=30),
            "content_type": "application/json",
            "digest": sha256(body or b"").digest(),
            "body": body,
            "attachments": [],
            "confirm": True,
        } | fields
        with psycopg.connect(self.database) as connection:
            row = [Jsonb(v) if k == "attachments" else v for k, v in values.items()]
            connection.execute(LEAVE, [[value] for value in row])
        return values["id"]


def listed(key, *, since=timedelta(days=1), until=timedelta(days=30), revoked_at=None):
    """A key as the directory lists it."""
    now = datetime.now(UTC)
    return NodeKey(
        id=key.key_id, pem=key.public_pem, from_=now - since, to=now + until, revoked_at=revoked_at
    )


@dataclass
class Country:
    """Two or more nodes and the root key that vouches for them."""

    nodes: list[TestNode]
    root: FileKey = field(default_factory=FileKey.generate)
    version: int = 1

    def publish(self, keys=None, **changes):
        """A new version of the directory, in every home; `keys` by the name of a node if not its own since yesterday."""
        now = datetime.now(UTC)
        entries = tuple(
            Node(
                name=node.name,
                exchange_url=node.url,
                agencies=node.agencies,
                certificate=node.certificate,
                carry_key=node.carry_key.public_pem if node.carry_key else None,
                keys=(keys or {}).get(node.name, (listed(node.key),)),
            )
            for node in self.nodes
        )
        values = {
            "instance": "test",
            "version": self.version,
            "issued": now,
            "expires": now + timedelta(days=30),
            "nodes": entries,
            "rights": (Right(sender="*", kind="test.*", recipient="*"),),
        } | changes
        self.version += 1
        directory = signed(Directory(**values), self.root)
        for node in self.nodes:
            node.write_keys(self.root.public_pem, directory)
        return directory


@asynccontextmanager
async def running(node):
    """The node's exchange process, in this event loop."""
    ready, stop = asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(process.serve(node, node.home, ready, stop))
    try:
        await asyncio.wait({serving, asyncio.create_task(ready.wait())}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
        yield serving
    finally:
        stop.set()
        await serving


@asynccontextmanager
async def in_memory(*nodes, web=None):
    """Stations and doors of these nodes, joined without a network; nothing is sent until a test says so."""
    async with AsyncExitStack() as stack:
        doors = {}

        def at(url):
            async def answer(method, path, headers, body):
                async def receive():
                    return {"type": "http.request", "body": body}

                reply = await doors[url].answer(Call(method, path, headers, receive))
                return Response(reply.status, dict(reply.lines), reply.body)

            return answer

        for node in nodes:
            station, dispatch = await stack.enter_async_context(process.opened(node, node.home))
            dispatch.transport = Within(node.key, {other.url: at(other.url) for other in nodes})
            doors[node.url] = Door(station, dispatch, web or Client())
        yield list(doors.values())


async def eventually(question, *, within=10.0):
    """Ask until the answer is true; fail if that takes too long."""
    async with asyncio.timeout(within):
        while not (answer := question()):  # noqa: ASYNC110 — what is asked lies in a database
            await asyncio.sleep(0.01)
    return answer


async def sign_drafts(dispatch: Dispatch):
    """Put what lies in the outbox into the log."""
    drafts = await dispatch._drafts()
    if drafts:
        await dispatch._sign(drafts)


@contextmanager
def beside(*nodes):
    """The exchange processes of these nodes in a thread of their own, for tests that are not asynchronous themselves."""
    loop, opened, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def story():
        async with AsyncExitStack() as stack:
            for node in nodes:
                await stack.enter_async_context(running(node))
            opened.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(story()))
    thread.start()
    try:
        assert opened.wait(20)
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def web(application):
    """A web process on a free port; yields the port."""
    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Both:
    """The Government Office, on Django's own database, and Lào Cai, between which messages were exchanged."""

    country: Country
    folder: Path

    @property
    def key(self):
        return self.country.nodes[0].key

    @property
    def root_pem(self):
        return self.country.root.public_pem

    @property
    def root_pub(self):
        return self.country.nodes[0].home / "keys" / "root.pub"

    def publish(self, **changes):
        return self.country.publish(**changes)

    def exchanged(self, count=2, *, outward=False, delivered=True, bodies=(), **fields):
        """Messages from Lào Cai to the Government Office, or outward: sent, and delivered; their identifiers."""
        vpcp, laocai = self.country.nodes

        async def story():
            async with in_memory(vpcp, laocai) as doors:
                here, sender, recipient = (doors[0], vpcp, laocai) if outward else (doors[1], laocai, vpcp)
                said = bodies or [b'{"n":%d}' % number for number in range(count)]
                sent = [sender.send(recipient.agencies[0], body, **fields) for body in said]
                await sign_drafts(here.dispatch)
                if delivered:
                    await Courier(here.station, here.dispatch.transport, recipient.name).round()
                return sent

        return asyncio.run(story())

    def written(self, message):
        """The evidence of a message as a file."""
        file = self.folder / f"{message}.json"
        file.write_bytes(evidence_of(message).text)
        return file
