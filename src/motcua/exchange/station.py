"""What the exchange process of one node has at hand: its name, key, directory, log, files."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from motcua.exchange import directory as directories
from motcua.exchange.archive import Archive, Pool
from motcua.exchange.canonical import canonical, written
from motcua.exchange.directory import Directory, Node
from motcua.exchange.log import Busy, Log
from motcua.exchange.once import Calls
from motcua.exchange.receiving import Noting
from motcua.exchange.refusals import Refusals
from motcua.exchange.root import Untrusted
from motcua.exchange.strain import Strain
from motcua.lib.blobs import Store
from motcua.lib.keys import SigningKey

logger = logging.getLogger(__name__)


class Settings(Protocol):
    """What a node's settings must tell the exchange."""

    @property
    def name(self) -> str: ...
    @property
    def database(self) -> str: ...
    @property
    def secret(self) -> str: ...
    @property
    def listen(self) -> str: ...
    @property
    def exchange_port(self) -> int: ...
    @property
    def exchange_tls_port(self) -> int: ...
    @property
    def exchange_tls_listen(self) -> str: ...
    @property
    def web_port(self) -> int: ...
    @property
    def demo(self) -> bool: ...


@dataclass
class Station:
    """One node, as its exchange process sees it."""

    name: str
    home: Path
    secret: str
    web_port: int
    key: SigningKey
    log: Log
    pool: Pool
    archive: Archive
    files: Store
    directory: Directory
    published: bytes
    root_pem: str
    retry_cap: float = 300.0
    is_recovering: bool = False  # nothing is signed until it is known which head to continue
    calls: Calls = field(default_factory=Calls)
    heeding: list[Callable[[Directory], None]] = field(
        default_factory=list
    )  # who is told of a newer directory
    unheeded: list[Callable[[Directory], None]] = field(default_factory=list)  # who could not heed it yet
    refusals: Refusals = field(default_factory=Refusals)
    carrying: asyncio.Lock = field(default_factory=asyncio.Lock)  # one file at a time, so that numbers follow
    strain: Strain = field(init=False)

    def __post_init__(self) -> None:
        self.strain = Strain(self.home, self.log)

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)

    @property
    def me(self) -> Node:
        """Our own entry in the directory."""
        return self.directory.by_name[self.name]

    @property
    def agencies(self) -> frozenset[str]:
        return frozenset(self.me.agencies)

    def pem_of(self, key_id: str) -> str | None:
        """The PEM of a key that may sign now."""
        return self.directory.pem_at(key_id, self.now())

    def adopt(self, published: bytes) -> bool:
        """Work with this directory from now on, if it is newer; Untrusted says why not."""
        fresh = directories.replace(self.directory, published, self.root_pem, self.now())
        if self.name not in fresh.by_name:
            raise Untrusted(
                f"The node {self.name} does not stand in version {fresh.version} of the directory."
            )
        newer = fresh.version > self.directory.version
        self.directory, self.published = fresh, published
        if newer:
            self.unheeded = list(self.heeding)
            self.tell()
        return newer

    def tell(self) -> None:
        """Have those heed the directory who do not yet; who cannot is told again, for a file may be half-written just now."""
        waiting, self.unheeded = self.unheeded, []
        for heed in waiting:
            try:
                heed(self.directory)
            except (OSError, ValueError) as error:
                logger.error("The directory is not heeded yet: %s", error)  # noqa: TRY400 — its words suffice
                self.unheeded.append(heed)

    def refuse(self, peer: str, what: str, status: int, detail: str, **more: str) -> None:
        """Log that something was refused at the door: the same thing once, and of each peer only so much."""
        if self.is_recovering:
            return
        if not self.refusals.are_new(peer, more.get("digest") or f"{what} {status} {detail}"):
            return
        content: Mapping[str, object] = {
            "type": "refusal",
            "v": 1,
            "node": self.name,
            "peer": peer,
            "what": what,
            "status": status,
            "detail": detail,
            "at": written(self.now()),
            **more,
        }
        try:
            self.log.hand_in(Noting("refusal", [canonical(content)])).add_done_callback(_seen)
        except Busy:
            logger.warning("A refusal was not logged: the log is busy.")


def _seen(promise: object) -> None:
    """A refusal that could not be written must not stop anything else."""
    error = getattr(promise, "exception", lambda: None)()
    if error is not None:
        logger.warning("A refusal was not logged: %s", error)
