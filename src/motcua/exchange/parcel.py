"""A parcel: up to 500 messages on their way from node to node, with the signed heads that vouch for them.

The first line is JSON, the manifest: the heads, and for each message the lengths of envelope and body, where it stands
under which head, and after which number of its stream it must be taken. Envelopes and bodies follow, back to back, as
bytes. A body of length null travels apart and is already there under its digest.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from motcua.exchange.canonical import Malformed, whole
from motcua.exchange.evidence import Place, SignedHead

MEDIA_TYPE = "application/vnd.motcua.parcel"
MOST_MESSAGES = 500
MOST_BYTES = 1024 * 1024
INLINE = 64 * 1024  # bytes of body up to which it travels inside


type Refusal = tuple[int, int, str]  # the place of a call among those put, status, detail


@dataclass(frozen=True)
class Item:
    """One message in a parcel: envelope bytes, body (None: apart), place under its sender's head, the number of its stream
    to come after, and the last one before it that the recipient has signed for or will.
    """

    text: bytes
    body: bytes | None
    place: Place
    after: int = 0
    seen: int = 0

    @property
    def size(self) -> int:
        return len(self.text) + len(self.body or b"") + 4 * len(self.place.proof) // 3 + 80


@dataclass(frozen=True)
class Parcel:
    """Heads by their number, and messages in their order; of answers to calls, also which get none and why."""

    heads: dict[int, SignedHead]
    items: list[Item]
    refused: Sequence[Any] = ()


def packed(heads: Iterable[SignedHead], items: Sequence[Item], refused: Sequence[Refusal] = ()) -> bytes:
    """The bytes of a parcel."""
    manifest: dict[str, Any] = {
        "heads": [head.as_json() for head in heads],
        "messages": [
            {
                "envelope": len(item.text),
                "body": None if item.body is None else len(item.body),
                "after": item.after,
                **({"seen": item.seen} if item.seen else {}),
                **item.place.as_json(),
            }
            for item in items
        ],
    }
    if refused:
        manifest["refused"] = refused
    line = json.dumps(manifest, separators=(",", ":")).encode()
    return b"".join([line, b"\n", *[part for item in items for part in (item.text, item.body or b"")]])


def unpacked(content: bytes) -> Parcel:
    """The parcel in these bytes; `Malformed` says which part does not hold. Envelopes are not read here."""
    line, newline, rest = content.partition(b"\n")
    if not newline:
        raise Malformed("parcel", "it has no first line", "begin with the manifest in one line of JSON")
    manifest = _manifest(line)
    heads = {signed.head.number: signed for signed in map(SignedHead.from_json, manifest["heads"])}
    return Parcel(heads, list(_items(manifest["messages"], memoryview(rest))), manifest.get("refused", ()))


def _manifest(line: bytes) -> dict[str, list[Any]]:
    try:
        manifest: dict[str, list[Any]] = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Malformed(
            "manifest", f"it cannot be read as JSON ({error})", "write one line of JSON in UTF-8"
        ) from error
    lists = isinstance(manifest, dict) and all(
        isinstance(manifest.get(part), list) for part in ("heads", "messages")
    )
    if not lists:
        raise Malformed("manifest", "heads or messages are missing", 'write {"heads":[…],"messages":[…]}')
    for part, most in (("heads", MOST_MESSAGES), ("messages", MOST_MESSAGES)):
        if len(manifest[part]) > most:
            raise Malformed(f"manifest.{part}", f"there are more than {most}", "send several parcels")
    return manifest


def _items(entries: Sequence[Any], rest: memoryview) -> Iterable[Item]:
    at = 0
    for number, entry in enumerate(entries):
        where = f"manifest.messages[{number}]"
        place = Place.from_json(entry, where)
        try:
            end_of_text = at + whole(entry, where, "envelope")
            end = end_of_text + (0 if entry["body"] is None else whole(entry, where, "body"))
            after = whole(entry, where, "after")
            seen = whole(entry, where, "seen") if "seen" in entry else 0
        except (KeyError, TypeError) as error:
            raise Malformed(
                where, f"{error} is missing", "write envelope, body, after, head, index, proof"
            ) from error
        if end > len(rest):
            raise Malformed(where, "it ends after the parcel", "send all bytes the manifest names")
        body = None if entry["body"] is None else bytes(rest[end_of_text:end])
        yield Item(bytes(rest[at:end_of_text]), body, place, after, seen)
        at = end
    if at != len(rest):
        raise Malformed(
            "parcel", f"{len(rest) - at} bytes too many follow", "name every byte in the manifest"
        )
