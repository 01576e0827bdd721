"""Many rows at once into one table: by COPY in PostgreSQL's binary form, or by one INSERT over arrays.

COPY writes large batches fastest; an INSERT can stand in one statement with others and so needs no round trip of its
own, which is what counts for small ones. Both are written in the binary form of the protocol by the same few functions.
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import chain, repeat
from typing import Any
from uuid import UUID

from psycopg.adapt import AdaptersMap, Dumper
from psycopg.pq import Format

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
NULL = struct.pack("!i", -1)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

_length = struct.Struct("!i").pack
_eight = struct.Struct("!iq").pack
_four = struct.Struct("!ii").pack
_one = struct.Struct("!i?").pack
_array = struct.Struct("!iiIii").pack


# Most texts and times of a batch are the same few: codes, kinds, states, this millisecond.
@lru_cache(maxsize=8192)
def _text(value: str | None) -> bytes:
    if value is None:
        return NULL
    content = value.encode()
    return _length(len(content)) + content


def _bytes(value: bytes | None) -> bytes:
    return NULL if value is None else _length(len(value)) + value


def _uuid(value: UUID) -> bytes:
    return b"\0\0\0\x10" + value.bytes


def _bigint(value: int | None) -> bytes:
    return NULL if value is None else _eight(8, value)


def _bigints(values: Sequence[int | None]) -> Iterable[bytes]:
    return map(_bigint, values) if None in values else map(_eight, repeat(8), values)


def _integer(value: int | None) -> bytes:
    return NULL if value is None else _four(4, value)


def _boolean(value: bool) -> bytes:  # noqa: FBT001 — a column's value
    return _one(1, value)


@lru_cache(maxsize=1024)
def _instant(value: datetime | None) -> bytes:
    return NULL if value is None else _eight(8, (value - EPOCH) // MICROSECOND)


PACK: dict[str, Callable[[Any], bytes]] = {
    "text": _text,
    "bytea": _bytes,
    "uuid": _uuid,
    "bigint": _bigint,
    "integer": _integer,
    "boolean": _boolean,
    "timestamptz": _instant,
}


# Columns in which most rows say the same: codes, kinds, states, this millisecond.
ALIKE = frozenset(["text", "boolean", "timestamptz"])


def packed(kind: str, values: Sequence[Any]) -> Iterable[bytes]:
    """All values of one column. What is the same in all of them is written once: every message passes here."""
    first = values[0]
    if (first is None or kind in ALIKE) and values.count(first) == len(values):
        return repeat(PACK[kind](first), len(values))
    return _bigints(values) if kind == "bigint" else map(PACK[kind], values)


# The numbers PostgreSQL knows these types by, and arrays of them (catalogue pg_type; they never change).
OIDS = {
    "text": (25, 1009),
    "bytea": (17, 1001),
    "uuid": (2950, 2951),
    "bigint": (20, 1016),
    "integer": (23, 1007),
    "boolean": (16, 1000),
    "timestamptz": (1184, 1185),
}


class Column:
    """The values of one column, as an array parameter; each type has its own class, by which psycopg knows it."""

    __slots__ = ("values",)

    def __init__(self, values: Sequence[Any]) -> None:
        self.values = values


COLUMNS: dict[str, type[Column]] = {
    kind: type(f"{kind.title()}Column", (Column,), {"__slots__": ()}) for kind in PACK
}


def register(adapters: AdaptersMap) -> None:
    """Teach a connection to send columns."""
    for kind, column in COLUMNS.items():
        adapters.register_dumper(column, _dumper(kind))


def _dumper(kind: str) -> type[Dumper]:
    element, array = OIDS[kind]

    class ColumnDumper(Dumper):
        """One dimension, from 1, with nulls allowed."""

        format = Format.BINARY
        oid = array

        def dump(self, obj: Column) -> bytes:
            head = _array(1, 1, element, len(obj.values), 1)
            return b"".join([head, *packed(kind, obj.values)])

    return ColumnDumper


@dataclass(frozen=True, eq=False)
class Table:
    """A table and the columns we write, each `name type`; columns left out take the database's default."""

    name: str
    columns: tuple[str, ...]
    otherwise: str = ""

    @cached_property
    def names(self) -> str:
        return ", ".join(column.split()[0] for column in self.columns)

    @cached_property
    def types(self) -> tuple[str, ...]:
        return tuple(column.split()[1] for column in self.columns)

    @cached_property
    def copy(self) -> str:
        """The COPY statement that takes what `packed` gives."""
        return f"COPY {self.name} ({self.names}) FROM STDIN (FORMAT BINARY)"

    @cached_property
    def insert(self) -> str:
        """The INSERT statement that takes what `arrays` gives."""
        arrays = ", ".join(f"%b::{kind}[]" for kind in self.types)
        return f"INSERT INTO {self.name} ({self.names}) SELECT * FROM unnest({arrays}) {self.otherwise}"  # noqa: S608 — names from this file

    @cached_property
    def _count(self) -> bytes:
        return struct.pack("!h", len(self.columns))

    def packed(self, rows: Sequence[Sequence[Any]]) -> bytes:
        """All rows in COPY's binary form; packed column by column, which takes a third of the time of row by row."""
        columns = map(packed, self.types, zip(*rows, strict=True))
        return b"".join(
            [HEADER, *chain.from_iterable(zip(repeat(self._count), *columns, strict=False)), TRAILER]
        )

    def arrays(self, rows: Sequence[Sequence[Any]]) -> list[Column]:
        """The values of each column, for `insert`; where twice the same is nothing more, such as a head, it is sent once."""
        rows = list(dict.fromkeys(map(tuple, rows))) if self.otherwise else rows
        return [
            COLUMNS[kind](values) for kind, values in zip(self.types, zip(*rows, strict=True), strict=True)
        ]
