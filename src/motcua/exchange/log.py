"""The log: one writer per node puts entries into batches, signs each batch once, commits, and only then answers.

While one batch is being committed the next gathers, so the more come at once the less each costs: no statement and
no signature is spent on a single entry. Whoever waits is answered after the commit, or told that nothing was kept.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import psycopg

from motcua.exchange import sql
from motcua.exchange.canonical import to_millisecond
from motcua.exchange.evidence import NOTHING, Head, SignedHead
from motcua.exchange.group import Commit, Connection, Group, Known, Submission, store
from motcua.exchange.rows import register
from motcua.lib import merkle
from motcua.lib.keys import SigningKey

logger = logging.getLogger(__name__)

MOST_ENTRIES = 2048
MOST_WAITING = 8192
MOST_BYTES = 64 * 1024 * 1024
HALVED_FROM = 96
TURNS = 2  # of the loop, in which a request that is here becomes an entry that waits


class Busy(Exception):
    """More waits than the log takes: come back in a moment."""


class Unwritten(Exception):
    """The batch could not be committed: nothing of it was kept."""


class Fenced(Exception):
    """Another process holds the pen of this node's log."""


class Log:
    """The one writer. `await write(submission)` returns the commit it is part of, or raises Busy or Unwritten."""

    def __init__(
        self, database: str, node: str, key: SigningKey, now: Callable[[], datetime] | None = None
    ) -> None:
        self.database, self.node, self.key = database, node, key
        self.now = now or (lambda: datetime.now(UTC))
        self.head: SignedHead | None = None
        self._waiting: list[tuple[Submission, asyncio.Future[Commit]]] = []
        self._taken: list[tuple[Submission, asyncio.Future[Commit]]] = []
        self._entries = self._bytes = 0
        self._began = 0.0
        self._work = asyncio.Event()
        self._channels: dict[str, tuple[int, str]] = {}
        self._connection: Connection | None = None
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Take the pen and begin to write; Fenced if another process holds it."""
        await self._connect()
        self._task = asyncio.create_task(self._run(), name="log")

    async def close(self) -> None:
        """Finish what waits, then lay down the pen."""
        if self._task:
            await self.drained()
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._connection and not self._connection.closed:
            # Closing would release it too, but a moment later.
            with suppress(psycopg.Error):
                await self._connection.execute(sql.LAY_DOWN_PEN)
            await self._connection.close()

    async def write(self, submission: Submission) -> Commit:
        """Log it durably; returns after the commit."""
        return await self.hand_in(submission)

    def hand_in(self, submission: Submission) -> asyncio.Future[Commit]:
        """Log it durably; the future is done after the commit. Busy at once if too much waits."""
        entries, size = submission.weight
        if self._entries + entries > MOST_WAITING or self._bytes + size > MOST_BYTES:
            raise Busy
        self._entries, self._bytes = self._entries + entries, self._bytes + size
        promise: asyncio.Future[Commit] = asyncio.get_running_loop().create_future()
        self._waiting.append((submission, promise))
        self._work.set()
        return promise

    def go_on_after(self, signed: SignedHead) -> None:
        """Continue a head of this node that others hold and the database does not; never an earlier one than it has."""
        if self.head is None or self.head.head.number < signed.head.number:
            self.head = signed

    def behind(self, moment: float) -> float:
        """For how many seconds, by the monotonic clock, the commit under way has been so."""
        return moment - self._began if self._began else 0.0

    @property
    def is_writing(self) -> bool:
        """Whether the database was there at the last attempt."""
        return self._connection is not None and not self._connection.closed

    async def drained(self) -> None:
        """Wait until nothing waits to be written any more."""
        while promises := [promise for _, promise in (*self._taken, *self._waiting) if not promise.done()]:
            await asyncio.wait(promises)

    async def _run(self) -> None:
        while True:
            await self._work.wait()
            await self._gather()
            taken = self._taken = self._take()
            self._began = time.monotonic()
            try:
                commit = await self._commit([submission for submission, _ in taken])
            except Exception as error:  # noqa: BLE001 — whoever waits must be told, and the writer must go on
                logger.warning("A batch was not written: %r", error)
                _refuse(taken)
                await self._reconnect()
            else:
                for promise in [promise for _, promise in taken if not promise.done()]:
                    promise.set_result(commit)
            self._began = 0.0

    async def _gather(self) -> None:
        """Let in who already stands at the door: as long as two turns of the loop bring more, the batch grows."""
        turns, before = 0, 0
        while turns < TURNS and before < MOST_ENTRIES:
            turns, before = (0 if self._entries > before else turns + 1), self._entries
            await asyncio.sleep(0)

    def _take(self) -> list[tuple[Submission, asyncio.Future[Commit]]]:
        """As many as one batch holds, at least one; of many only half, so that those who wait for the rest can go on
        when this batch is done, while the next is being committed.
        """
        count = entries = 0
        most = min(MOST_ENTRIES, max(HALVED_FROM, self._entries // 2))
        for submission, _ in self._waiting:
            more, size = submission.weight
            if count and entries + more > most:
                break
            count, entries = count + 1, entries + more
            self._entries, self._bytes = self._entries - more, self._bytes - size
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        if not self._waiting:
            self._work.clear()
        return taken

    async def _commit(self, submissions: Sequence[Submission]) -> Commit:
        connection = self._connection
        if connection is None or connection.closed:
            raise Fenced
        group = await self._group(connection, submissions)
        for submission in submissions:
            submission.enter(group)
        if not group.leaves and not group.rows and not group.statements:
            return Commit(self.head or SignedHead(b"", b""), group.number - 1, group.first, [])
        signed = self._sign(group)
        await store(connection, group)
        self._channels.update({name: group.channels[name] for name in group.advanced})
        self.head = signed or self.head
        return Commit(signed or SignedHead(b"", b""), group.number, group.first, group.levels)

    async def _group(self, connection: Connection, submissions: Sequence[Submission]) -> Group:
        """An empty group that continues the last head, with what the submissions must know."""
        last = self.head.head if self.head else None
        group = Group(
            number=last.number + 1 if last else 1,
            first=last.first + last.size if last else 1,
            at=to_millisecond(self.now()),
            size=sum([submission.weight[1] for submission in submissions]),
        )
        asked = [message for submission in submissions for message in submission.asks]
        if asked:
            for message, sender, digest, leaf in await _rows(connection, sql.KNOWN, [asked] * 3):
                group.known[message, sender] = Known(bytes(digest), leaf)
        names = {name for submission in submissions for name in submission.channels}
        unknown = list(names - self._channels.keys())
        if unknown:
            if len(self._channels) > 200_000:
                self._channels.clear()
                unknown = list(names)
            for name, number, previous in await _rows(connection, sql.CHANNELS, [unknown]):
                self._channels[name] = number, previous
        group.channels = {name: self._channels[name] for name in names if name in self._channels}
        return group

    def _sign(self, group: Group) -> SignedHead | None:
        """One signature for all entries."""
        if not group.leaves:
            return None
        group.levels = merkle.levels(group.leaves)
        head = Head(
            node=self.node,
            number=group.number,
            first=group.first,
            size=len(group.leaves),
            root=group.levels[-1][0].hex(),
            previous=self.head.head.digest if self.head else NOTHING,
            at=group.at,
            key=self.key.key_id,
        )
        signed = SignedHead.sign(head, self.key)
        group.add(
            sql.BATCH, group.number, group.first, len(group.leaves), signed.text, signed.signature, group.at
        )
        return signed

    async def _connect(self) -> None:
        """Open the connection that holds the pen and read where the log stands."""
        connection = await psycopg.AsyncConnection.connect(
            self.database, autocommit=True, prepare_threshold=0, application_name="exchange log"
        )
        try:
            is_taken = (await _rows(connection, sql.TAKE_PEN, []))[0][0]
            register(connection.adapters)
            heads = await _rows(connection, sql.LAST_HEAD, [self.node])
        except BaseException:
            await connection.close()
            raise
        if not is_taken:
            await connection.close()
            raise Fenced("Another process writes the log of this node.")
        self.head = SignedHead(bytes(heads[0][0]), bytes(heads[0][1])) if heads else None
        self._channels.clear()
        self._connection = connection

    async def _reconnect(self) -> None:
        """Read again from the database where the log stands; what failed may have been committed or not."""
        if self._connection is not None:
            await self._connection.close()
        pause = 0.05
        while True:
            try:
                await self._connect()
            except (psycopg.Error, OSError, Fenced):
                _refuse(self._take_all())
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)
            else:
                return

    def _take_all(self) -> list[tuple[Submission, asyncio.Future[Commit]]]:
        taken, self._waiting = self._waiting, []
        self._entries = self._bytes = 0
        self._work.clear()
        return taken


def _refuse(taken: Iterable[tuple[Submission, asyncio.Future[Commit]]]) -> None:
    for promise in [promise for _, promise in taken if not promise.done()]:
        promise.set_exception(Unwritten("The log cannot be written now."))


async def _rows(connection: Connection, statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement, parameters, binary=True)).fetchall()
