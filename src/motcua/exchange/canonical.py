"""One way to write each thing we sign: JSON as RFC 8785 canonicalises it, over strings, whole numbers, lists, objects.

Names of fields are ASCII and numbers are whole, so sorted keys, no spaces and Python's shortest escapes are exactly
RFC 8785. Reading is strict: what is not in canonical form, or has a field too many or too few, is `Malformed`.
"""

import json
import re
from base64 import b64decode
from binascii import Error as NotBase64
from binascii import b2a_base64
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

type Fields = dict[str, Any]

encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode

CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
HEX_DIGEST = re.compile(r"[0-9a-f]{64}")
LARGEST = 2**53 - 1
# What reading the answer of another can end in, whatever it is.
RUBBISH = ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError


class Malformed(ValueError):
    """Something is not written as agreed: `where` it stands, `what` is wrong, `how` to mend it."""

    def __init__(self, where: str, what: str, how: str) -> None:
        super().__init__(f"{where}: {what}; {how}.")
        self.where, self.what, self.how = where, what, how


def canonical(content: Mapping[str, Any]) -> bytes:
    """The bytes that are hashed and signed."""
    return encode(dict(content)).encode()


def parse(text: bytes, kind: str, names: frozenset[str]) -> Fields:
    """The fields of a canonical object of type `kind` with exactly these names (and `type` and `v`)."""
    content = load(text, kind)
    if not isinstance(content, dict):
        raise Malformed(kind, "it is no JSON object", "begin it with {")
    if content.get("type") != kind or content.get("v") != 1:
        raise Malformed(f"{kind}.type", f"this is no {kind} of version 1", f'write "type":"{kind}","v":1')
    for missing in sorted(names - content.keys()):
        raise Malformed(
            f"{kind}.{missing}", "the field is missing", "every field is written, also an empty one"
        )
    for unknown in sorted(content.keys() - names - {"type", "v"}):
        raise Malformed(f"{kind}.{unknown[:40]}", "there is no such field", "leave it out")
    return content


def load(text: bytes, kind: str) -> Any:
    """The value, if this is its canonical form: otherwise two texts could say the same and be signed differently."""
    try:
        content = json.loads(text.decode(), parse_float=_no_fraction, parse_constant=_no_fraction)
        same = encode(content).encode() == text
    except Malformed:
        raise
    except (ValueError, RecursionError) as error:
        raise Malformed(
            kind, f"it cannot be read as JSON in UTF-8 ({error})", "send it as it was signed"
        ) from error
    if not same:
        raise Malformed(
            kind,
            "it is not in canonical form",
            "sort the fields, leave out spaces, escape only what must be (RFC 8785)",
        )
    return content


def _no_fraction(number: str) -> None:
    raise Malformed("number", f"{number[:20]} is not a whole number", "write whole numbers only")


def text_field(
    content: Fields, where: str, name: str, *, most: int, pattern: re.Pattern[str] | None = None
) -> str:
    """A string of at most `most` characters without control characters, matching the pattern if one is given."""
    value = content[name]
    if not isinstance(value, str) or len(value) > most or CONTROL.search(value):
        raise Malformed(
            f"{where}.{name}",
            "it is no plain text",
            f"write at most {most} characters without control characters",
        )
    if pattern is not None and not pattern.fullmatch(value):
        raise Malformed(
            f"{where}.{name}", f"“{value[:60]}” has another form", f"it must match {pattern.pattern}"
        )
    return value


def whole(content: Fields, where: str, name: str) -> int:
    """A whole number from 0 to 2^53 - 1."""
    value = content[name]
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise Malformed(
            f"{where}.{name}", "it is no whole number", "write a number from 0 to 9007199254740991"
        )
    return value


def instant(content: Fields, where: str, name: str) -> datetime:
    """A time in UTC with milliseconds: 2026-11-02T08:30:00.000Z."""
    value = content[name]
    try:
        if isinstance(value, str) and INSTANT.fullmatch(value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    raise Malformed(
        f"{where}.{name}", "it is no time", "write it in UTC with milliseconds: 2026-11-02T08:30:00.000Z"
    )


@lru_cache(maxsize=1024)
def written(at: datetime) -> str:
    """The one way a time is written."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")[:23] + "Z"


def to_millisecond(at: datetime) -> datetime:
    """The time as it will be read back."""
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)


def digest_field(digest: bytes) -> str:
    """A SHA-256 digest as RFC 9530 writes it: sha-256=:…:"""
    return f"sha-256=:{b2a_base64(digest, newline=False).decode()}:"


def digest_from(value: object, where: str) -> bytes:
    """The 32 bytes of an RFC 9530 sha-256 digest."""
    try:
        if isinstance(value, str) and value.startswith("sha-256=:") and value.endswith(":"):
            digest = b64decode(value[9:-1], validate=True)
            if len(digest) == 32 and digest_field(digest) == value:
                return digest
    except NotBase64:
        pass
    raise Malformed(where, "it is no digest", "write sha-256=:…: with 32 bytes in base64 (RFC 9530)")


def hash_of(content: bytes) -> bytes:
    return sha256(content).digest()
