"""Closed months of the log as files that prove themselves: every entry under its signed head, what came with its proof.

A file holds one JSON text a line, each after the SHA-256 of its bytes: what it is, then one batch a line, then the end, which the
node signs. Bodies are left out: they lie where they can be erased when the law demands it, and an envelope names their digest.
"""

import fcntl
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from motcua.exchange.blocks import FILE, FOLDER, Unreadable, check_entries, content_of, line_of
from motcua.exchange.canonical import RUBBISH, canonical, load
from motcua.exchange.evidence import Head, Place, SignedHead
from motcua.exchange.models import ArchivedBatch
from motcua.journal.keyring import node_key
from motcua.lib import keys

CLOSED = """
SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM'), min(number), max(number) FROM exchange_batch
WHERE at < date_trunc('month', %s AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' GROUP BY 1 ORDER BY 1
"""
BATCHES = "SELECT text, signature FROM exchange_batch WHERE number BETWEEN %s AND %s ORDER BY number LIMIT 64"
ENTRIES = """
SELECT what, text, envelope, peer, peer_head, peer_index, peer_proof FROM exchange_leaf
WHERE number BETWEEN %s AND %s ORDER BY number
"""
HEADS = """
SELECT node, number, text, signature FROM exchange_peerhead
WHERE (node, number) IN (SELECT peer, peer_head FROM exchange_leaf WHERE number BETWEEN %s AND %s) ORDER BY 1, 2
"""


@dataclass(eq=False)
class Wrong(Exception):
    """The first line of a file that does not hold, and why."""

    line: int
    what: str
    place: int = 0  # the byte it begins at

    def __str__(self) -> str:
        return _("line %(line)s: %(what)s") % {"line": self.line, "what": self.what}


@dataclass(frozen=True)
class Checked:
    """A file that holds: its entries from the first to the last, and the digest that stands in its signed end."""

    entries: int
    first: int
    last: int
    digest: str


type Each = Callable[[SignedHead, int, bytes], None]


def archive(now: datetime, public_keys: Mapping[str, str]) -> Iterator[Path]:
    """Write each month (UTC) that is over and not written yet, and read it back before it gets its name. Wrong if the log is;
    Unreadable, at the end, if a file is gone of which the database has dropped what stood in it.
    """
    gone = []
    for month, first, last in closed(now):
        path = path_of(month)
        if path.exists():
            continue
        if ArchivedBatch.objects.filter(number__range=(first, last)).exists():
            gone.append(month)
            continue
        _write(path, month, first, last, public_keys)
        yield path
    for month in gone:
        raise Unreadable(FILE.format(month), 0, _("the file is missing"))


def closed(now: datetime) -> list[tuple[str, int, int]]:
    """The months that are over, with the numbers of their first and last batch."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSED, [now])
        found: list[tuple[str, int, int]] = cursor.fetchall()
    return found


def path_of(month: str) -> Path:
    """The file of a month."""
    return Path(settings.HOME) / FILE.format(month)


def folder() -> Path:
    """Where the files of this node lie."""
    return Path(settings.HOME) / FOLDER


def _write(path: Path, month: str, first: int, last: int, public_keys: Mapping[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with _alone(path.parent) as directory:
        if path.exists():  # written by another process meanwhile
            return
        whole = sha256()
        with fresh.open("wb") as file:
            for content in _lines(month, first, last):
                line = line_of(content)
                whole.update(line)
                file.write(line)
            said = {"type": "end", "v": 1, "month": month, "digest": whole.hexdigest()}
            file.write(line_of(_signed(said)))
            file.flush()
            os.fsync(file.fileno())
        check(fresh, public_keys)
        fresh.replace(path)
        os.fsync(directory)


@contextmanager
def _alone(directory: Path) -> Iterator[int]:
    """One process writes there at a time; the system lets go of the lock of one that is killed."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _lines(month: str, first: int, last: int) -> Iterator[Mapping[str, Any]]:
    yield {"type": "month", "v": 1, "month": month, "first": first, "last": last}
    while first <= last:
        with connection.cursor() as cursor:
            cursor.execute(BATCHES, [first, last])
            found = cursor.fetchall()
        for text, signature in found:
            signed = SignedHead(bytes(text), bytes(signature))
            yield batch_of(signed)
        first = signed.head.number + 1


def batch_of(signed: SignedHead) -> Mapping[str, Any]:
    """A batch of the database as it is written: its head, its entries, and the heads of others under which stood what came."""
    within = [signed.head.first, signed.head.first + signed.head.size - 1]
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, within)
        entries = [_entry(*row) for row in cursor.fetchall()]
        cursor.execute(HEADS, within)
        rows = cursor.fetchall()
    heads = {f"{node} {number}": SignedHead(bytes(t), bytes(s)).as_json() for node, number, t, s in rows}
    return {"type": "batch", "v": 1, "signed": signed.as_json(), "entries": entries, "heads": heads}


def _entry(what: str, text: bytes, envelope: bytes | None, peer: str | None, *place: Any) -> dict[str, Any]:
    entry = {"what": what, "text": bytes(text).decode()}
    if envelope is None:
        return entry
    return entry | {"envelope": bytes(envelope).decode()} | (_came(peer, *place) if peer else {})


def _came(peer: str, head: int, index: int, proof: bytes) -> dict[str, Any]:
    return {"peer": peer, "place": Place(head, index, bytes(proof)).as_json()}


def _signed(said: Mapping[str, Any]) -> dict[str, Any]:
    key = node_key()
    content = {**said, "key": key.key_id}
    return {**content, "signature": b64encode(key.sign(canonical(content))).decode()}


def check(path: Path, public_keys: Mapping[str, str], each: Each = lambda *_: None) -> Checked:
    """What the file holds, all of it proven by this node's keys (key id to PEM); Wrong if one byte is another. `each` is given
    every batch that holds: its head, from which byte on its line stands, and the line.
    """
    whole, entries, place, number, digest = sha256(), 0, 0, 0, ""
    heads: list[Head] = []
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                content = content_of(line)
                if digest or (content["type"] == "month") != (number == 1):
                    raise ValueError(_("it has no place here"))
                if content["type"] == "end":
                    _check_end(content, whole.hexdigest(), public_keys)
                    digest = content["digest"]
                elif content["type"] == "batch":
                    signed = _check_batch(content, heads[-1] if heads else None, public_keys)
                    heads, entries = [*heads[:1], signed.head], entries + signed.head.size
                    each(signed, place, line)
            except RUBBISH as error:
                raise Wrong(number, _(str(error)), place) from error
            whole.update(line)
            place += len(line)
    if not digest:
        raise Wrong(number + 1, _("the end is missing"), place)
    return Checked(entries, heads[0].first, heads[-1].first + heads[-1].size - 1, digest)


def _check_end(content: Mapping[str, Any], digest: str, public_keys: Mapping[str, str]) -> None:
    said = {name: value for name, value in content.items() if name != "signature"}
    pem = public_keys.get(content["key"])
    if pem is None or not keys.verify(pem, b64decode(content["signature"], validate=True), canonical(said)):
        raise ValueError(_("the signature of this node does not hold"))
    if content["digest"] != digest:
        raise ValueError(_("a line before it was added, taken away or changed"))


def _check_batch(
    content: Mapping[str, Any], previous: Head | None, public_keys: Mapping[str, str]
) -> SignedHead:
    """The head of the batch, if it is signed, follows the one before it, and all its entries stand under it."""
    signed, entries = SignedHead.from_json(content["signed"]), content["entries"]
    head = signed.head
    if not signed.is_signed_by(public_keys):
        raise ValueError(_("the signature of the batch does not hold"))
    if previous and head.previous != previous.digest and not _goes_on(entries[0], head, previous):
        raise ValueError(_("the batch does not follow the one before it"))
    check_entries(content, head)
    return signed


def _goes_on(first: Mapping[str, Any], head: Head, previous: Head) -> bool:
    """Whether the log went on here after it had been lost, and says so (`recovery.py`)."""
    if first["what"] != "recovered":
        return False
    said = load(first["text"].encode(), "recovered")
    return (said["restored"], said["continued"]) == (previous.digest, head.previous)
