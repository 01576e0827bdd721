"""Check the log of the exchange from its first batch to its last, and name the first place that does not hold."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from motcua.exchange import envelope as envelopes
from motcua.exchange import rereading
from motcua.exchange.blocks import Unreadable
from motcua.exchange.canonical import Malformed, hash_of, load
from motcua.exchange.evidence import NOTHING, Head, SignedHead, read_receipt
from motcua.exchange.models import Leaf, PeerHead
from motcua.exchange.rereading import words
from motcua.lib import merkle

BATCHES = "SELECT text, signature FROM exchange_batch WHERE number > %s ORDER BY number LIMIT 64"
LEAVES = "SELECT number, what, text, envelope, body FROM exchange_leaf WHERE number BETWEEN %s AND %s ORDER BY number"
BEYOND = "SELECT min(number) FROM exchange_leaf WHERE number > %s"


@dataclass(frozen=True)
class Broken:
    """The first place that does not hold: the number of the batch, of the entry (0 for none), and what is wrong."""

    batch: int
    entry: int
    what: str


type Rows = Sequence[tuple[int, str, bytes | None, bytes | None, bytes | None]]


def first_broken(
    public_keys: Mapping[str, str], *, bodies: bool = True, advanced: Callable[[int], None] = lambda _: None
) -> Broken | None:
    """The first break, or None if the log is whole; `advanced` is told how many entries were checked."""
    previous: Head | None = None
    while heads := _heads(previous.number if previous else 0):
        for signed in heads:
            broken = _chained(signed, previous, public_keys) or next(
                _contained(signed.head, bodies=bodies), None
            )
            if broken:
                return broken
            previous = signed.head
            advanced(previous.size)
    return _beyond(previous.first + previous.size - 1 if previous else 0)


def _heads(after: int) -> list[SignedHead]:
    with connection.cursor() as cursor:
        cursor.execute(BATCHES, [after])
        return [SignedHead(bytes(text), bytes(signature)) for text, signature in cursor.fetchall()]


def _chained(signed: SignedHead, previous: Head | None, public_keys: Mapping[str, str]) -> Broken | None:
    """Signature, number, and the link to the head before."""
    number = previous.number + 1 if previous else 1
    try:
        head, holds = signed.head, signed.is_signed_by(public_keys)
    except Malformed as error:
        return Broken(number, 0, str(error))
    if not holds:
        return Broken(number, 0, _("the signature of the batch does not hold"))
    link = (previous.first + previous.size, previous.digest) if previous else (1, NOTHING)
    if (head.number, head.first, head.previous) != (number, *link) and not _continued(
        head, link[1], public_keys
    ):
        return Broken(number, 0, _("the batch does not follow the one before it"))
    return None


def _continued(head: Head, restored: str, public_keys: Mapping[str, str]) -> bool:
    """Whether the batch goes on after a later head of ours that only others had, and begins by saying so (`recovery.py`)."""
    kept = PeerHead.objects.filter(node=head.node, number=head.number - 1).first()
    said = Leaf.objects.filter(number=head.first, what="recovered").first()
    if kept is None or said is None:
        return False
    before = SignedHead(bytes(kept.text), bytes(kept.signature))
    try:
        content = load(bytes(said.text or b""), "recovered")
        last = before.head
        holds = before.is_signed_by(public_keys)
    except Malformed:
        return False
    following = last.node, last.number + 1, last.first + last.size, last.digest
    told = content.get("node"), content.get("restored"), content.get("continued")
    return (
        holds
        and following == (head.node, head.number, head.first, head.previous)
        and told == (head.node, restored, last.digest)
    )


def _contained(head: Head, *, bodies: bool) -> Iterator[Broken]:
    """Every entry of a batch, in order, under its root; every body under its envelope."""
    with connection.cursor() as cursor:
        cursor.execute(LEAVES, [head.first, head.first + head.size - 1])
        rows = cursor.fetchall()
    if any(row[2] is None for row in rows):
        try:
            rows = _reread(head, rows)
        except Unreadable as error:
            yield Broken(head.number, 0, words(error))
            return
    for expected, (number, *_rest) in zip(range(head.first, head.first + head.size), rows, strict=False):
        if number != expected:
            yield Broken(head.number, expected, _("the entry is missing"))
            return
    if len(rows) != head.size:
        yield Broken(head.number, head.first + len(rows), _("the entry is missing"))
    elif merkle.root([merkle.leaf(row[2]) for row in rows]).hex() != head.root:
        yield Broken(head.number, 0, _("an entry of the batch has been changed"))
    elif bodies:
        yield from (Broken(head.number, row[0], wrong) for row in rows if (wrong := _wrong_beside(*row)))


def _reread(head: Head, rows: Rows) -> Rows:
    """The same entries, with what the database has dropped of them read from the file of their month."""
    block = rereading.block_of(head.number)
    return [
        (number, what, text or block.text(number), envelope or block.envelope(number), body)
        for number, what, text, envelope, body in rows
    ]


def _wrong_beside(_number: int, what: str, text: bytes, envelope: bytes | None, body: bytes | None) -> str:
    """Whether the envelope is the one its receipt names, and the body, if it is kept here, the one the envelope names."""
    named = read_receipt(bytes(text)).digest if what == "receipt" and envelope is not None else None
    if named and named != hash_of(bytes(envelope or b"")).hex():
        return _("the envelope is not the one of the receipt")
    around = text if what == "message" else envelope
    if body is None or around is None or envelopes.read(bytes(around)).body_digest == hash_of(body):
        return ""
    return _("the body is not the one that was signed")


def _beyond(last: int) -> Broken | None:
    """Entries after the last signed batch: nobody signed them."""
    with connection.cursor() as cursor:
        cursor.execute(BEYOND, [last])
        row = cursor.fetchone()
    return Broken(0, row[0], _("the entry was never signed")) if row and row[0] else None
