"""Delivery: one courier per peer takes what waits, sends it in parcels, and keeps trying until it is there.

A peer that does not answer is tried again after a random pause that grows; meanwhile nothing else waits for it. One
message that cannot be taken now holds up only those behind it in its stream.
"""

import asyncio
import json
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg

from motcua.exchange import sql
from motcua.exchange.archive import Entry
from motcua.exchange.canonical import Malformed, hash_of
from motcua.exchange.carrying import Carrier, bring
from motcua.exchange.directory import Node
from motcua.exchange.envelope import read
from motcua.exchange.evidence import Place, SignedHead, read_receipt
from motcua.exchange.filing import PIECE
from motcua.exchange.intake import vouched
from motcua.exchange.log import Busy, Unwritten
from motcua.exchange.messages import ON_THEIR_WAY
from motcua.exchange.pace import MORE, Pace, pause, retry_after
from motcua.exchange.parcel import MEDIA_TYPE, MOST_BYTES, MOST_MESSAGES, Item, packed
from motcua.exchange.problems import detail_of
from motcua.exchange.sending import TERM
from motcua.exchange.settling import Due, GivingUp, Postponing, Receipted, Settling
from motcua.exchange.station import Station
from motcua.exchange.transport import Lost, Transport
from motcua.exchange.wire import Response

logger = logging.getLogger(__name__)

IDLE = 30.0
HELD = timedelta(days=1)  # how long a dead letter holds what stands behind it in its stream
CARRYING = timedelta(seconds=60)  # after which a message looks whether its large files have come
ASKED_AGAIN = 60.0  # seconds before a peer may ask once more for what it has signed for
EXPIRED = "{peer} did not receive the message in time: {why}."


@dataclass
class Courier:
    """Who carries messages to one peer."""

    station: Station
    transport: Transport
    name: str
    last_error: str = ""
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    pace: Pace = field(init=False)
    carrier: Carrier = field(init=False)
    # Orders of messages of which the peer misses what we cannot bring: it must go on without.
    passed_over: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pace = Pace(self.station.retry_cap)
        self.carrier = Carrier(self.station, self.transport, self.wake)

    @property
    def failures(self) -> int:
        """How many times in a row it did not answer."""
        return self.pace.failures

    async def run(self) -> None:
        """Deliver for ever."""
        while True:
            try:
                wait = await self.round()
            except (psycopg.Error, OSError, Busy, Unwritten) as error:
                logger.warning("Delivery to %s waits: %s", self.name, error)
                wait = 1.0
            except Exception:
                # Whatever it is, the messages are safe in the log, and other peers have couriers of their own.
                logger.exception("Delivery to %s met a fault of ours", self.name)
                wait = 5.0
            if wait:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.wake.wait(), wait)
            self.wake.clear()

    async def round(self) -> float:
        """Send one parcel; return how many seconds to wait before the next, 0 for none."""
        if self.pace.left:
            return self.pace.left
        peer = self.station.directory.by_name.get(self.name)
        dues = await self.due(peer, self.pace.most) if peer else []
        if peer is None or not dues:
            return await self._until_next(peer)
        late = [due for due in dues if due.give_up_at <= self.station.now()]
        if late:
            reason = EXPIRED.format(peer=self.name, why=self.last_error or "it was not sent in time")
            await self.station.log.write(GivingUp(late, reason))
            return 0
        if peer.is_carried:
            return IDLE
        try:
            self._check_directory()
            await self._send(peer, dues)
        except Lost as error:
            return await self._failed(error)
        await self._succeeded()
        return 0

    def _check_directory(self) -> None:
        directory = self.station.directory
        if directory.expires <= self.station.now():
            raise Lost(f"version {directory.version} of the directory has expired; bring a newer one")

    async def due(self, peer: Node, most: int, *, ahead: timedelta = timedelta()) -> list[Due]:
        """What can be sent to it now, or is tried again so soon, oldest first; what is carried has time until it expires."""
        now = self.station.now()
        then = now + ahead
        async with self.station.pool.connection() as connection:
            if peer.is_carried:
                await connection.execute(sql.WAIT_LONGER, [list(peer.agencies)])
            found = await connection.execute(
                sql.DUE,
                [list(peer.agencies), now, then, then, now, now - HELD, most, most],
                binary=True,
            )
            return [Due(*row) for row in await found.fetchall()]

    async def _until_next(self, peer: Node | None) -> float:
        """How long nothing is due."""
        if peer is None:
            return IDLE
        async with self.station.pool.connection() as connection:
            row = await (
                await connection.execute(sql.NEXT_DUE, [list(peer.agencies)], binary=True)
            ).fetchone()
        if not row or row[0] is None:
            return IDLE
        return float(min(IDLE, max(0.01, (row[0] - self.station.now()).total_seconds())))

    async def _send(self, peer: Node, dues: Sequence[Due]) -> None:
        """One parcel there, its receipts back and into the log."""
        entries = await self.station.archive.entries(due.leaf for due in dues)
        chosen, items, heads = filled(dues, entries, self.passed_over)
        url = f"{peer.exchange_url}/exchange/batches"
        answer = await self.transport.post(url, MEDIA_TYPE, packed(heads.values(), items), 60)
        await self.take_answer(peer, chosen, entries, answer)

    async def take_answer(
        self, peer: Node, chosen: Sequence[Due], entries: Mapping[int, Entry], answer: Response
    ) -> None:
        """Receipts into the log, whichever way they came; the rest again later. Lost if it is no answer to these messages."""
        verdicts, vouching = self._read(peer, answer, len(chosen))
        receipts, postponed = [], []
        for due, verdict in zip(chosen, verdicts, strict=True):
            if "receipt" in verdict:
                receipts.append(self._receipted(due, verdict, entries[due.leaf], vouching))
            else:
                postponed.append((due, verdict))
        if receipts:
            await self.station.log.write(Settling(peer.name, list(vouching.values()), receipts))
            for one in receipts if self.passed_over else ():
                self.passed_over.pop(one.due.channel, None)
        if postponed:
            await self._postpone(peer, postponed, entries)

    def _read(
        self, peer: Node, answer: Response, count: int
    ) -> tuple[list[dict[str, Any]], dict[int, SignedHead]]:
        """The verdicts in an answer and the heads that vouch for them; Lost if it is no such answer."""
        try:
            content = json.loads(answer.body)
            verdicts, heads = content["verdicts"], [SignedHead.from_json(one) for one in content["heads"]]
            for signed in heads:
                vouched(signed, peer, self.station.now())
        except Malformed as error:
            self.station.refuse(peer.name, "receipt", 502, str(error))
            raise Lost(f"{peer.name} answered with a head that does not hold: {error}") from error
        except (ValueError, KeyError, TypeError) as error:
            words = detail_of(answer.body, "it does not speak as agreed")
            raise Lost(
                f"{peer.name} answered {answer.status}: {words}", stay_away=retry_after(answer.headers)
            ) from error
        if len(verdicts) != count or not all(isinstance(verdict, dict) for verdict in verdicts):
            raise Lost(f"{peer.name} answered {len(verdicts)} of {count} messages")
        return verdicts, {signed.head.number: signed for signed in heads}

    def _receipted(
        self, due: Due, verdict: dict[str, Any], entry: Entry, heads: dict[int, SignedHead]
    ) -> Receipted:
        """The receipt, if it speaks of what we sent and stands under the peer's head; Lost if not."""
        try:
            text, place = verdict["receipt"].encode(), Place.from_json(verdict, "verdict")
            receipt, signed = read_receipt(text), heads.get(place.head)
            of_ours = (receipt.id, receipt.digest, receipt.node) == (
                due.id,
                hash_of(entry.text).hex(),
                self.name,
            )
            holds = signed is not None and of_ours and place.holds(text, signed.head)
        except (Malformed, KeyError, AttributeError) as error:
            self.station.refuse(self.name, "receipt", 502, str(error), message=str(due.id))
            raise Lost(f"{self.name} answered with a receipt that cannot be read: {error}") from error
        if not holds:
            self.station.refuse(
                self.name, "receipt", 502, "It does not stand under its head.", message=str(due.id)
            )
            raise Lost(f"{self.name} answered with a receipt that does not hold")
        return Receipted(due, receipt, place)

    async def _postpone(
        self, peer: Node, held: Sequence[tuple[Due, dict[str, Any]]], entries: Mapping[int, Entry]
    ) -> None:
        """What the peer does not take now: bring the files it misses, or wait."""
        postponed: list[tuple[Due, str, datetime]] = []
        carried: list[tuple[Due, list[str]]] = []
        now = self.station.now()
        for due, verdict in held:
            reason = str(verdict.get("detail", ""))[:1000]
            missing = [] if peer.is_carried else _asked_for(verdict, entries[due.leaf])
            if verdict.get("status") == 424 and sum(map(self.station.files.size, missing)) > PIECE:
                carried.append((due, missing))
                postponed.append((due, ON_THEIR_WAY, now + CARRYING))
            elif verdict.get("status") == 424 and missing:
                brought = await self.bring(peer, missing)
                postponed.append((due, brought or reason, now if not brought else self._later(due)))
            elif verdict.get("status") == 425:
                await self._resend(peer, due, verdict.get("resend"))
                postponed.append((due, reason, now + timedelta(milliseconds=50)))
            else:
                postponed.append((due, reason, self._later(due)))
        await self.station.log.write(Postponing(postponed))
        # Only now: what the carrier writes of them must come after.
        for due, digests in carried:
            self.carrier.carry(peer, due, digests)

    async def _resend(self, peer: Node, due: Due, first: Any) -> None:
        """The peer misses numbers of a stream from `first` on: bring what it once signed for, or tell it to go on without."""
        moment = time.monotonic()
        if not isinstance(first, int) or not 0 < first < due.seq:
            return
        values = [self.station.now() + TERM, due.sender, due.recipient, due.stream, first, due.seq]
        if self.passed_over.get(due.channel, 0.0) < moment - ASKED_AGAIN:
            async with self.station.pool.connection() as connection:
                found = await connection.execute(sql.RESEND, [*values, self.station.now(), peer.name])
                if await found.fetchall():
                    logger.warning("%s asks again for %s from number %d on", peer.name, due.channel, first)
        if len(self.passed_over) > 10_000:
            self.passed_over.clear()
        self.passed_over[due.channel] = moment

    def _later(self, due: Due) -> datetime:
        return self.station.now() + pause(due.tries + 2, self.station.retry_cap)

    async def bring(self, peer: Node, digests: Sequence[str]) -> str:
        """Send files by their digest; return what went wrong, or nothing."""
        for digest in digests:
            if why := await bring(self.station, self.transport, peer, digest):
                return why
        return ""

    async def _failed(self, error: Lost) -> float:
        self.last_error = str(error)
        wait = self.pace.failed(error.stay_away)
        await self._note(self.station.now() + wait, None)
        return wait.total_seconds()

    async def _succeeded(self) -> None:
        is_whole_again = self.pace.most + MORE >= MOST_MESSAGES > self.pace.most
        is_news = self.failures > 0 or not self.last_error or is_whole_again
        self.pace.succeeded()
        if is_news:
            self.last_error = " "
            await self._note(None, self.station.now())

    async def _note(self, next_try: datetime | None, last_ok: datetime | None) -> None:
        """Keep how the peer answers, for whoever asks why something waits."""
        agencies = list(self.station.directory.by_name[self.name].agencies)
        why = self.last_error.strip()
        values = [self.name, agencies, self.failures, next_try, why, last_ok, self.pace.most]
        async with self.station.pool.connection() as connection:
            await connection.execute(sql.PEER, values)


def _asked_for(verdict: dict[str, Any], entry: Entry) -> list[str]:
    """The files the peer misses, of those its message names: it is given no others, whatever it asks for."""
    envelope = read(entry.text)
    named = [one.digest for one in envelope.attachments] + [envelope.body_digest.hex()]
    missing = verdict.get("missing")
    return [digest for digest in named if digest in missing] if isinstance(missing, list) else []


def filled(
    dues: Sequence[Due], entries: Mapping[int, Entry], passed_over: Mapping[str, float]
) -> tuple[list[Due], list[Item], dict[int, SignedHead]]:
    """As many messages as one parcel holds, at least one, and the heads they stand under."""
    chosen: list[Due] = []
    items: list[Item] = []
    heads: dict[int, SignedHead] = {}
    size = 0
    for due in dues:
        entry = entries[due.leaf]
        seen = 0 if due.seq < 2 or due.channel in passed_over else due.seen
        item = Item(entry.text, entry.body, entry.place, due.after, seen)
        size += item.size
        if chosen and size > MOST_BYTES * 3 // 4:
            break
        chosen.append(due)
        items.append(item)
        heads[entry.head.head.number] = entry.head
    return chosen, items, heads
