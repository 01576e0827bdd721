"""From the outbox into the log, and from the log to the couriers."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import psycopg

from motcua.exchange import sql
from motcua.exchange.canonical import to_millisecond
from motcua.exchange.delivery import Courier
from motcua.exchange.directory import Node
from motcua.exchange.envelope import Attachment, Envelope
from motcua.exchange.log import Busy, Unwritten
from motcua.exchange.pace import pause
from motcua.exchange.parcel import MOST_MESSAGES
from motcua.exchange.receiving import Archiving, Noting
from motcua.exchange.sending import Draft, Sending
from motcua.exchange.settling import Due, GivingUp, Postponing
from motcua.exchange.station import Station
from motcua.exchange.transport import Lost, Transport

logger = logging.getLogger(__name__)

POLL = 2.0
ASTRAY_EVERY = 10.0
CHANNEL = "exchange_outbox"


class Dispatch:
    """Keeps a courier for every peer, and feeds them."""

    def __init__(self, station: Station, transport: Transport) -> None:
        self.station, self.transport = station, transport
        self.couriers: dict[str, Courier] = {}
        self.wake, self.is_astray = asyncio.Event(), asyncio.Event()
        self.is_decided = True
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_started = False

    def start(self) -> None:
        """Begin to work."""
        self._is_started = True
        for work in (self._drain(), self._listen(), self._seek_astray()):
            self._keep(asyncio.create_task(work))
        self.refresh()

    async def close(self) -> None:
        """Stop; what is under way is sent again after the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for courier in self.couriers.values():
            await courier.carrier.close()

    def refresh(self) -> None:
        """A courier for every node of the directory."""
        for name in self.station.directory.by_name if self._is_started else ():
            if name not in self.couriers:
                self.couriers[name] = Courier(self.station, self.transport, name)
                self._keep(asyncio.create_task(self.couriers[name].run(), name=f"courier {name}"))

    def courier(self, name: str) -> Courier:
        """Who carries to a node, whether couriers are on their way yet or not."""
        return self.couriers.get(name) or Courier(self.station, self.transport, name)

    def signed(self, recipients: Sequence[str]) -> None:
        """New messages stand in the log: wake the couriers they concern."""
        for recipient in set(recipients):
            node = self.station.directory.hosts.get(recipient)
            if node is None:
                self.is_astray.set()
            courier = self.couriers.get(node.name) if node and not node.is_carried else None
            # A peer that does not answer is not asked sooner because more waits for it.
            if courier and not courier.failures:
                courier.wake.set()

    def is_back(self, peer: str) -> None:
        """The peer spoke to us: no need to wait longer for it."""
        courier = self.couriers.get(peer)
        if courier and courier.failures:
            courier.wake.set()

    def bring(self, peer: str, digests: Sequence[str]) -> None:
        """Bring files to a peer once more, beside all else."""
        node, courier = self.station.directory.by_name[peer], self.couriers.get(peer)
        if courier and digests:
            self._keep(asyncio.create_task(self._brought(courier, node, digests)))

    async def _brought(self, courier: Courier, node: Node, digests: Sequence[str]) -> None:
        try:
            wrong = await courier.bring(node, digests)
        except Lost as error:
            wrong = str(error)
        if wrong:
            logger.warning("Files %s asked for again: %s", node.name, wrong)

    def _keep(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self) -> None:
        """Sign what actions left in the outbox, for ever."""
        while True:
            try:
                drafts = await self._drafts()
                if drafts:
                    await self._sign(drafts)
                    continue
                if self.is_decided:
                    self.is_decided = await self._log_decisions()
                    await self._log_months()
            except (psycopg.Error, OSError, Busy, Unwritten) as error:
                logger.warning("The outbox waits: %s", error)
            except Exception:
                # Nothing is taken from the outbox before it is in the log, so nothing is lost by trying again.
                logger.exception("The outbox met a fault of ours")
            try:
                await asyncio.wait_for(self.wake.wait(), POLL)
            except TimeoutError:
                self.is_decided = True  # a notice may have been missed
            self.wake.clear()

    async def _log_decisions(self) -> bool:
        """What operators decided becomes entries of the log; returns whether there may be more."""
        async with self.station.pool.connection() as connection:
            found = await (await connection.execute(sql.DECISIONS, [MOST_MESSAGES], binary=True)).fetchall()
        if found:
            positions, texts = zip(*found, strict=True)
            await self.station.log.write(Noting("decision", [bytes(text) for text in texts], positions))
        return len(found) == MOST_MESSAGES

    async def _log_months(self) -> None:
        """Months of which a file was written and checked become entries of the log."""
        async with self.station.pool.connection() as connection:
            found = await (await connection.execute(sql.MONTHS, binary=True)).fetchall()
        if found:
            await self.station.log.write(Archiving(found))

    async def _drafts(self) -> list[tuple[int, Draft]]:
        async with self.station.pool.connection() as connection:
            rows = await (await connection.execute(sql.DRAFTS, [MOST_MESSAGES], binary=True)).fetchall()
        return [(row[0], self._draft(row)) for row in rows]

    def _draft(self, row: Sequence[Any]) -> Draft:
        _, number, kind, sender, recipient, stream, correlation, created, expires, *rest = row
        content_type, digest, body, attachments, confirm = rest
        envelope = Envelope(
            instance=self.station.directory.instance,
            id=number,
            kind=kind,
            sender=sender,
            recipient=recipient,
            created=to_millisecond(created),
            expires=to_millisecond(expires),
            body_digest=digest,
            stream=stream,
            correlation=correlation,
            content_type=content_type,
            attachments=tuple(Attachment(**one) for one in attachments),
        )
        return Draft(envelope, body, confirm)

    async def _sign(self, drafts: Sequence[tuple[int, Draft]]) -> None:
        sending = Sending([draft for _, draft in drafts], [position for position, _ in drafts])
        self.station.archive.remember(await self.station.log.write(sending))
        self.signed([draft.envelope.recipient for _, draft in drafts])

    async def _listen(self) -> None:
        """Wake when an action commits a message; polling covers what a lost connection misses."""
        while True:
            with suppress(psycopg.Error, OSError):
                async with await psycopg.AsyncConnection.connect(
                    self.station.log.database, autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    async for notice in connection.notifies():
                        self._noticed(notice.payload)
            await asyncio.sleep(POLL)

    def _noticed(self, payload: str) -> None:
        self.wake.set()
        self.is_decided = self.is_decided or payload == "decided"
        if payload == "deliver":
            for courier in self.couriers.values():
                courier.wake.set()

    async def _seek_astray(self) -> None:
        """Messages to agencies that stand in no directory: say so, and give them up when they expire."""
        while True:
            with suppress(psycopg.Error, OSError, Busy, Unwritten):
                await self._astray()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.is_astray.wait(), ASTRAY_EVERY)
            self.is_astray.clear()

    async def _astray(self) -> None:
        now, hosted = self.station.now(), list(self.station.directory.hosts)
        async with self.station.pool.connection() as connection:
            found = await connection.execute(
                sql.ASTRAY, [hosted, now, MOST_MESSAGES, MOST_MESSAGES], binary=True
            )
            dues = [Due(*row) for row in await found.fetchall()]
        why = "{} stands in no directory known here."
        late = [due for due in dues if due.give_up_at <= now]
        if late:
            await self.station.log.write(GivingUp(late, "The recipient stood in no directory all the time."))
        waiting = [
            (due, why.format(due.recipient), now + pause(due.tries + 5, self.station.retry_cap))
            for due in dues
            if due.give_up_at > now
        ]
        if waiting:
            await self.station.log.write(Postponing(waiting))
