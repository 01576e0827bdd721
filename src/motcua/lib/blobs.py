"""Files kept under the digest of their content: written once, durable before named, never changed."""

import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

DIGEST = re.compile(r"[0-9a-f]{64}")
# Whether a file is on the disk before its name is told.
_waits = ContextVar("waits for the disk", default=True)


@contextmanager
def together() -> Iterator[None]:
    """Files put in this block are on the disk at its end, all at once. For what is made anew if the block breaks off."""
    token = _waits.set(False)
    try:
        yield
    finally:
        _waits.reset(token)
        os.sync()


class TooLarge(Exception):
    """More bytes came than the limit allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"More than {limit} bytes")
        self.limit = limit


class BadDigest(ValueError):
    """Not 64 lowercase hexadecimal digits, so it cannot name a file of the store."""


class Damaged(Exception):
    """The bytes on the disk are no longer those the digest names."""


@dataclass(frozen=True)
class Blob:
    """What was stored: `digest` is the lowercase hexadecimal SHA-256, `size` counts bytes."""

    digest: str
    size: int


class Store:
    """A directory of blobs; any number of processes may put and read at the same time."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def put(self, chunks: Iterable[bytes], *, limit: int | None = None) -> Blob:
        """Store the bytes of `chunks`, streamed; return when they would survive a power cut.

        Raises TooLarge as soon as more than `limit` bytes came; then, as after any error, nothing is kept.
        """
        incoming = self.root / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=incoming)
        try:
            with os.fdopen(handle, "wb") as file:
                blob = _copy(chunks, file, limit)
                file.flush()
                _sync(file.fileno())
            self._name(Path(name), blob.digest)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return blob

    def partial(self, name: str) -> Path:
        """Where a file lies that comes in pieces, until it is complete or as old as whatever broke off."""
        return self.root / "incoming" / name

    def keep(self, file: Path, digest: str) -> None:
        """Take a complete file that lies in `incoming`; the caller has made sure that it is what the digest names."""
        with file.open("rb") as opened:
            _sync(opened.fileno())
        self._name(file, digest)

    def path(self, digest: str) -> Path:
        """Where a blob lies or would lie. Raises BadDigest."""
        if not DIGEST.fullmatch(digest):
            raise BadDigest(repr(digest)[:100])
        return self.root / digest[:2] / digest[2:4] / digest

    def exists(self, digest: str) -> bool:
        return self.path(digest).is_file()

    def size(self, digest: str) -> int:
        """How many bytes the blob has; 0 if it is not here."""
        try:
            return self.path(digest).stat().st_size
        except FileNotFoundError:
            return 0

    def renew(self, digest: str) -> bool:
        """Whether the blob is here; if so its age begins anew, so that whoever relies on it has time to name it."""
        try:
            with self._locked(fcntl.LOCK_SH):
                os.utime(self.path(digest))
        except FileNotFoundError:
            return False
        return True

    def older(self, than: datetime) -> Iterator[Blob]:
        """The blobs that were neither put nor renewed since then, one directory after the other."""
        for place in sorted(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")):
            for file in sorted(place.iterdir()):
                found = file.stat()
                if DIGEST.fullmatch(file.name) and found.st_mtime < than.timestamp():
                    yield Blob(file.name, found.st_size)

    def discard(self, digest: str, *, older: datetime) -> bool:
        """Delete a blob unless it was put or renewed since then; return whether it is gone now and was here before.

        Nobody puts or renews it in between: either they come first and it stays, or they find it gone and put it again.
        """
        path = self.path(digest)
        try:
            with self._locked(fcntl.LOCK_EX):
                if path.stat().st_mtime >= older.timestamp():
                    return False
                path.unlink()
        except FileNotFoundError:
            return False
        return True

    def withhold(self, digest: str) -> None:
        """From now on these bytes may not leave by network, whoever names them and whenever they are put again."""
        mark = self._mark(digest)
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
        _sync_directory(mark.parent)

    def release(self, digest: str) -> None:
        """They may again."""
        self._mark(digest).unlink(missing_ok=True)

    def is_withheld(self, digest: str) -> bool:
        return self._mark(digest).exists()

    def _mark(self, digest: str) -> Path:
        return self.path(digest).with_suffix(".withheld")

    def clear_incoming(self, *, older: datetime) -> None:
        """Delete what was on its way in when a process was killed."""
        for file in (self.root / "incoming").glob("*"):
            with suppress(FileNotFoundError):  # it came to its end just now
                if file.stat().st_mtime < older.timestamp():
                    file.unlink()

    def open(self, digest: str) -> BinaryIO:
        """Open a blob for streaming. Raises BadDigest, FileNotFoundError."""
        return self.path(digest).open("rb")

    def read(self, digest: str) -> bytes:
        """Read a whole blob and compare it with its digest. Raises BadDigest, FileNotFoundError, Damaged."""
        content = self.path(digest).read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise Damaged(digest)
        return content

    def _name(self, file: Path, digest: str) -> None:
        """Give a complete file its place. A name on disk is only as durable as every directory above it."""
        place = self.path(digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        with self._locked(fcntl.LOCK_SH):
            file.replace(place)
        for directory in (place.parent, place.parent.parent, self.root):
            _sync_directory(directory)

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        """Many may put and renew together; whoever deletes is alone, for the moment it takes. The lock ends with its process."""
        handle = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(handle, how)
            yield
        finally:
            os.close(handle)


def _copy(chunks: Iterable[bytes], file: BinaryIO, limit: int | None) -> Blob:
    hashing, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if limit is not None and size > limit:
            raise TooLarge(limit)
        hashing.update(chunk)
        file.write(chunk)
    return Blob(hashing.hexdigest(), size)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _sync(handle)
    finally:
        os.close(handle)


def _sync(handle: int) -> None:
    if _waits.get():
        os.fsync(handle)
