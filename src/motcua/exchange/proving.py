"""What proves one message to anybody: its envelope under its sender's signed head, its receipt under its recipient's, the message
by which the recipient said what became of it, and the country's directory, which says whose the keys are.
`tools/verify_evidence.py` checks it without this program.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from motcua.exchange import envelope as envelopes
from motcua.exchange.canonical import canonical, hash_of
from motcua.exchange.envelope import Envelope
from motcua.exchange.evidence import Place, SignedHead, joined
from motcua.exchange.models import (
    Batch,
    DirectoryVersion,
    Incoming,
    Leaf,
    Outgoing,
    PeerHead,
    Receipt,
    TimeStamp,
)
from motcua.exchange.rereading import texts_of, whole
from motcua.journal.keyring import node_key
from motcua.lib import merkle
from motcua.lib.blobs import Store

FARTHEST = 10_000  # heads from an entry's to the one with a time stamp


@dataclass(frozen=True)
class Half:
    """An entry of a node's log, and where it stands under which signed head."""

    entry: bytes
    place: Place
    signed: SignedHead
    stamp: "Stamp | None" = None

    def as_json(self) -> dict[str, Any]:
        said = self.signed.as_json()
        return {
            "entry": self.entry.decode(),
            "head": said["head"],
            "index": self.place.index,
            "proof": b64encode(self.place.proof).decode(),
            "renewal": said.get("renewal"),
            "signature": said["signature"],
            "stamp": self.stamp and self.stamp.as_json(),
        }


@dataclass(frozen=True)
class Stamp:
    """What an authority of time said of a head, and the heads that lead there from the one of an entry."""

    heads: Sequence[bytes]
    token: bytes

    def as_json(self) -> dict[str, Any]:
        return {
            "heads": [head.decode() for head in self.heads],
            "token": b64encode(self.token).decode(),
        }


@dataclass(frozen=True)
class Word:
    """The recipient's message, and its body, that says of this one and perhaps others what became of them: taken, or refused."""

    said: Half
    body: bytes

    def as_json(self) -> dict[str, Any]:
        return {**self.said.as_json(), "body": b64encode(self.body).decode()}


@dataclass(frozen=True)
class Evidence:
    """All that can be shown of a message: that it was sent, that it was received and handled if it was, and its body if it is kept
    here.
    """

    sent: Half
    received: Half | None
    handled: Word | None
    body: bytes | None
    directory: bytes

    @cached_property
    def envelope(self) -> Envelope:
        return envelopes.read(self.sent.entry)

    @cached_property
    def text(self) -> bytes:
        """As it is given away: one canonical JSON text, so that no byte of it can be another."""
        return canonical(
            {
                "type": "evidence",
                "v": 1,
                "sent": self.sent.as_json(),
                "received": self.received.as_json() if self.received else None,
                "handled": self.handled.as_json() if self.handled else None,
                "body": None if self.body is None else b64encode(self.body).decode(),
                "directory": json.loads(self.directory),
            }
        )


def evidence_of(message: UUID) -> Evidence | None:
    """What proves a message this node sent or received; None if it did neither. Unreadable if the file of its month is."""
    halves = _as_sender(message) or _as_recipient(message)
    edition = DirectoryVersion.objects.order_by("-version").first()
    if halves is None or edition is None:
        return None
    return Evidence(*halves, bytes(edition.text))


def is_proven(message: UUID) -> bool:
    """Whether this node has proof of a message: it sent or received it."""
    rows = Outgoing.objects.filter(pk=message), Incoming.objects.filter(message=message)
    return any(found.exists() for found in rows)


type Halves = tuple[Half, Half | None, Word | None, bytes | None]


def _as_sender(message: UUID) -> Halves | None:
    """Our own entry, the receipt that came, and the word of what became of it."""
    ours = Outgoing.objects.filter(pk=message).first()
    leaf = Leaf.objects.filter(number=ours.leaf).first() if ours else None
    if ours is None or leaf is None:
        return None
    told = _leaf_of(Incoming.objects.filter(message=ours.word, sender=ours.recipient)) if ours.word else None
    word = _word(_came(told), told) if told else None
    return _ours(whole(leaf)), _receipt(message), word, _body(leaf)


def _receipt(message: UUID) -> Half | None:
    receipt = Receipt.objects.filter(message=message).order_by("at").first()
    if receipt is None:
        return None
    place = Place(receipt.head, receipt.index, bytes(receipt.proof))
    return _theirs(bytes(receipt.text), receipt.node, place)


def _as_recipient(message: UUID) -> Halves | None:
    """The sender's entry as it came, the receipt we gave, and our word of what became of it."""
    received = Incoming.objects.filter(message=message).order_by("leaf").first()
    leaf = Leaf.objects.filter(number=received.leaf).first() if received else None
    sent = _came(leaf) if leaf else None
    if received is None or leaf is None or sent is None:
        return None
    told = _leaf_of(Outgoing.objects.filter(pk=received.word)) if received.word else None
    word = _word(_ours(whole(told)), told) if told else None
    return sent, _ours(leaf), word, _body(leaf)


def _leaf_of(rows: QuerySet[Any]) -> Leaf | None:
    return Leaf.objects.filter(number__in=rows.values("leaf")).first()


def _came(leaf: Leaf) -> Half | None:
    """What another node sent, as it came."""
    if whole(leaf).envelope is None:
        return None
    place = Place(leaf.peer_head or 0, leaf.peer_index or 0, bytes(leaf.peer_proof or b""))
    return _theirs(bytes(leaf.envelope or b""), leaf.peer or "", place)


def _word(said: Half | None, leaf: Leaf) -> Word | None:
    """With its body, be it in the log or, of very many messages, in a file; None once that is gone."""
    if said is None:
        return None
    try:
        body = _body(leaf) or Store(settings.FILES).read(envelopes.read(said.entry).body_digest.hex())
    except FileNotFoundError:
        return None
    return Word(said, body)


def _body(leaf: Leaf) -> bytes | None:
    return None if leaf.body is None else bytes(leaf.body)


def _theirs(entry: bytes, node: str, place: Place) -> Half | None:
    """An entry of another node, under the head it showed us."""
    head = PeerHead.objects.filter(node=node, number=place.head).first()
    return Half(entry, place, SignedHead(bytes(head.text), bytes(head.signature))) if head else None


def _ours(leaf: Leaf) -> Half:
    """An entry of our own, under its head; the tree of its batch is built again."""
    batch = Batch.objects.get(number=leaf.batch)
    rows = merkle.levels([merkle.leaf(text) for text in texts_of(batch)])
    index = leaf.number - batch.first
    signed = SignedHead(bytes(batch.text), bytes(batch.signature)).renewed(node_key())
    place = Place(batch.number, index, joined(merkle.path(rows, index)))
    return Half(bytes(leaf.text or b""), place, signed, _stamp(batch))


def _stamp(batch: Batch) -> Stamp | None:
    """The first time stamp on this head or a later one; None while it waits for one, or if too many heads or a gap of the log
    lie between.
    """
    found = TimeStamp.objects.filter(head__gte=batch.number).order_by("head").first()
    if found is None or found.head - batch.number > FARTHEST:
        return None
    later = Batch.objects.filter(number__gt=batch.number, number__lte=found.head).order_by("number")
    texts = [bytes(text) for text in later.values_list("text", flat=True)]
    follows = pairwise([bytes(batch.text), *texts])
    joins = all(json.loads(text)["previous"] == hash_of(before).hex() for before, text in follows)
    return Stamp(texts, bytes(found.token)) if joins and len(texts) == found.head - batch.number else None
