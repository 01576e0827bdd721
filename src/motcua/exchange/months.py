"""Closed months of the log as files that prove themselves: every entry under its signed head, what came with its proof.

A file holds one JSON text a line, each after the SHA-256 of its bytes: what it is, then one batch a line, then the end, which the
node signs. Bodies are left out: they lie where they can be erased when the law demands it, and an envelope names their digest.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from motcua.exchange.canonical import RUBBISH, canonical, hash_of, load
from motcua.exchange.evidence import Head, Place, SignedHead, read_receipt
from motcua.journal.keyring import node_key
from motcua.lib import keys, merkle

FOLDER, SUFFIX = "archive", ".log"
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

    def __str__(self) -> str:
        return _("line %(line)s: %(what)s") % {"line": self.line, "what": self.what}


def archive(now: datetime, public_keys: Mapping[str, str]) -> Iterator[Path]:
    """Write each month (UTC) that is over and not written yet, and read it back before it gets its name. Wrong if the log is."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSED, [now])
        months = cursor.fetchall()
    for month, first, last in months:
        path = folder() / f"{month}{SUFFIX}"
        if not path.exists():
            _write(path, month, first, last, public_keys)
            yield path


def folder() -> Path:
    """Where the files of this node lie."""
    return Path(settings.HOME) / FOLDER


def _write(path: Path, month: str, first: int, last: int, public_keys: Mapping[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    whole = sha256()
    with fresh.open("wb") as file:
        for content in _lines(month, first, last):
            line = _line(content)
            whole.update(line)
            file.write(line)
        said = {"type": "end", "v": 1, "month": month, "digest": whole.hexdigest()}
        file.write(_line(_signed(said)))
        file.flush()
        os.fsync(file.fileno())
    check(fresh, public_keys)
    fresh.replace(path)
    _sync(path.parent)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
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
            yield _batch(signed)
        first = signed.head.number + 1


def _batch(signed: SignedHead) -> Mapping[str, Any]:
    """A batch as it is written: its head, its entries, and the heads of others under which stood what came."""
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


def _line(content: Mapping[str, Any]) -> bytes:
    return _with_digest(canonical(content))


def _with_digest(text: bytes) -> bytes:
    return sha256(text).hexdigest().encode() + b" " + text + b"\n"


def check(path: Path, public_keys: Mapping[str, str]) -> int:
    """How many entries the file holds, all of them proven by this node's keys (key id to PEM); Wrong if one byte is another."""
    whole, previous, entries, is_over = sha256(), None, 0, False
    number = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                content = _read(line)
                if is_over or (content["type"] == "month") != (number == 1):
                    raise ValueError(_("it has no place here"))
                if content["type"] == "end":
                    _check_end(content, whole.hexdigest(), public_keys)
                    is_over = True
                elif content["type"] == "batch":
                    previous = _check_batch(content, previous, public_keys)
                    entries += previous.size
            except RUBBISH as error:
                raise Wrong(number, str(error)) from error
            whole.update(line)
    if not is_over:
        raise Wrong(number + 1, _("the end is missing"))
    return entries


def _read(line: bytes) -> dict[str, Any]:
    text = line[65:-1]
    if line != _with_digest(text):
        raise ValueError(_("it was changed"))
    content: dict[str, Any] = json.loads(text)
    return content


def _check_end(content: Mapping[str, Any], digest: str, public_keys: Mapping[str, str]) -> None:
    said = {name: value for name, value in content.items() if name != "signature"}
    pem = public_keys.get(content["key"])
    if pem is None or not keys.verify(pem, b64decode(content["signature"], validate=True), canonical(said)):
        raise ValueError(_("the signature of this node does not hold"))
    if content["digest"] != digest:
        raise ValueError(_("a line before it was added, taken away or changed"))


def _check_batch(content: Mapping[str, Any], previous: Head | None, public_keys: Mapping[str, str]) -> Head:
    """The head of the batch, if it is signed, follows the one before it, and all its entries stand under it."""
    signed, entries = SignedHead.from_json(content["signed"]), content["entries"]
    head = signed.head
    if not signed.is_signed_by(public_keys):
        raise ValueError(_("the signature of the batch does not hold"))
    if previous and head.previous != previous.digest and not _goes_on(entries[0], head, previous):
        raise ValueError(_("the batch does not follow the one before it"))
    leaves = [merkle.leaf(one["text"].encode()) for one in entries]
    if len(entries) != head.size or merkle.root(leaves).hex() != head.root:
        raise ValueError(_("an entry of the batch has been changed"))
    heads = {name: SignedHead.from_json(one).head for name, one in content["heads"].items()}
    for one in entries:
        _check_envelope(one, heads)
    return head


def _goes_on(first: Mapping[str, Any], head: Head, previous: Head) -> bool:
    """Whether the log went on here after it had been lost, and says so (`recovery.py`)."""
    if first["what"] != "recovered":
        return False
    said = load(first["text"].encode(), "recovered")
    return (said["restored"], said["continued"]) == (previous.digest, head.previous)


def _check_envelope(entry: Mapping[str, Any], heads: Mapping[str, Head]) -> None:
    """Whether the receipt names the envelope that stands beside it, and the envelope stands under its sender's head."""
    if "envelope" not in entry:
        return
    envelope = entry["envelope"].encode()
    if read_receipt(entry["text"].encode()).digest != hash_of(envelope).hex():
        raise ValueError(_("the envelope is not the one of the receipt"))
    if "peer" in entry:
        place = Place.from_json(entry["place"], "entry.place")
        head = heads.get(f"{entry['peer']} {place.head}")
        if head is None or head.node != entry["peer"] or not place.holds(envelope, head):
            raise ValueError(_("the envelope does not stand under its sender's head"))
