"""A group of entries: what one commit writes, who takes part in it, and how it lands in the database in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Protocol
from uuid import UUID

import psycopg

from motcua.exchange import sql
from motcua.exchange.evidence import Place, SignedHead
from motcua.exchange.rows import Table
from motcua.lib import merkle

type Step = tuple[str, Sequence[Any]]
type Connection = psycopg.AsyncConnection[tuple[Any, ...]]

UNPROVEN = (None,) * 4
FEW = 512  # entries up to which one statement beats COPY, which asks for a round trip of each table,
LITTLE = 4 * 1024 * 1024  # and bytes, up to which the server keeps an array in memory


@dataclass(frozen=True)
class Known:
    """A message received before: the digest of its envelope and the number of its receipt in the log."""

    digest: bytes
    leaf: int


@dataclass
class Group:
    """What one commit writes: entries in their order, rows beside them, statements after them."""

    number: int
    first: int
    at: datetime
    size: int = 0
    leaves: list[bytes] = field(default_factory=list)
    levels: list[list[bytes]] = field(default_factory=list)
    rows: defaultdict[Table, list[Sequence[Any]]] = field(default_factory=lambda: defaultdict(list))
    statements: list[Step] = field(default_factory=list)
    jobs: dict[tuple[str, str], None] = field(default_factory=dict)
    known: dict[tuple[UUID, str], Known] = field(default_factory=dict)
    channels: dict[str, tuple[int, str]] = field(default_factory=dict)
    advanced: set[str] = field(default_factory=set)

    def log(
        self,
        what: str,
        text: bytes,
        *,
        hashed: bytes = b"",
        beside: tuple[bytes | None, bytes | None] = (None, None),
        proven: tuple[str, Place] | None = None,
    ) -> int:
        """Add an entry, with envelope and body beside it; return its index in the batch. `hashed` spares hashing it here."""
        index = len(self.leaves)
        self.leaves.append(hashed or merkle.leaf(text))
        proof = (proven[0], proven[1].head, proven[1].index, proven[1].proof) if proven else UNPROVEN
        self.rows[sql.LEAF].append((self.first + index, self.number, what, text, *beside, *proof))
        return index

    def add(self, table: Table, *values: Any) -> None:
        """Add a row."""
        self.rows[table].append(values)

    def defer(self, task: str, arguments: str) -> None:
        """Hand a job to the worker, once."""
        self.jobs[task, arguments] = None

    def step(self, channel: str) -> tuple[int, str]:
        """The next number in an order of messages, and the digest of the envelope before."""
        last, previous = self.channels.get(channel, (0, ""))
        return last + 1, previous

    def stepped(self, channel: str, number: int, digest: str) -> None:
        self.channels[channel] = number, digest
        self.advanced.add(channel)


@dataclass(frozen=True)
class Commit:
    """A batch that is safe on disk."""

    head: SignedHead
    number: int
    first: int
    levels: list[list[bytes]]

    @cached_property
    def proofs(self) -> list[bytes]:
        return merkle.paths(self.levels)

    def place(self, index: int) -> Place:
        """Where the entry with this index in the batch stands."""
        return Place(self.number, index, self.proofs[index])


class Submission(Protocol):
    """Something to be logged: it enters its entries and rows into a group when its turn comes."""

    @property
    def weight(self) -> tuple[int, int]:
        """How many entries and how many bytes."""

    @property
    def asks(self) -> Iterable[UUID]:
        """Messages of which it must know whether they were received before."""

    @property
    def channels(self) -> Iterable[str]:
        """Orders of messages in which it needs the next numbers."""

    def enter(self, group: Group) -> None:
        """Add to the group."""


async def store(connection: Connection, group: Group) -> None:
    """Write the group in one transaction."""
    few = len(group.leaves) <= FEW and group.size <= LITTLE
    copies = [] if few else [(table, rows) for table, rows in group.rows.items() if not table.otherwise]
    steps: list[Step] = [
        (table.insert, table.arrays(rows)) for table, rows in group.rows.items() if few or table.otherwise
    ]
    if sql.PEER_HEAD in group.rows:
        steps.append((sql.FORKED, sql.PEER_HEAD.arrays(group.rows[sql.PEER_HEAD])))
    if group.advanced:
        places = [(name, *group.channels[name]) for name in group.advanced]
        steps.append((sql.ADVANCE_CHANNELS, list(map(list, zip(*places, strict=True)))))
    steps += group.statements
    last: Step = (sql.NOTHING_MORE, [])
    if group.jobs:
        last = (sql.DEFER, [[task for task, _ in group.jobs], [arguments for _, arguments in group.jobs]])
    if copies:
        await _in_bulk(connection, copies, [*steps, last])
    else:
        await _in_one_statement(connection, steps, last)


async def _in_bulk(
    connection: Connection, copies: Iterable[tuple[Table, Sequence[Sequence[Any]]]], steps: Iterable[Step]
) -> None:
    async with connection.transaction(), connection.cursor() as cursor:
        for table, rows in copies:
            async with cursor.copy(table.copy) as copy:
                await copy.write(table.packed(rows))
        for statement, parameters in steps:
            await cursor.execute(statement, parameters)


async def _in_one_statement(connection: Connection, steps: Sequence[Step], last: Step) -> None:
    """All steps side by side in one statement, which is a transaction of its own: one round trip, one parse in a while."""
    statement = _joined(tuple(step[0] for step in steps), last[0])
    await connection.execute(statement, [value for step in (*steps, last) for value in step[1]])


@lru_cache(maxsize=256)
def _joined(statements: tuple[str, ...], last: str) -> str:
    parts = ", ".join(f"step{number} AS ({statement})" for number, statement in enumerate(statements))
    return f"WITH {parts} {last}" if parts else last
