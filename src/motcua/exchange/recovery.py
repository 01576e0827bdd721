"""Before a node signs anything it asks the others for the last head of its own that they hold, and its own home, where it notes it.

If one of them holds a later head than the database, an old backup was restored. To sign on from there would give two logs
of one node. So it waits until everyone was heard, goes on after the latest head anybody holds, says so in the first entry, takes
back what the others received from it and it from them, and only then opens its door again.
"""

import asyncio
import json
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg

from motcua.exchange import sql
from motcua.exchange.canonical import RUBBISH, Malformed, canonical, written
from motcua.exchange.directory import Node
from motcua.exchange.evidence import NOTHING, SignedHead
from motcua.exchange.group import Group
from motcua.exchange.ids import new_id
from motcua.exchange.intake import believed, owned, refused, vouched
from motcua.exchange.log import Busy, Unwritten
from motcua.exchange.returning import BEGINNING, Cursor, Heads, Page, Proven, TakingBack, Way, files_missing
from motcua.exchange.station import Station
from motcua.exchange.transport import Lost, Transport
from motcua.exchange.witnessing import is_in_reach

logger = logging.getLogger(__name__)

AT_ONCE = 50  # nodes asked side by side
PATIENCE = 5.0  # seconds for an answer when nothing speaks for a lost log
PAUSE = 2.0  # seconds until the silent ones are asked again
NOTED = "log.head"  # in the home, beside the database: our last head of about a second ago
EVERY = 1.0
HOME = ""  # no node is called so

type Answers = Mapping[str, Sequence[SignedHead]]


class Lap(NamedTuple):
    """A recovery that is under way: the number of its row, where the log stood, whom not to wait for."""

    id: int
    restored: int
    without: Sequence[str]


class Continuing:
    """The first entry after a gap: which head the database still had, which one is continued, what is gone."""

    asks: Iterable[UUID] = ()
    channels: Iterable[str] = ()
    weight = 1, 500

    def __init__(self, lap: Lap, node: str, restored: SignedHead | None, continued: SignedHead) -> None:
        self.lap, self.node, self.restored, self.continued = lap, node, restored, continued

    def enter(self, group: Group) -> None:
        """Add the entry, and note the same for the operator."""
        first = self.restored.head.first + self.restored.head.size if self.restored else 1
        last = self.continued.head.first + self.continued.head.size - 1
        group.log("recovered", self._text(first, last, group.at))
        group.statements.append((sql.CONTINUE, [self.continued.head.number, first, last, self.lap.id]))

    def _text(self, first: int, last: int, at: datetime) -> bytes:
        return canonical(
            {
                "type": "recovered",
                "v": 1,
                "node": self.node,
                "restored": self.restored.head.digest if self.restored else NOTHING,
                "continued": self.continued.head.digest,
                "first": first,
                "last": last,
                "at": written(at),
            }
        )


class Finishing:
    """The end of a recovery: drafts of the backup that had been sent since are forgotten."""

    asks: Iterable[UUID] = ()
    channels: Iterable[str] = ()
    weight = 1, 100

    def __init__(self, lap: Lap) -> None:
        self.lap = lap

    def enter(self, group: Group) -> None:
        group.statements.append((sql.FORGET_SENT, []))
        group.statements.append((sql.FINISH_RECOVERY, [group.at, self.lap.id]))


async def make_fit(station: Station, transport: Transport) -> None:
    """Return when the node may sign: at once where nobody holds a later head than it has, else after its recovery."""
    own, lap = await _standing(station)
    others = _askable(station)
    after = lap.restored if lap else own.head.number if own else 0
    noted = _noted(station)
    while not (answers := await _asked(station, transport, others, after, PATIENCE)):
        # Nobody is there to ask. A home that knows where the log stood is enough, and so is a log that has not begun.
        if noted or own is None or not others:
            break
        logger.warning("Nobody answers, and %s is missing: waiting for a neighbour.", station.home / NOTED)
        await asyncio.sleep(PAUSE)
    answers |= {HOME: [noted]} if noted else {}
    await _keep_contradictions(station, own, answers)
    if lap is None and not _latest(answers, after):
        return
    logger.warning("Others hold later heads of this node than its database: it recovers before it signs.")
    if lap is None:
        lap = await _begun(station, after)
    everyone = await _everyone(station, transport, lap, answers)
    await _go_on(station, lap, own, everyone)
    await _take_back(station, transport, lap, list(everyone))
    await station.log.write(Finishing(lap))
    logger.warning("The log goes on; `motcua exchange recovery` says what was lost and what came back.")


async def keep_note(station: Station) -> None:
    """Note our last head in the home, for ever: a backup of the database does not bring it back."""
    noted = 0
    while True:
        head = station.log.head
        if head and head.head.number != noted and not station.is_recovering:
            try:
                noted = note(station, head)
            except OSError as error:  # a full disk: there will be room again
                logger.warning("%s could not be written: %s", station.home / NOTED, error)
        await asyncio.sleep(EVERY)


def note(station: Station, signed: SignedHead) -> int:
    """Write it down, whole or not at all; return its number."""
    path = station.home / NOTED
    fresh = path.with_suffix(".new")
    fresh.write_text(signed.json)
    fresh.replace(path)
    return signed.head.number


def _noted(station: Station) -> SignedHead | None:
    path = station.home / NOTED
    if not path.is_file():
        return None
    try:
        signed = SignedHead.from_json(json.loads(path.read_text()))
        owned(signed, station.me)
    except (Malformed, ValueError) as error:
        logger.warning("%s says nothing: %s", path, error)
        return None
    return signed


def _askable(station: Station) -> list[Node]:
    """Every other node that a network reaches."""
    return [node for node in station.directory.nodes if node.name != station.name and not node.is_carried]


async def _standing(station: Station) -> tuple[SignedHead | None, Lap | None]:
    """The last head in the database itself, and a recovery that did not come to its end."""
    async with station.pool.connection() as connection:
        last = await (await connection.execute(sql.LAST_BATCH, binary=True)).fetchone()
        begun = await (await connection.execute(sql.RECOVERING, binary=True)).fetchone()
    return SignedHead(*last) if last else None, Lap(*begun) if begun else None


async def _begun(station: Station, restored: int) -> Lap:
    async with station.pool.connection() as connection:
        row = await (await connection.execute(sql.BEGIN_RECOVERY, [restored], binary=True)).fetchone()
    assert row is not None  # noqa: S101 — INSERT … RETURNING
    return Lap(row[0], restored, [])


async def _asked(
    station: Station, transport: Transport, nodes: Sequence[Node], after: int, seconds: float
) -> dict[str, Sequence[SignedHead]]:
    """What these nodes hold of ours, from the head `after` on; who does not answer is left out."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def ask(node: Node) -> Sequence[SignedHead] | None:
        try:
            async with turns, asyncio.timeout(seconds):
                url = f"{node.exchange_url}/exchange/heads/{station.name}/{after}"
                answer = await transport.get(url)
            return (
                _credible(station, node, _heads_in(station, answer.body), after)
                if answer.status == 200
                else None
            )
        except (Lost, TimeoutError):
            return None
        except Malformed as error:
            logger.warning("%s does not say which of our heads it holds: %s", node.name, error)
            return None

    answers = await asyncio.gather(*[ask(node) for node in nodes])
    return {node.name: heads for node, heads in zip(nodes, answers, strict=True) if heads is not None}


def _heads_in(station: Station, content: bytes) -> Sequence[SignedHead]:
    """Heads of our own: nobody else can make one."""
    try:
        listed = json.loads(content)["heads"]
        heads = [SignedHead.from_json(one) for one in listed]
    except RUBBISH as error:
        if isinstance(error, Malformed):
            raise
        raise Malformed("heads", f"they cannot be read ({error})", "write a list of signed heads") from error
    for signed in heads:
        owned(signed, station.me)
    return heads


def _credible(station: Station, node: Node, heads: Sequence[SignedHead], after: int) -> Sequence[SignedHead]:
    """Those that are surely ours. A head under a key of ours that was lost can be the thief's; an operator who knows that it is
    ours writes it into the home as `log.head`, where nobody else writes.
    """
    found = []
    for one in heads:
        if believed(one, station.me, station.now()) and is_in_reach(one, after):
            found.append(one)
        elif one.head.number > after:
            words = "%s shows head %d of this node, under the revoked key %s or too far ahead: it is not believed."
            logger.error(words, node.name, one.head.number, one.head.key)
    return found


def _latest(answers: Answers, after: int) -> SignedHead | None:
    """The latest head of ours that somebody holds, if it is a later one."""
    later = [one for heads in answers.values() for one in heads if one.head.number > after]
    return max(later, key=lambda one: one.head.number, default=None)


async def _keep_contradictions(station: Station, own: SignedHead | None, answers: Answers) -> None:
    """Another head of ours under the number of our last one: this log was forked before. Both are kept, and told of."""
    for signed in {one for heads in answers.values() for one in heads}:
        if own and signed.head.number == own.head.number and signed.text != own.text:
            async with station.pool.connection() as connection:
                values = [station.name, signed.head.number, signed.text, signed.signature]
                await connection.execute(sql.KEEP_FORK, values)


async def _everyone(station: Station, transport: Transport, lap: Lap, answers: Answers) -> Answers:
    """What everyone holds, but for those an operator does not want to be waited for."""
    heard, without = dict(answers), set(lap.without)
    while True:
        others = [node for node in _askable(station) if node.name not in heard]
        silent = sorted(node.name for node in others if node.name not in without)
        async with station.pool.connection() as connection:
            named = [sorted(node.name for node in others), lap.id]
            row = await (await connection.execute(sql.SILENT, named, binary=True)).fetchone()
        without = set(row[0]) if row else without
        if not set(silent) - without:
            return heard
        logger.warning("Recovering: waiting for %s.", ", ".join(silent[:20]))
        await asyncio.sleep(PAUSE)
        heard |= await _asked(station, transport, others, lap.restored, PATIENCE)


async def _go_on(station: Station, lap: Lap, own: SignedHead | None, answers: Answers) -> None:
    """Continue the latest head anybody holds, and say so in the first entry after it; once."""
    latest = _latest(answers, own.head.number if own else 0)
    if latest is None:  # done before this process was killed
        return
    async with station.pool.connection() as connection:
        values = [station.name, latest.head.number, latest.text, latest.signature]
        await connection.execute(sql.KEEP_HEAD, values)
    station.log.go_on_after(latest)
    await station.log.write(Continuing(lap, station.name, own, latest))


async def _take_back(station: Station, transport: Transport, lap: Lap, names: Sequence[str]) -> None:
    """From each what was lost; whoever stops answering in the middle is asked again."""
    left = [peer for name in names if (peer := station.directory.by_name.get(name))]
    while left:
        for peer in list(left):
            try:
                await _from_peer(station, transport, lap, peer)
            except (Lost, Malformed, Unwritten, Busy, psycopg.Error) as error:
                logger.warning("Recovering: %s does not give back everything yet: %s", peer.name, error)
            else:
                left.remove(peer)
        if left:
            left = await _still_awaited(station, lap, left)
            await asyncio.sleep(PAUSE)


async def _still_awaited(station: Station, lap: Lap, left: Sequence[Node]) -> list[Node]:
    """Without those an operator has stopped waiting for, who are noted with the others that were not heard."""
    async with station.pool.connection() as connection:
        row = await (await connection.execute(sql.WITHOUT, [lap.id], binary=True)).fetchone()
        without = set(row[0]) if row else set()
        given_up = [peer.name for peer in left if peer.name in without]
        await connection.execute(sql.GIVEN_UP, [given_up, lap.id])
    return [peer for peer in left if peer.name not in without]


async def _from_peer(station: Station, transport: Transport, lap: Lap, peer: Node) -> None:
    ways: tuple[Way, ...] = ("sent", "received")
    for way in ways:
        cursor: Cursor | None = BEGINNING
        while cursor is not None:
            url = f"{peer.exchange_url}/exchange/returned/{way}/{lap.restored}/{cursor[0]}/{cursor[1]}"
            answer = await transport.get(url)
            if answer.status != 200:
                raise Lost(f"{peer.name} answered {answer.status}")
            page = Page.read(answer.body)
            if page.next is not None and page.next <= cursor:
                raise Malformed("page.next", "it does not go on", "say where the next page begins")
            page = _checked(station, peer, page, way)
            taking = TakingBack(station.name, peer.name, new_id(), page, way)
            await station.log.write(taking)
            counts = (taking.count, 0) if way == "sent" else (0, taking.count)
            async with station.pool.connection() as connection:
                await connection.execute(sql.GIVEN_BACK, [*counts, lap.id])
            if way == "received":
                for message in await files_missing(station, peer.name, page):
                    await transport.get(f"{peer.exchange_url}/exchange/wanted/{message}")
            cursor = page.next


def _checked(station: Station, peer: Node, page: Page, way: Way) -> Page:
    """Every claim of a page: heads signed by their nodes, messages and receipts under them. What stands under a head of ours
    that is not to be believed, or could not be received, does not come back.
    """
    heads: dict[tuple[str, int], SignedHead] = {}
    lost = set()
    for signed in page.heads:
        if signed.head.node == station.name:
            owned(signed, station.me)
            if not believed(signed, station.me, station.now()):
                lost.add(signed.head.number)
        else:
            vouched(signed, peer, station.now())
        heads[signed.head.node, signed.head.number] = signed
    known: Heads = heads
    sender, recipient = (station, peer) if way == "sent" else (peer, station)
    entries = []
    for one in page.entries:
        one.check(sender.name, recipient.name, known)
        if reason := _not_taken(station, peer, one, way, lost):
            logger.error("Recovering: %s from %s is not taken back: %s", one.envelope.id, peer.name, reason)
        else:
            entries.append(one)
    kept = [one for one in page.heads if one.head.node != station.name or one.head.number not in lost]
    return Page(kept, entries, page.next)


def _not_taken(station: Station, peer: Node, one: Proven, way: Way, lost: Collection[int]) -> str:
    """Why something that was given back has no place here, or nothing."""
    own = one.place if way == "sent" else one.receipt_place
    if own.head in lost:
        return "Our head over it is signed with a key that was revoked."
    envelope = one.envelope
    if way == "sent":
        return "" if envelope.sender in station.agencies else f"{envelope.sender} is not hosted here."
    if envelope.recipient not in station.agencies:
        return f"{envelope.recipient} is not hosted here."
    return refused(station, peer, envelope, given_back=True)
