"""What is known of the files carried to a node and from it, by their numbers: what they held, whether they came."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from motcua.exchange.medium import Unsound
from motcua.exchange.station import Station

# The last of one way.
LAST = """
SELECT number, digest FROM exchange_carried WHERE node = %b AND way = %b ORDER BY number DESC LIMIT 1
"""

# Messages in files of which the other side has not shown yet that they came.
UNDER_WAY = """
SELECT DISTINCT m FROM exchange_carried c CROSS JOIN LATERAL unnest(c.messages) m
WHERE c.node = %b AND c.way = 'out' AND NOT c.is_settled
"""

# What is to be answered to files taken in, until the other side has shown that it has the answer.
ANSWERS = """
SELECT number, answers FROM exchange_carried WHERE node = %b AND way = 'in' AND NOT is_settled ORDER BY number
"""

KEEP_OUT = """
INSERT INTO exchange_carried (node, way, number, digest, messages, answered) VALUES (%b, 'out', %b, %b, %b::uuid[], %b)
"""
FORGET_OUT = "DELETE FROM exchange_carried WHERE node = %b AND way = 'out' AND number = %b"

KEEP_IN = """
INSERT INTO exchange_carried (node, way, number, digest, answers, is_settled) VALUES (%b, 'in', %b, %b, %b, %b)
"""

# One that was taken in before.
KNOWN = "SELECT digest FROM exchange_carried WHERE node = %b AND way = 'in' AND number = %b"

# The other side has taken in ours up to this number, and with them the answers to its own.
CAME = """
WITH came AS (
    UPDATE exchange_carried SET is_settled = true, messages = '{}'
    WHERE node = %b AND way = 'out' AND number <= %b AND NOT is_settled RETURNING answered
)
UPDATE exchange_carried SET is_settled = true, answers = NULL
WHERE node = %b AND way = 'in' AND NOT is_settled AND number <= (SELECT max(answered) FROM came)
"""

# Messages of ours by their identifiers, as a courier knows them.
DUES = """
SELECT id, leaf, kind, sender, recipient, give_up_at, tries, confirm, 0::bigint, stream, seq FROM exchange_outgoing
WHERE id = ANY(%b::uuid[]) AND recipient = ANY(%b::text[])
"""

LONGEST = 64 * 1024  # bytes of the line before a section


@dataclass
class Told:
    """What became of a file, for the operator: `what` is written, taken, before, held or late."""

    what: str
    node: str
    number: int
    messages: int = 0
    files: int = 0
    receipts: int = 0
    words: list[str] = field(default_factory=list)


async def rows(station: Station, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a statement finds."""
    async with station.pool.connection() as connection:
        cursor = await connection.execute(statement, values, binary=True)
        found: list[tuple[Any, ...]] = await cursor.fetchall()
        return found


async def change(station: Station, statement: str, *values: Any) -> None:
    async with station.pool.connection() as connection:
        await connection.execute(statement, values)


async def last(station: Station, node: str, way: str) -> tuple[int, bytes]:
    """Number and digest of the last file of one way; 0 where there is none."""
    found = await rows(station, LAST, node, way)
    return (found[0][0], bytes(found[0][1])) if found else (0, b"")


def line(section: str, length: int, **more: Any) -> bytes:
    """What stands before the bytes of a section."""
    return json.dumps({"section": section, "length": length, **more}, separators=(",", ":")).encode() + b"\n"


@dataclass(frozen=True)
class Section:
    """One part of a file's content: what it is, and its bytes, which must be read before the next one."""

    kind: str
    length: int
    said: dict[str, Any]
    pieces: Iterator[bytes]

    def whole(self, most: int) -> bytes:
        if self.length > most:
            raise Unsound(f"section {self.kind}: it is longer than {most} bytes.")
        return b"".join(self.pieces)


def sections(pieces: Iterable[bytes]) -> Iterator[Section]:
    """The sections in opened pieces, one after the other; Unsound if they do not add up."""
    reader = _Reader(iter(pieces))
    kind = ""
    while head := reader.line():
        try:
            said = json.loads(head)
            kind, length = str(said["section"]), int(said["length"])
        except (ValueError, KeyError, TypeError) as error:
            raise Unsound(f"after section {kind or '0'}: what follows is no section ({error}).") from error
        taken = reader.take(length, kind)
        yield Section(kind, length, said, taken)
        for _ in taken:
            pass
    if kind != "end":
        raise Unsound("its content ends before the section “end”.")


class _Reader:
    """Lines and counted bytes out of pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.rest = pieces, b""

    def line(self) -> bytes:
        """The next line, empty at the end."""
        while b"\n" not in self.rest:
            if len(self.rest) > LONGEST:
                raise Unsound("a section's first line is too long.")
            piece = next(self.pieces, None)
            if piece is None:
                if self.rest:
                    raise Unsound("its content ends in the middle of a line.")
                return b""
            self.rest += piece
        found, _, self.rest = self.rest.partition(b"\n")
        return found

    def take(self, count: int, kind: str) -> Iterator[bytes]:
        """So many bytes, piece by piece."""
        while count > 0:
            if not self.rest:
                piece = next(self.pieces, None)
                if piece is None:
                    raise Unsound(f"section {kind}: {count} bytes are missing.")
                self.rest = piece
                continue
            part, self.rest = self.rest[:count], self.rest[count:]
            count -= len(part)
            yield part


def identifiers(texts: Sequence[str]) -> list[UUID]:
    """ValueError if one is none."""
    return [UUID(text) for text in texts]
