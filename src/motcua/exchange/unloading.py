"""Taking in a file that was carried: every byte is proven first, then its parts go where they go from a network."""

import asyncio
import json
import logging
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from motcua.exchange import carried, intake, sql
from motcua.exchange.canonical import RUBBISH, Malformed
from motcua.exchange.carried import Section, Told
from motcua.exchange.directory import Node
from motcua.exchange.dispatch import Dispatch
from motcua.exchange.envelope import read
from motcua.exchange.filing import LARGEST
from motcua.exchange.log import Busy, Unwritten
from motcua.exchange.medium import KEY, Outside, Unsound, outside
from motcua.exchange.parcel import unpacked
from motcua.exchange.problems import Problem
from motcua.exchange.root import Untrusted
from motcua.exchange.settling import Due
from motcua.exchange.station import Station
from motcua.exchange.transport import Lost
from motcua.exchange.wire import Response
from motcua.exchange.witnessing import Witness, Witnessing
from motcua.lib.keys import FileKey

logger = logging.getLogger(__name__)

HELD = "carried"  # in the home: files that came before the one they follow
WHOLE = 16 * 1024 * 1024  # bytes of any section but a file
MADE_ANEW = "have its node write the next one with --everything"
AGAIN = 0.1  # seconds until a busy log is asked again


async def unload(station: Station, dispatch: Dispatch, path: Path) -> list[Told]:
    """Take in a file, and those held that follow it. A Problem with the place and the reason if it does not hold."""
    told = [await _unload(station, dispatch, path)]
    while told[-1].what == "taken":
        _forget_held(station, told[-1])
        held = _held(station, told[-1].node, told[-1].number + 1)
        if not held.is_file():
            break
        try:
            told.append(await _unload(station, dispatch, held))
        except Problem as problem:  # what was taken in before it is told all the same
            told[-1].words.append(problem.detail)
            break
    return told


async def _unload(station: Station, dispatch: Dispatch, path: Path) -> Told:
    peer = ""
    try:
        found = await asyncio.to_thread(outside, path)
        node = _sender(station, found)
        peer = node.name
        return await _at_its_place(station, dispatch, node, found)
    except (Unsound, *RUBBISH) as error:
        station.refuse(peer, "carried", 422, str(error)[:500])
        raise Problem(422, f"{path.name} is refused, {error}") from error
    except OSError as error:
        raise Problem(422, f"{path} cannot be read: {error}") from error


def _sender(station: Station, found: Outside) -> Node:
    """Who wrote the file, for us; Unsound if not."""
    header = found.header
    if header.recipient != station.name:
        raise Unsound(f"header: the file is for {header.recipient}, not for {station.name}.")
    if header.instance != station.directory.instance:
        raise Unsound(f"header: the file belongs to {header.instance}, not to {station.directory.instance}.")
    node = station.directory.by_name.get(header.sender)
    if node is None:
        raise Unsound(f"header: {header.sender} stands in no directory known here.")
    found.check(node.keys_at(station.now()))
    return node


async def _at_its_place(station: Station, dispatch: Dispatch, node: Node, found: Outside) -> Told:
    """Take the file in if its turn has come; hold it if not; nothing if it came before."""
    header = found.header
    digest = await asyncio.to_thread(found.digest)
    known = await carried.rows(station, carried.KNOWN, node.name, header.number)
    if known and bytes(known[0][0]) == digest:
        return Told("before", node.name, header.number)
    if known:
        raise Unsound(
            f"header: another file with the number {header.number} was taken in before; {MADE_ANEW}."
        )
    last, previous = await carried.last(station, node.name, "in")
    if header.number < last:
        return Told("late", node.name, header.number)
    follows = header.number == last + 1
    if follows and last and not header.everything and header.previous != previous.hex():
        raise Unsound(f"header: it does not follow the file {last} that was taken in here; {MADE_ANEW}.")
    await asyncio.to_thread(_prove, station, node, found)
    if not follows and not header.everything:
        return await asyncio.to_thread(_hold, station, node, found, last)
    unloading = Unloading(station, dispatch, node, Told("taken", node.name, header.number))
    await unloading.take(found)
    await carried.change(station, carried.CAME, node.name, header.seen, node.name)
    answers = json.dumps(unloading.answers).encode() if unloading.answers else None
    await carried.change(station, carried.KEEP_IN, node.name, header.number, digest, answers, answers is None)
    return unloading.told


def _key(station: Station) -> FileKey:
    path = station.home / "keys" / KEY
    if not path.is_file():
        raise Unsound(f"{path} is missing: nothing that was encrypted for this node can be opened.")
    return FileKey.load(path)


def _prove(station: Station, node: Node, found: Outside) -> None:
    """Open every piece, check every file against its digest and the signature over all, before anything is taken."""
    pem = node.public_keys[found.header.key]
    for section in carried.sections(found.content(_key(station), pem)):
        if section.kind == "file":
            hashing = sha256()
            for piece in section.pieces:
                hashing.update(piece)
            if hashing.hexdigest() != section.said.get("digest"):
                raise Unsound(f"section file: it is not the file {section.said.get('digest')}.")
        else:
            section.whole(WHOLE)


def _held(station: Station, node: str, number: int) -> Path:
    return station.home / HELD / f"{node}-{number}.carry"


def _forget_held(station: Station, taken: Told) -> None:
    """What was held up to the file that was taken in is of no use any more."""
    for one in (station.home / HELD).glob(f"{taken.node}-*.carry"):
        number = one.stem.removeprefix(f"{taken.node}-")
        if number.isdecimal() and int(number) <= taken.number:
            one.unlink()


def _hold(station: Station, node: Node, found: Outside, last: int) -> Told:
    """Keep the file until the one it follows has come."""
    kept = _held(station, node.name, found.header.number)
    kept.parent.mkdir(parents=True, exist_ok=True)
    if kept != found.path:
        fresh = kept.with_suffix(".part")
        shutil.copyfile(found.path, fresh)
        fresh.rename(kept)
    missing = ", ".join(str(number) for number in range(last + 1, min(found.header.number, last + 20)))
    return Told("held", node.name, found.header.number, words=[missing])


class Unloading:
    """One file on its way in, section by section."""

    def __init__(self, station: Station, dispatch: Dispatch, node: Node, told: Told) -> None:
        self.station, self.dispatch, self.node, self.told = station, dispatch, node, told
        self.answers: list[dict[str, Any]] = []
        self._loop = asyncio.get_running_loop()
        self._takers: dict[str, Callable[[bytes], Any]] = {
            "directory": self._directory,
            "heads": self._heads,
            "answer": self._answer,
            "parcel": self._parcel,
        }

    async def take(self, found: Outside) -> None:
        """All sections; a thread reads and opens them, the loop of the process takes them."""
        await asyncio.to_thread(self._read, found)

    def _read(self, found: Outside) -> None:
        for section in carried.sections(found.content(_key(self.station))):
            if section.kind == "file":
                self._file(section)
            elif taker := self._takers.get(section.kind):
                asyncio.run_coroutine_threadsafe(taker(section.whole(WHOLE)), self._loop).result()

    def _file(self, section: Section) -> None:
        self.station.files.put(section.pieces, limit=LARGEST)
        self.told.files += 1

    async def _directory(self, published: bytes) -> None:
        """A newer edition of the directory reaches a separated network in this way too."""
        if published == self.station.published:
            return
        try:
            newer = self.station.adopt(published)
        except Untrusted as error:
            self.told.words.append(f"The directory in it is not used: {error}")
            return
        if newer:
            values = [self.station.directory.version, self.station.published]
            await carried.change(self.station, sql.DIRECTORY, *values)
            self.dispatch.refresh()
            self.told.words.append(f"Version {self.station.directory.version} of the directory came with it.")

    async def _heads(self, content: bytes) -> None:
        """What it shows as a witness."""
        witness = Witness(self.station, self.dispatch.transport)
        try:
            own = await witness.look(self.node, json.loads(content), carried=True)
        except RUBBISH as error:
            self.station.refuse(self.node.name, "heads", 422, str(error)[:500])
            self.told.words.append(f"The heads in it do not hold: {error}")
            return
        if own:
            await self.station.log.write(Witnessing(self.station.name, [own], None))
        if witness.is_behind.is_set():
            self.told.words.append(
                "It shows a later head of this node than this node has: start the node anew."
            )

    async def _answer(self, content: bytes) -> None:
        """Receipts for messages of ours: the same text that would have been the answer to a request."""
        said = json.loads(content)
        wanted = carried.identifiers(said["messages"])
        values = [wanted, list(self.node.agencies)]
        found = {row[0]: Due(*row) for row in await carried.rows(self.station, carried.DUES, *values)}
        if len(found) < len(set(wanted)):
            self.told.words.append("Receipts for messages this node did not send to it are left out.")
            return
        dues = [found[one] for one in wanted]
        entries = await self.station.archive.entries(due.leaf for due in dues)
        answer = Response(int(said["status"]), {}, str(said["body"]).encode())
        try:
            await self.dispatch.courier(self.node.name).take_answer(self.node, dues, entries, answer)
            self.told.receipts += len(dues)
        except Lost as error:
            self.told.words.append(str(error))

    async def _parcel(self, content: bytes) -> None:
        """Messages: taken in like any others, and what is answered kept for the way back."""
        self.station.strain.check()
        while True:
            try:
                status, body = await intake.take(self.station, self.node, content)
                break
            except (Busy, Unwritten):
                await asyncio.sleep(AGAIN)
        try:
            names = [str(read(item.text).id) for item in unpacked(content).items]
        except Malformed as error:
            self.told.words.append(f"Messages of one parcel cannot be answered: {error}")
            return
        self.told.messages += len(names)
        self.answers.append({"messages": names, "status": status, "body": body.decode()})
