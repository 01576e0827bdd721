"""Neighbours as witnesses: each minute a node asks some others for their newest heads, of log and journal, and for those they hold.

What they show is kept, and entered into our own log, so that our signed heads vouch for it. A node that shows one history
here and another there is found out as soon as two who saw them speak to each other, or when it cannot show that its
newest head follows the one it showed before.
"""

import asyncio
import json
import logging
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import pairwise
from random import sample
from typing import Any
from uuid import UUID

import psycopg

from motcua.exchange import sql
from motcua.exchange.canonical import LARGEST, RUBBISH, Malformed, canonical, hash_of, written
from motcua.exchange.directory import Node
from motcua.exchange.evidence import SignedHead
from motcua.exchange.group import Group
from motcua.exchange.intake import believed, owned, vouched
from motcua.exchange.settling import witnessed
from motcua.exchange.station import Station
from motcua.exchange.transport import Lost, Transport
from motcua.journal.statements import statement
from motcua.lib import keys

logger = logging.getLogger(__name__)

EVERY = 60.0
ASKED = 5  # nodes each time, others each time
TOLD = 100  # newest heads of others in one answer
FARTHEST = 2**40  # heads a log can be behind: a thousand a second for 35 years
STEP = 500  # heads of a chain in one answer
STEPS = 20  # answers looked through each time; the rest follows next time


class Witnessing:
    """Heads that were shown to us, and the newest of our own journal, entering our log."""

    asks: Iterable[UUID] = ()
    channels: Iterable[str] = ()

    def __init__(self, node: str, shown: Sequence[SignedHead], journal: tuple[int, str] | None) -> None:
        self.node, self.shown, self.journal = node, shown, journal
        self.weight = len(shown) + 1, 300 * (len(shown) + 1)

    def enter(self, group: Group) -> None:
        """Add an entry for each."""
        for signed in self.shown:
            group.log("witness", witnessed(signed, group.at))
        if self.journal:
            number, digest = self.journal
            said = {"node": self.node, "number": number, "digest": digest, "at": written(group.at)}
            group.log("journal", canonical({"type": "journal", "v": 1, **said}))


def is_in_reach(signed: SignedHead, number: int) -> bool:
    """Whether a log that stands at this number can have come so far, and can go on from there."""
    head = signed.head
    return head.number - number <= FARTHEST and head.first + head.size <= LARGEST - FARTHEST


async def told(station: Station) -> bytes:
    """Our newest head, that of our journal, and the newest we hold of some others."""
    own, journal = station.log.head, await _journal(station)
    names = sorted(station.directory.by_name)
    async with station.pool.connection() as connection:
        chosen = [sample(names, min(TOLD, len(names)))]
        rows = await (await connection.execute(sql.NEWEST_HELD, chosen, binary=True)).fetchall()
    return json.dumps(
        {
            "head": own.renewed(station.key).as_json() if own else None,
            "journal": _journal_json(*journal[1:]) if journal else None,
            "seen": [SignedHead(*row).as_json() for row in rows],
            "edition": station.directory.version,
        }
    ).encode()


async def chain(station: Station, first: int) -> bytes:
    """Our own heads from this number on, at most 500. What others only say is ours is not signed again."""
    async with station.pool.connection() as connection:
        given = [first, STEP, station.name, first, STEP, STEP]
        rows = await (await connection.execute(sql.CHAIN, given, binary=True)).fetchall()
    heads = [
        SignedHead(text, signature).renewed(station.key) if is_ours else SignedHead(text, signature)
        for text, signature, is_ours in rows
    ]
    return json.dumps({"heads": [signed.as_json() for signed in heads]}).encode()


def _journal_json(text: bytes, signature: bytes) -> dict[str, str]:
    return {"statement": text.decode(), "signature": b64encode(signature).decode()}


async def _journal(station: Station) -> tuple[int, bytes, bytes] | None:
    """Number, text and signature of the newest head of this node's journal; None where there is none."""
    names = ("origin", "number", "first_place", "size", "root", "previous", "at", "key_id")
    with suppress(psycopg.errors.UndefinedTable):
        async with station.pool.connection() as connection:
            row = await (await connection.execute(sql.JOURNAL_HEAD, binary=True)).fetchone()
        if row:
            return row[1], statement(**dict(zip(names, row, strict=False))), row[8]
    return None


class Witness:
    """Who looks at the others' heads."""

    def __init__(self, station: Station, transport: Transport) -> None:
        self.station, self.transport = station, transport
        self.is_behind = asyncio.Event()
        self._followed: dict[str, SignedHead] = {}
        self._noted = 0

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(EVERY)
            if self.station.is_recovering:
                continue
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001 — whatever came up this time, others are asked the next
                logger.warning("The others' heads were not looked at: %r", error)

    async def round(self) -> None:
        """Ask some others, and note what they show and where our own journal stands."""
        nodes = self.station.directory.nodes
        others = [node for node in nodes if node.name != self.station.name and not node.is_carried]
        asked = sample(others, min(ASKED, len(others)))
        shown = [one for one in await asyncio.gather(*map(self._ask, asked)) if one]
        journal = await _journal(self.station)
        note = (journal[0], hash_of(journal[1]).hex()) if journal and journal[0] != self._noted else None
        if shown or note:
            await self.station.log.write(Witnessing(self.station.name, shown, note))
            self._noted = note[0] if note else self._noted

    async def _ask(self, node: Node) -> SignedHead | None:
        """What one node shows; its newest head, if it holds."""
        try:
            return await self.look(node, await self._got(node, "/exchange/heads"))
        except Lost as error:
            logger.info("%s shows no heads: %s", node.name, error)
        except (*RUBBISH, psycopg.DataError) as error:
            self.station.refuse(node.name, "heads", 502, str(error)[:500])
        return None

    async def look(self, node: Node, content: Any, *, carried: bool = False) -> SignedHead | None:
        """Hold what a node shows to all we know, and keep it; its newest head, if it holds. What was carried cannot be followed."""
        own = SignedHead.from_json(content["head"]) if content["head"] else None
        if own:
            vouched(own, node, self.station.now())
            await (self._keep([own]) if carried else self._follow(node, own))
        if content["journal"]:
            await self._keep_journal(node, content["journal"])
        for signed in map(SignedHead.from_json, content["seen"]):
            await self._compare(signed)
        await self._heard(node, content.get("edition"))
        return own

    async def _heard(self, node: Node, edition: Any) -> None:
        """It answered, and says with which edition of the directory it works; older releases do not."""
        known = edition if isinstance(edition, int) and 0 < edition <= LARGEST else None
        async with self.station.pool.connection() as connection:
            values = [node.name, list(node.agencies), self.station.now(), known]
            await connection.execute(sql.HEARD, values)

    async def _got(self, node: Node, path: str) -> Any:
        answer = await self.transport.get(f"{node.exchange_url}{path}")
        if answer.status != 200:
            raise Lost(f"it answered {answer.status}")
        return json.loads(answer.body)

    async def _compare(self, signed: SignedHead) -> None:
        """A head somebody else holds: of us, or of a third node."""
        owner = self.station.directory.by_name.get(signed.head.node)
        if owner is None:
            return
        owned(signed, owner)
        if not believed(signed, owner, self.station.now()):
            return
        if owner.name == self.station.name:
            await self._compare_own(signed)
        else:
            await self._keep([signed])

    async def _compare_own(self, signed: SignedHead) -> None:
        """A head of ours must be one we know."""
        own, number = self.station.log.head, signed.head.number
        values = [self.station.name, number, signed.text, signed.signature]
        async with self.station.pool.connection() as connection:
            if own is None or number > own.head.number:
                if not is_in_reach(signed, own.head.number if own else 0):
                    return
                logger.error(
                    "Others hold a later head of this node than it has: it must start again and recover."
                )
                await connection.execute(sql.KEEP_HEAD, values)
                self.is_behind.set()
                return
            row = await (await connection.execute(sql.HEAD, [number], binary=True)).fetchone()
            if row and row[0] != signed.text:
                await connection.execute(sql.KEEP_FORK, values)

    async def _keep(self, heads: Sequence[SignedHead], *, store: bool = True) -> None:
        """Hold heads to all others of their node that we know, and keep them."""
        columns = [
            [one.head.node for one in heads],
            [one.head.number for one in heads],
            [one.text for one in heads],
            [one.signature for one in heads],
        ]
        async with self.station.pool.connection() as connection, connection.transaction():
            await connection.execute(sql.FORKED, columns)
            for one in heads if store else ():
                values = [one.head.node, one.head.number, one.text, one.signature]
                await connection.execute(sql.KEEP_HEAD, values)

    async def _follow(self, node: Node, newest: SignedHead) -> None:
        """Have the node show that its newest head follows the last we followed it to; keep the newest."""
        last = self._followed.get(node.name) or await self._held(node) or newest
        steps = 0
        while last.head.number < newest.head.number and steps < STEPS:
            content = await self._got(node, f"/exchange/chain/{last.head.number}")
            heads = [SignedHead.from_json(one) for one in content["heads"]]
            for signed in heads:
                vouched(signed, node, self.station.now())
            if not heads or heads[-1].head.number <= last.head.number:
                raise Malformed("chain", f"it ends at {last.head.number}", "show every head")
            self._note_gaps(node, [last, *heads])
            await self._keep([last, *heads], store=False)
            last, steps = heads[-1], steps + 1
        await self._keep([newest])
        self._followed[node.name] = last

    def _note_gaps(self, node: Node, heads: Sequence[SignedHead]) -> None:
        """A node that recovered has lost some of its heads; whoever hides some says the same. It is logged, once."""
        numbers = [one.head.number for one in heads]
        for before, after in pairwise(numbers):
            if after > before + 1:
                words = f"It does not show its heads {before + 1} to {after - 1}."
                self.station.refuse(node.name, "chain", 502, words)

    async def _held(self, node: Node) -> SignedHead | None:
        async with self.station.pool.connection() as connection:
            found = await connection.execute(sql.NEWEST_HELD, [[node.name]], binary=True)
            row = await found.fetchone()
        return SignedHead(*row) if row else None

    async def _keep_journal(self, node: Node, content: Any) -> None:
        """The head of a node's journal, if it signed it."""
        text, signature = content["statement"].encode(), b64decode(content["signature"], validate=True)
        said = json.loads(text)
        pem = node.public_keys.get(said["key_id"])
        if said["origin"] != node.name or pem is None or not keys.verify(pem, signature, text):
            raise Malformed("journal.signature", "it does not hold", "show the head as it was signed")
        values = [node.name, int(said["number"]), text, signature]
        async with self.station.pool.connection() as connection, connection.transaction():
            await connection.execute(sql.JOURNAL_FORKED, values)
            await connection.execute(sql.KEEP_JOURNAL, values)
