"""Writing what waits for a node onto a medium: messages with their files, receipts for what came from it, heads, the directory."""

import asyncio
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from motcua.exchange import carried, witnessing
from motcua.exchange.canonical import to_millisecond, written
from motcua.exchange.carried import Told, line
from motcua.exchange.delivery import Courier, filled
from motcua.exchange.directory import Node
from motcua.exchange.envelope import read
from motcua.exchange.medium import PIECE, Header, Writer, fresh_secret, wrapped
from motcua.exchange.parcel import MOST_MESSAGES, packed
from motcua.exchange.problems import Problem
from motcua.exchange.sending import TERM
from motcua.exchange.settling import Due
from motcua.exchange.station import Station
from motcua.lib.keys import key_id

MOST = 20_000  # messages in one file; the rest goes with the next


async def load(station: Station, courier: Courier, peer: Node, path: Path, *, everything: bool) -> Told:
    """Write a file for a node; with `everything` also what stands in files that may still come. A Problem if it cannot be."""
    pem = _may_go(station, peer, path)
    last, previous = await carried.last(station, peer.name, "out")
    taken_in, _ = await carried.last(station, peer.name, "in")
    under_way = {row[0] for row in await carried.rows(station, carried.UNDER_WAY, peer.name)}
    answers = await carried.rows(station, carried.ANSWERS, peer.name)
    secret = fresh_secret()
    header = Header(
        instance=station.directory.instance,
        sender=station.name,
        recipient=peer.name,
        number=last + 1,
        previous=previous.hex(),
        seen=taken_in,
        made=written(to_millisecond(station.now())),
        key=station.key.key_id,
        opens=key_id(pem),
        wrapped=wrapped(secret, pem),
        everything=everything,
    )
    found = await courier.due(peer, MOST + len(under_way), ahead=TERM)
    dues = [
        due for due in found if due.give_up_at > station.now() and (everything or due.id not in under_way)
    ]
    part = path.with_name(f"{path.name}.part")
    told = Told("written", peer.name, header.number)
    try:
        with part.open("wb") as file:
            writer = Writer(file, header, secret, station.key)
            loading = _Loading(station, courier, writer, told)
            await loading.beside(answers)
            held = await loading.messages(dues[:MOST])
            digest = await asyncio.to_thread(_close, writer, held, told)
        answered = max((row[0] for row in answers), default=0)
        await carried.change(
            station, carried.KEEP_OUT, peer.name, header.number, digest, [due.id for due in held], answered
        )
        part.rename(path)
    except OSError as error:
        await carried.change(station, carried.FORGET_OUT, peer.name, header.number)
        raise Problem(507, f"{path} cannot be written: {error}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    if len(dues) > MOST:
        told.words.append(f"{len(dues) - MOST} messages or more did not fit; write another file.")
    return told


def _may_go(station: Station, peer: Node, path: Path) -> str:
    """The key to encrypt for; a Problem that says why nothing may be written."""
    if station.directory.expires <= station.now():
        raise Problem(
            503, f"Version {station.directory.version} of the directory has expired; bring a newer one."
        )
    if peer.carry_key is None:
        raise Problem(
            422,
            f"The directory lists no carry_key for {peer.name}: its operator prints it with "
            "“motcua exchange carry key” and has it listed.",
        )
    if path.exists():
        raise Problem(409, f"{path} is there already; name another file.")
    if not path.parent.is_dir():
        raise Problem(422, f"{path.parent} is no folder.")
    return peer.carry_key


class _Loading:
    """The sections of one file as they are written."""

    def __init__(self, station: Station, courier: Courier, writer: Writer, told: Told) -> None:
        self.station, self.courier, self.writer, self.told = station, courier, writer, told
        self._brought: set[str] = set()
        self._behind: set[str] = set()  # orders of messages in which one had to be left out

    async def beside(self, answers: Sequence[tuple[int, bytes]]) -> None:
        """The directory, heads, and what is answered to earlier files."""
        await self._put("directory", self.station.published)
        await self._put("heads", await witnessing.told(self.station))
        for number, content in answers:
            for one in json.loads(content):
                await self._put("answer", json.dumps(one).encode(), file=number)
                self.told.receipts += len(one["messages"])

    async def messages(self, dues: Sequence[Due]) -> list[Due]:
        """Parcels like those that go over the network, each after the files it names; returns which messages went."""
        gone: list[Due] = []
        while dues:
            entries = await self.station.archive.entries(due.leaf for due in dues[:MOST_MESSAGES])
            ready = [
                due
                for due in dues[:MOST_MESSAGES]
                if self._has_files(due, entries[due.leaf].text, entries[due.leaf].body)
            ]
            dues = dues[MOST_MESSAGES:]
            while ready:
                chosen, items, heads = filled(ready, entries, self.courier.passed_over)
                for item in items:
                    for digest in _files(item.text, item.body):
                        await self._bring(digest)
                await self._put("parcel", packed(heads.values(), items))
                gone, ready = [*gone, *chosen], ready[len(chosen) :]
        self.told.messages = len(gone)
        return gone

    def _has_files(self, due: Due, text: bytes, body: bytes | None) -> bool:
        missing = [one for one in _files(text, body) if not self.station.files.renew(one)]
        if missing:
            self.told.words.append(f"Message {due.id} stays here: its file {missing[0]} is missing.")
            self._behind.add(due.channel)
        return not missing and not (due.channel and due.channel in self._behind)

    async def _bring(self, digest: str) -> None:
        if digest not in self._brought:
            self._brought.add(digest)
            self.told.files += 1
            await asyncio.to_thread(_copy, self.writer, digest, self.station.files.path(digest))

    async def _put(self, section: str, content: bytes, **more: int) -> None:
        await asyncio.to_thread(self.writer.write, line(section, len(content), **more) + content)


def _files(text: bytes, body: bytes | None) -> list[str]:
    """The files a message names, its body among them where that travels apart."""
    envelope = read(text)
    return [one.digest for one in envelope.attachments] + (
        [] if body is not None else [envelope.body_digest.hex()]
    )


def _copy(writer: Writer, digest: str, path: Path) -> None:
    with path.open("rb") as file:
        writer.write(line("file", os.fstat(file.fileno()).st_size, digest=digest))
        while piece := file.read(PIECE):
            writer.write(piece)


def _close(writer: Writer, held: Sequence[Due], told: Told) -> bytes:
    writer.write(line("end", 0, messages=len(held), files=told.files))
    digest = writer.close()
    writer.file.flush()
    os.fsync(writer.file.fileno())
    return digest
