"""Batches in the file of their month: one line each, found by its place there, and believed only under its signed head."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from motcua.exchange.canonical import RUBBISH, canonical, hash_of
from motcua.exchange.evidence import Head, Place, SignedHead, read_receipt
from motcua.lib import merkle

FOLDER = "archive"
FILE = f"{FOLDER}/{{}}.log"


def gettext_noop(words: str) -> str:
    """Whoever shows the words translates them: the exchange process, which reads here too, works without Django."""
    return words


@dataclass(eq=False)
class Unreadable(Exception):
    """What the database leaves to a month's file cannot be read there: which file of the home, from which byte on, and why."""

    file: str
    place: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}, byte {self.place}: {self.what}"


@dataclass(frozen=True)
class Lying:
    """Where a batch lies: in the file of which month, from which byte on, how many bytes; and their digest, in hexadecimal."""

    month: str
    place: int
    size: int
    digest: str


@dataclass(frozen=True)
class Block:
    """A batch as its file has it; every entry stands under the head, every envelope under its receipt and its sender's head."""

    signed: SignedHead
    entries: Sequence[Mapping[str, Any]]

    @property
    def texts(self) -> list[bytes]:
        """The entries in their order, as they were hashed."""
        return [one["text"].encode() for one in self.entries]

    def text(self, number: int) -> bytes:
        """An entry, by its number in the log."""
        return bytes(self._entry(number)["text"].encode())

    def envelope(self, number: int) -> bytes | None:
        """The envelope the entry speaks of, if it came from another."""
        found = self._entry(number).get("envelope")
        return None if found is None else found.encode()

    def came(self, number: int) -> Place | None:
        """Where that envelope stands under its sender's head."""
        found = self._entry(number).get("place")
        return None if found is None else Place.from_json(found, "entry.place")

    def _entry(self, number: int) -> Mapping[str, Any]:
        return self.entries[number - self.signed.head.first]


def read(home: Path, lying: Lying, signed: SignedHead) -> Block:
    """The batch under this head of ours, from the file of its month in the home; Unreadable if it does not lie there."""
    name = FILE.format(lying.month)
    try:
        with (home / name).open("rb") as file:
            file.seek(lying.place)
            line = file.read(lying.size)
        if sha256(line).hexdigest() != lying.digest:
            raise ValueError(gettext_noop("it was changed"))
        content = content_of(line)
        if SignedHead.from_json(content["signed"]).text != signed.text:
            raise ValueError(gettext_noop("another batch lies there"))
        check_entries(content, signed.head)
    except FileNotFoundError as error:
        raise Unreadable(name, lying.place, gettext_noop("the file is missing")) from error
    except OSError as error:
        raise Unreadable(name, lying.place, error.strerror or str(error)) from error
    except RUBBISH as error:
        raise Unreadable(name, lying.place, str(error)) from error
    return Block(signed, content["entries"])


def unknown(batch: int) -> Unreadable:
    """A batch whose entries the database does not hold, and of which it does not know where they lie."""
    return Unreadable(f"{FOLDER}, batch {batch}", 0, gettext_noop("it is not known in which file it lies"))


def line_of(content: Mapping[str, Any]) -> bytes:
    """A line of a file: the JSON text after its SHA-256."""
    return _with_digest(canonical(content))


def _with_digest(text: bytes) -> bytes:
    return sha256(text).hexdigest().encode() + b" " + text + b"\n"


def content_of(line: bytes) -> dict[str, Any]:
    """What a line says; ValueError if it is not what was written."""
    text = line[65:-1]
    if line != _with_digest(text):
        raise ValueError(gettext_noop("it was changed"))
    content: dict[str, Any] = json.loads(text)
    return content


def check_entries(content: Mapping[str, Any], head: Head) -> None:
    """ValueError unless these are the entries under the head, and what came stands under the heads of others."""
    entries = content["entries"]
    leaves = [merkle.leaf(one["text"].encode()) for one in entries]
    if len(entries) != head.size or merkle.root(leaves).hex() != head.root:
        raise ValueError(gettext_noop("an entry of the batch has been changed"))
    heads = {name: SignedHead.from_json(one).head for name, one in content["heads"].items()}
    for one in entries:
        _check_envelope(one, heads)


def _check_envelope(entry: Mapping[str, Any], heads: Mapping[str, Head]) -> None:
    """Whether the receipt names the envelope that stands beside it, and the envelope stands under its sender's head."""
    if "envelope" not in entry:
        return
    envelope = entry["envelope"].encode()
    if read_receipt(entry["text"].encode()).digest != hash_of(envelope).hex():
        raise ValueError(gettext_noop("the envelope is not the one of the receipt"))
    if "peer" in entry:
        place = Place.from_json(entry["place"], "entry.place")
        head = heads.get(f"{entry['peer']} {place.head}")
        if head is None or head.node != entry["peer"] or not place.holds(envelope, head):
            raise ValueError(gettext_noop("the envelope does not stand under its sender's head"))
