"""The content of a page as its operators with what stands before each (ISO 32000 § 7.8.2); never more than a bound."""

import re
import zlib
from collections.abc import Iterator
from typing import Any

from motcua.documents.budget import Spent, spend

LARGEST = 20 * 1024 * 1024
TOKEN = re.compile(
    rb"[\x00\s]+|%[^\r\n]*|(?P<string>\()|<<|>>|<(?P<hex>[0-9A-Fa-f\s]*)>|(?P<open>\[)|(?P<close>\])"
    rb"|(?P<name>/[^\x00\s()<>\[\]{}/%]*)|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))|(?P<word>[A-Za-z'\"][A-Za-z0-9*'\"]*)|.",
    re.DOTALL,
)
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
PIECE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)|([()])|[^\\()]+", re.DOTALL)


def entry(holder: Any, key: str, default: Any = None) -> Any:
    """What a dictionary holds under a name, itself and not a reference to it; the default where it holds nothing."""
    try:
        return holder[key]
    except KeyError:
        return default


def entries(array: Any) -> list[Any]:
    """The members of an array themselves, not references to them."""
    return [one.get_object() if hasattr(one, "get_object") else one for one in array]


def content_of(stream: Any) -> bytes:
    """What a stream holds, if it is plain or deflated; nothing if it is packed otherwise, and at most LARGEST bytes."""
    packed = entry(stream, "/Filter")
    names = [packed] if isinstance(packed, str) else list(packed or ())
    raw: bytes = stream.encoded_data
    content = b""
    if not names:
        content = raw[:LARGEST]
    elif names == ["/FlateDecode"] and "/DecodeParms" not in stream:
        content = zlib.decompressobj().decompress(raw, LARGEST)
    spend(Spent.BYTES, len(content))
    return content


def operators(content: bytes) -> Iterator[tuple[bytes, list[Any]]]:
    """Each operator with its operands: numbers, names, strings as bytes, lists."""
    operands: list[Any] = []
    outer: list[list[Any]] = []
    place = 0
    while found := TOKEN.match(content, place):
        place, kind = found.end(), found.lastgroup
        spend(Spent.TOKENS)
        if kind == "word":
            place = after_picture(content, place) if found["word"] == b"BI" else place
            yield found["word"], operands
            operands, outer = [], []
        elif kind == "string":
            one, place = string(content, place)
            operands.append(one)
        elif kind in {"open", "close"}:
            operands = bracketed(operands, outer, opens=kind == "open")
        elif kind:
            operands.append(value(kind, found[kind]))


def bracketed(operands: list[Any], outer: list[list[Any]], *, opens: bool) -> list[Any]:
    """What is read into from now on: a list within what was read so far, or that again with the list at its end."""
    if opens:
        outer.append(operands)
        return []
    return [*outer.pop(), operands] if outer else operands


def value(kind: str, raw: bytes) -> Any:
    if kind == "number":
        return float(raw)
    if kind == "name":
        return re.sub(r"#([0-9A-Fa-f]{2})", lambda code: chr(int(code[1], 16)), raw.decode("latin-1"))
    digits = b"".join(raw.split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def string(content: bytes, place: int) -> tuple[bytes, int]:
    """A string from behind its opening bracket, and where it ends; brackets within it may nest."""
    made, depth = bytearray(), 1
    while depth and (found := PIECE.match(content, place)):
        place = found.end()
        if found[1] is not None:
            made += escaped(found[1])
        elif found[2]:
            depth += 1 if found[2] == b"(" else -1
            made += found[2] if depth else b""
        else:
            made += found[0]
    return bytes(made), place


def escaped(sign: bytes) -> bytes:
    if sign[:1].isdigit():
        return bytes([int(sign, 8) & 0xFF])
    return b"" if sign in {b"\n", b"\r", b"\r\n"} else ESCAPES.get(sign, sign)


def after_picture(content: bytes, place: int) -> int:
    """Where a picture that stands within the operators ends."""
    found = re.compile(rb"\sEI(?=[\s])").search(content, place)
    return found.end() if found else len(content)
