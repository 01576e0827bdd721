"""What neighbours give back to a node whose log was lost from some head on: its own messages they received, and those it received.

Both ways every message is proven: by the head of whoever sent it and, under a head of whoever received it, by its receipt.
A page is JSON: `heads` of both nodes; `entries` with envelope, body (base64, null where it lies apart), its `place`, the
`receipt` and its `receipt_place`; `next` is where the following page begins, null after the last.
"""

import asyncio
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self
from uuid import UUID

from motcua.exchange import envelope as envelopes
from motcua.exchange import sql
from motcua.exchange.canonical import RUBBISH, Malformed, hash_of
from motcua.exchange.directory import Node
from motcua.exchange.envelope import Envelope
from motcua.exchange.evidence import Place, Receipt, SignedHead, read_receipt
from motcua.exchange.filing import expect
from motcua.exchange.group import Group, Known
from motcua.exchange.sending import row_of
from motcua.exchange.station import Station

PAGE = 100

# From the side of the node that lost its log: what it had sent, what it had received.
type Way = Literal["sent", "received"]
type Cursor = tuple[int, int]
type Heads = Mapping[tuple[str, int], SignedHead]

BEGINNING: Cursor = (0, 0)


@dataclass(frozen=True)
class Proven:
    """A message given back, and the receipt for it; each stands under a head of its node."""

    envelope: Envelope
    body: bytes | None
    place: Place
    receipt: Receipt
    receipt_place: Place

    def as_json(self) -> dict[str, Any]:
        return {
            "envelope": self.envelope.text.decode(),
            "body": None if self.body is None else b64encode(self.body).decode(),
            "place": self.place.as_json(),
            "receipt": self.receipt.text.decode(),
            "receipt_place": self.receipt_place.as_json(),
        }

    @classmethod
    def from_json(cls, content: Any) -> Self:
        try:
            body = None if content["body"] is None else b64decode(content["body"], validate=True)
            text, receipt = content["envelope"].encode(), content["receipt"].encode()
            places = content["place"], content["receipt_place"]
        except RUBBISH as error:
            raise Malformed(
                "entry", f"{error} is missing or of another form", "write what was logged"
            ) from error
        where = "entry.place", "entry.receipt_place"
        first, second = (Place.from_json(*one) for one in zip(places, where, strict=True))
        return cls(envelopes.read(text), body, first, read_receipt(receipt), second)

    def check(self, sender: str, recipient: str, heads: Heads) -> None:
        """Whether both stand under their heads and speak of each other; Malformed if not."""
        under = heads.get((sender, self.place.head)), heads.get((recipient, self.receipt_place.head))
        texts = (self.place, self.envelope.text), (self.receipt_place, self.receipt.text)
        for signed, (place, text) in zip(under, texts, strict=True):
            if signed is None or not place.holds(text, signed.head):
                raise Malformed("entry.place", "it does not stand under its head", "send what was logged")
        said = self.receipt.node, self.receipt.id, self.receipt.digest
        if said != (recipient, self.envelope.id, self.envelope.digest.hex()):
            raise Malformed("entry.receipt", "it is for another message", "send the receipt of this one")
        parties = self.receipt.sender, self.receipt.recipient
        if parties != (self.envelope.sender, self.envelope.recipient) or self.receipt.state != "received":
            raise Malformed("entry.receipt", "the message was not received", "give back what was received")
        if self.body is not None and hash_of(self.body) != self.envelope.body_digest:
            raise Malformed("entry.body", "it is another body", "send the one that was signed")


@dataclass(frozen=True)
class Page:
    """Some of what is given back."""

    heads: Sequence[SignedHead]
    entries: Sequence[Proven]
    next: Cursor | None

    @property
    def content(self) -> bytes:
        """The page as it travels."""
        return json.dumps(
            {
                "heads": [signed.as_json() for signed in self.heads],
                "entries": [one.as_json() for one in self.entries],
                "next": self.next,
            }
        ).encode()

    @classmethod
    def read(cls, content: bytes) -> Self:
        """The page in these bytes; Malformed if it is none. What it claims is not yet checked."""
        try:
            found = json.loads(content)
            listed, entries, cursor = found["heads"], found["entries"], found["next"]
            following = None if cursor is None else (int(cursor[0]), int(cursor[1]))
            heads = [SignedHead.from_json(one) for one in listed]
            return cls(heads, [Proven.from_json(one) for one in entries], following)
        except RUBBISH as error:
            if isinstance(error, Malformed):
                raise
            raise Malformed("page", f"it cannot be read ({error})", "write heads, entries, next") from error


async def page(station: Station, peer: Node, way: Way, after: int, cursor: Cursor) -> Page:
    """What we hold of what the peer sent or received under heads of its after this number, from the cursor on."""
    entries = await (_sent if way == "sent" else _received)(station, peer, after, cursor)
    places = [one[0].place if way == "sent" else one[0].receipt_place for one in entries]
    async with station.pool.connection() as connection:
        numbers = [place.head for place in places]
        rows = await (await connection.execute(sql.HEADS_OF, [peer.name, numbers], binary=True)).fetchall()
    heads = [SignedHead(*row) for row in rows] + list(
        {one[1].head.number: one[1] for one in entries}.values()
    )
    following = entries[-1][2] if len(entries) == PAGE else None
    return Page(heads, [one[0] for one in entries], following)


type Found = tuple[Proven, SignedHead, Cursor]  # with our head, and where to go on


async def _sent(station: Station, peer: Node, after: int, cursor: Cursor) -> list[Found]:
    """Messages of the peer, with our receipts."""
    async with station.pool.connection() as connection:
        since = await (await connection.execute(sql.SINCE, [peer.name, after], binary=True)).fetchone()
        if not since or since[0] is None:
            return []
        given = [cursor[0], since[0], peer.name, after, PAGE]
        rows = await (await connection.execute(sql.SENT_TO_US, given, binary=True)).fetchall()
    ours = await station.archive.entries(row[0] for row in rows)
    found = []
    for number, text, body, *came in rows:
        entry = ours[number]
        envelope = envelopes.read(entry.envelope or text)
        one = Proven(envelope, body, entry.came or Place(*came), read_receipt(entry.text), entry.place)
        found.append((one, entry.head, (number, 0)))
    return found


async def _received(station: Station, peer: Node, after: int, cursor: Cursor) -> list[Found]:
    """Messages of ours, with the peer's receipts."""
    async with station.pool.connection() as connection:
        given = [peer.name, after, *cursor, PAGE]
        rows = await (await connection.execute(sql.TAKEN_FROM_US, given, binary=True)).fetchall()
    ours = await station.archive.entries(row[0] for row in rows)
    found = []
    for leaf, receipt, head, index, proof in rows:
        entry = ours[leaf]
        one = Proven(
            envelopes.read(entry.text),
            entry.body,
            entry.place,
            read_receipt(receipt),
            Place(head, index, proof),
        )
        found.append((one, entry.head, (head, index)))
    return found


class TakingBack:
    """Messages given back by one node entering our log again, each once: what we had sent is received already, what we had
    received has its effect now.
    """

    def __init__(self, node: str, peer: str, parcel: UUID, taken: Page, way: Way) -> None:
        self.node, self.peer, self.parcel, self.page, self.way = node, peer, parcel, taken, way
        self.entries = taken.entries
        size = sum(len(one.envelope.text) + len(one.body or b"") + 600 for one in self.entries)
        self.weight = len(self.entries), size
        self.asks: Iterable[UUID] = [one.envelope.id for one in self.entries]
        self.channels = [self._channel(one.envelope) for one in self.entries if one.envelope.stream]
        self.count = 0

    def _channel(self, envelope: Envelope) -> str:
        return envelope.channel if self.way == "sent" else f"<{envelope.channel}"

    def enter(self, group: Group) -> None:
        """Add what is not here."""
        for signed in self.page.heads:
            head = signed.head
            group.add(sql.PEER_HEAD, head.node, head.number, signed.text, signed.signature)
        for one in self.entries:
            key = one.envelope.id, "" if self.way == "sent" else one.envelope.sender
            if key in group.known:
                continue
            leaf = (self._sent if self.way == "sent" else self._received)(one, group)
            group.known[key] = Known(one.envelope.digest, leaf)
            self.count += 1
            if one.envelope.stream:
                self._advance(one.envelope, group)

    def _advance(self, envelope: Envelope, group: Group) -> None:
        channel = self._channel(envelope)
        if envelope.seq > group.channels.get(channel, (0, ""))[0]:
            group.stepped(channel, envelope.seq, envelope.digest.hex())

    def _sent(self, one: Proven, group: Group) -> int:
        envelope, receipt, place = one.envelope, one.receipt, one.receipt_place
        index = group.log("message", envelope.text, beside=(None, one.body), proven=(self.node, one.place))
        leaf = group.first + index
        group.add(sql.OUTGOING, *row_of(envelope, leaf, confirm=False, state="received"))
        group.add(
            sql.RECEIPT,
            *(envelope.id, self.peer, receipt.state, receipt.text, place.head, place.index, place.proof),
        )
        return leaf

    def _received(self, one: Proven, group: Group) -> int:
        envelope = one.envelope
        beside = envelope.text, one.body
        index = group.log("receipt", one.receipt.text, beside=beside, proven=(self.peer, one.place))
        leaf = group.first + index
        group.add(
            sql.INCOMING,
            *(envelope.id, envelope.sender, envelope.digest, leaf, self.parcel, envelope.kind),
            *(envelope.recipient, envelope.stream, envelope.seq, "pending"),
        )
        group.defer("exchange.handle", json.dumps({"parcel": str(self.parcel)}))
        return leaf


async def files_missing(station: Station, peer: str, taken: Page) -> list[UUID]:
    """Messages of which files are not here; the peer may bring those from now on."""

    def look() -> list[UUID]:
        found = []
        for one in taken.entries:
            missing = [d for d in files_of(one.envelope, one.body) if not station.files.renew(d)]
            if missing:
                expect(station.files, peer, missing)
                found.append(one.envelope.id)
        return found

    return await asyncio.to_thread(look)


def files_of(envelope: Envelope, body: bytes | None) -> list[str]:
    """Digests of what goes with a message: its attachments, and its body where that lies apart."""
    return [one.digest for one in envelope.attachments] + (
        [envelope.body_digest.hex()] if body is None else []
    )
