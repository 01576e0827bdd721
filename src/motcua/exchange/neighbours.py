"""What a node answers its neighbours about heads and lost logs: the heads it holds of others, what it can give back."""

import json
from typing import Any
from uuid import UUID

from motcua.exchange import sql
from motcua.exchange.canonical import LARGEST
from motcua.exchange.directory import Node
from motcua.exchange.envelope import read
from motcua.exchange.evidence import SignedHead
from motcua.exchange.problems import Problem
from motcua.exchange.returning import files_of, page
from motcua.exchange.station import Station


async def held(station: Station, rest: str) -> bytes:
    """`NODE/NUMBER`: of the heads we hold of that node the one with this number, and the newest if it is a later one."""
    name, _, digits = rest.partition("/")
    after = number(digits)
    async with station.pool.connection() as connection:
        found = await connection.execute(sql.HELD, [name, after, name, after], binary=True)
        rows = await found.fetchall()
    return json.dumps({"heads": [SignedHead(*row).as_json() for row in rows]}).encode()


async def returned(station: Station, peer: Node, rest: str) -> bytes:
    """`sent|received/AFTER/A/B`: a page of what the peer sent us or received from us under its heads after a number."""
    way, *numbers = rest.split("/")
    if way not in {"sent", "received"} or len(numbers) != 3:
        raise Problem(404, "Ask for /exchange/returned/sent/AFTER/A/B or received/AFTER/A/B.")
    after, first, second = map(number, numbers)
    found = await page(station, peer, "sent" if way == "sent" else "received", after, (first, second))
    return found.content


async def wanted(station: Station, peer: Node, rest: str) -> list[str]:
    """Which files go with a message of ours to this peer, so that they are brought once more."""
    try:
        message = UUID(rest)
    except ValueError as error:
        raise Problem(404, "Name the message by its identifier.") from error
    async with station.pool.connection() as connection:
        given: list[Any] = [message, list(peer.agencies)]
        row = await (await connection.execute(sql.MESSAGE_TO, given, binary=True)).fetchone()
    if row is None:
        raise Problem(404, f"No message {message} went to {peer.name}.")
    entry = (await station.archive.entries([row[0]]))[row[0]]
    return files_of(read(entry.text), entry.body)


def number(text: str) -> int:
    """The number in an address."""
    if not text.isdecimal() or len(text) > 16 or int(text) > LARGEST:
        raise Problem(404, "Write numbers as digits.")
    return int(text)
