"""Files on their way in: in pieces that can be taken up again after a cut, each signed like any request, kept under their digest.

A piece is a megabyte at most, so that a file of any size takes no more memory than one message. What is here of a file lies
beside the store under the name of who sends it; how much that is says the disk alone, so that a restart loses nothing. It lies
there, empty, since a message that names the file came: from whoever sent none, nothing is taken, and it is told nothing.
"""

import asyncio
import errno
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from weakref import WeakValueDictionary

from motcua.exchange.parcel import MOST_BYTES
from motcua.exchange.problems import Problem
from motcua.exchange.station import Station
from motcua.lib.blobs import BadDigest, Store

LARGEST = 1024**3
PIECE = MOST_BYTES
UNEXPECTED = "No message of yours waits for this file; send the one that names it, then the file."
FORM = (
    "/exchange/files/DIGEST/START/SIZE, DIGEST being 64 lower-case hexadecimal digits of the file's SHA-256"
)


def expect(files: Store, peer: str, digests: Iterable[str]) -> None:
    """From now on this peer may bring these files, until they are here or so long on their way that they are swept."""
    for digest in digests:
        path = _partial(files, peer, digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def _partial(files: Store, peer: str, digest: str) -> Path:
    return files.partial(sha256(f"{peer} {digest}".encode()).hexdigest())


@dataclass(frozen=True)
class Piece:
    """A piece of a file: where it begins, how long the file is, and the bytes."""

    digest: str
    start: int
    size: int
    content: bytes

    @property
    def end(self) -> int:
        return self.start + len(self.content)


class Filing:
    """The files that come to one node, from each peer its own."""

    def __init__(self, station: Station) -> None:
        self.station, self.files = station, station.files
        # A lock lives for as long as somebody holds it or waits for it.
        self._turns: WeakValueDictionary[Path, asyncio.Lock] = WeakValueDictionary()

    def named(self, rest: str) -> tuple[str, int, int]:
        """Digest, start and size in an address; the size is -1 for a file that comes in one piece. A Problem if it names none."""
        digest, *numbers = rest.split("/")
        try:
            self.files.path(digest)
        except BadDigest as error:
            raise Problem(400, f"{error} names no file; write {FORM}.") from error
        if not numbers:
            return digest, 0, -1
        if len(numbers) != 2 or not all(
            one.isascii() and one.isdecimal() and len(one) < 16 for one in numbers
        ):
            raise Problem(400, f"This names no piece of a file; write {FORM}.")
        return digest, int(numbers[0]), int(numbers[1])

    async def here(self, peer: str, digest: str) -> int | None:
        """How many bytes of the file have come from this peer; None if all of it is here. A Problem if it is not expected."""
        path = _partial(self.files, peer, digest)
        async with self._turn(path):
            if not path.is_file():
                raise Problem(403, UNEXPECTED)
            return None if self._is_here(path, digest) else path.stat().st_size

    async def take(self, peer: str, piece: Piece) -> int | None:
        """Add a piece; how many bytes are here now, None if the file is complete and kept. A Problem if it does not fit.

        An empty piece at the end of a file, all of which came before a kill, has it looked at and kept.
        """
        if piece.size > LARGEST or piece.end > piece.size or (not piece.content and piece.start < piece.size):
            raise Problem(
                413, f"A file holds at most {LARGEST} bytes, and no piece is empty or goes beyond its end."
            )
        path = _partial(self.files, peer, piece.digest)
        async with self._turn(path):
            if not path.is_file():
                self.station.refuse(peer, "file", 403, UNEXPECTED, digest=piece.digest)
                raise Problem(403, UNEXPECTED)
            if self._is_here(path, piece.digest):
                return None
            self.station.strain.check(max(piece.size - piece.start, 1))
            try:
                return await asyncio.to_thread(self._add, path, piece)
            except OSError as error:
                raise _given_up(path, error) from error

    def _is_here(self, path: Path, digest: str) -> bool:
        """Whether the whole file is here, also by way of another node."""
        if not self.files.renew(digest):
            return False
        path.unlink(missing_ok=True)
        return True

    def _turn(self, path: Path) -> asyncio.Lock:
        return self._turns.setdefault(path, asyncio.Lock())

    def _add(self, path: Path, piece: Piece) -> int | None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            here = file.tell()
            if piece.start != here:
                raise Problem(
                    409, f"{here} bytes of this file are here; go on from there.", extra={"here": here}
                )
            file.write(piece.content)
        if piece.end < piece.size:
            return piece.end
        # Read once more from the disk: what came before a restart counts only as it lies there now.
        with path.open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
        if found != piece.digest:
            path.unlink()
            raise Problem(
                400,
                f"The pieces make the file {found}, not {piece.digest}; send it again from the beginning.",
            )
        self.files.keep(path, piece.digest)
        return None


def _given_up(path: Path, error: OSError) -> Problem:
    """The disk did not take it: what came is deleted, so that others find room."""
    path.unlink(missing_ok=True)
    later = {"retry-after": "60"}
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        words = "The disk is full; what came of this file was deleted. Its operator must make room."
        return Problem(507, words, later)
    return Problem(503, f"The file cannot be written here ({error.strerror}).", later)
