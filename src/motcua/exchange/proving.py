"""What proves one message to anybody: its envelope under its sender's signed head, its receipt under its recipient's, and the
country's directory, which says whose the keys are. `tools/verify_evidence.py` checks it without this program.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any
from uuid import UUID

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
from motcua.journal.keyring import node_key
from motcua.lib import merkle

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
class Evidence:
    """All that can be shown of a message: that it was sent, that it was received if it was, and its body if it is kept here."""

    sent: Half
    received: Half | None
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
                "body": None if self.body is None else b64encode(self.body).decode(),
                "directory": json.loads(self.directory),
            }
        )


def evidence_of(message: UUID) -> Evidence | None:
    """What proves a message this node sent or received; None if it did neither."""
    halves = _as_sender(message) or _as_recipient(message)
    edition = DirectoryVersion.objects.order_by("-version").first()
    if halves is None or edition is None:
        return None
    sent, received, body = halves
    return Evidence(sent, received, body, bytes(edition.text))


def is_proven(message: UUID) -> bool:
    """Whether this node has proof of a message: it sent or received it."""
    rows = Outgoing.objects.filter(pk=message), Incoming.objects.filter(message=message)
    return any(found.exists() for found in rows)


type Halves = tuple[Half, Half | None, bytes | None]


def _as_sender(message: UUID) -> Halves | None:
    """Our own entry, and the receipt that came."""
    ours = Outgoing.objects.filter(pk=message).values("leaf")
    leaf = Leaf.objects.filter(number__in=ours).first()
    return (_ours(leaf), _receipt(message), _body(leaf)) if leaf else None


def _receipt(message: UUID) -> Half | None:
    receipt = Receipt.objects.filter(message=message).order_by("at").first()
    if receipt is None:
        return None
    place = Place(receipt.head, receipt.index, bytes(receipt.proof))
    return _theirs(bytes(receipt.text), receipt.node, place)


def _as_recipient(message: UUID) -> Halves | None:
    """The sender's entry as it came, and the receipt we gave."""
    received = Incoming.objects.filter(message=message).values("leaf")
    leaf = Leaf.objects.filter(number__in=received).order_by("number").first()
    if leaf is None or leaf.envelope is None:
        return None
    place = Place(leaf.peer_head or 0, leaf.peer_index or 0, bytes(leaf.peer_proof or b""))
    sent = _theirs(bytes(leaf.envelope), leaf.peer or "", place)
    return (sent, _ours(leaf), _body(leaf)) if sent else None


def _body(leaf: Leaf) -> bytes | None:
    return None if leaf.body is None else bytes(leaf.body)


def _theirs(entry: bytes, node: str, place: Place) -> Half | None:
    """An entry of another node, under the head it showed us."""
    head = PeerHead.objects.filter(node=node, number=place.head).first()
    return Half(entry, place, SignedHead(bytes(head.text), bytes(head.signature))) if head else None


def _ours(leaf: Leaf) -> Half:
    """An entry of our own, under its head; the tree of its batch is built again."""
    batch = Batch.objects.get(number=leaf.batch)
    entries = Leaf.objects.filter(number__range=(batch.first, batch.first + batch.size - 1))
    texts = entries.order_by("number").values_list("text", flat=True)
    rows = merkle.levels([merkle.leaf(bytes(text)) for text in texts])
    index = leaf.number - batch.first
    signed = SignedHead(bytes(batch.text), bytes(batch.signature)).renewed(node_key())
    place = Place(batch.number, index, joined(merkle.path(rows, index)))
    return Half(bytes(leaf.text), place, signed, _stamp(batch))


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
