"""Large files on their way out: on a path of their own for each peer, so that no message waits behind them."""

import asyncio
import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path
from uuid import UUID

from motcua.exchange.directory import Node
from motcua.exchange.filing import PIECE
from motcua.exchange.log import Busy, Unwritten
from motcua.exchange.pace import pause
from motcua.exchange.problems import detail_of
from motcua.exchange.settling import Due, Postponing
from motcua.exchange.station import Station
from motcua.exchange.transport import Lost, Transport
from motcua.exchange.wire import Response

logger = logging.getLogger(__name__)

BEGINNING = Response(200, {}, b'{"here": 0}')  # as if asked: for a file that is sent in one piece
JUMPS = 5  # times the other node may name another place to go on from, for one file


async def bring(station: Station, transport: Transport, peer: Node, digest: str) -> str:
    """Send a file by its digest, from where an earlier try was cut off; return what went wrong, or nothing. Lost as any request."""
    path = station.files.path(digest)
    if not path.is_file():
        return f"The file {digest} is not here, so {peer.name} cannot have it."
    size, url = path.stat().st_size, f"{peer.exchange_url}/exchange/files/{digest}"
    asked = await transport.get(url) if size > PIECE else BEGINNING
    if asked.status != 200:
        return f"{peer.name} does not take the file {digest}: {detail_of(asked.body, str(asked.status))}"
    at, jumps = _here(asked), 0
    while at is not None:
        answer = await transport.put(f"{url}/{at}/{size}", await asyncio.to_thread(_piece, path, at))
        jumps += answer.status == 409
        if answer.status not in {200, 201, 409} or jumps > JUMPS:
            whole = answer.status != 400 or await asyncio.to_thread(_is_whole, path, digest)
            why = detail_of(answer.body, str(answer.status)) if whole else "it is damaged on the disk here"
            return f"{peer.name} did not take the file {digest}: {why}"
        before, at = at, _here(answer)
        if answer.status == 200 and at is not None and at <= before:
            return f"{peer.name} does not say how much of the file {digest} it has."
    return ""


def _here(answer: Response) -> int | None:
    """How many bytes the other node says it has; None if all, 0 if it does not say."""
    try:
        here = json.loads(answer.body)["here"]
    except (ValueError, KeyError, TypeError):
        return 0
    return here if here is None or (type(here) is int and here >= 0) else 0


def _piece(path: Path, at: int) -> bytes:
    with path.open("rb") as file:
        file.seek(at)
        return file.read(PIECE)


def _is_whole(path: Path, digest: str) -> bool:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest() == digest


class Carrier:
    """Who carries large files to one peer, one message's after another's; a message goes on as soon as all its files are there."""

    def __init__(self, station: Station, transport: Transport, wake: asyncio.Event) -> None:
        self.station, self.transport, self.wake = station, transport, wake
        self._waiting: dict[UUID, tuple[Node, Due, Sequence[str]]] = {}
        self._task: asyncio.Task[None] | None = None

    def carry(self, peer: Node, due: Due, digests: Sequence[str]) -> None:
        """Bring these files for a message, unless they are on their way already."""
        self._waiting.setdefault(due.id, (peer, due, digests))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name=f"files to {peer.name}")

    async def close(self) -> None:
        """Stop; what was not brought to its end is taken up again later."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while self._waiting:
            number, (peer, due, digests) = next(iter(self._waiting.items()))
            try:
                why = await self._brought(peer, digests)
                again = self.station.now()
                if why:
                    again += pause(due.tries + 2, self.station.retry_cap)
                # Unless the log is busy; then the message is tried again when its time has come.
                with suppress(Busy, Unwritten):
                    await self.station.log.write(Postponing([(due, why, again)]))
            except Exception:
                logger.exception("Bringing files to %s met a fault of ours", peer.name)
            finally:
                self._waiting.pop(number, None)
            self.wake.set()

    async def _brought(self, peer: Node, digests: Sequence[str]) -> str:
        try:
            for digest in digests:
                if why := await bring(self.station, self.transport, peer, digest):
                    return why
        except (Lost, OSError) as error:
            return str(error)
        return ""
