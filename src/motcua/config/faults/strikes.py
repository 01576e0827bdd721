"""What strikes while messages go on: a class for each kind, with how often it comes and how long it lasts."""

import os
import random
import signal
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import ClassVar

import psycopg

from motcua.config.country import Country
from motcua.config.faults.clocks import WHY_NOT as NO_CLOCKS
from motcua.config.faults.clocks import Clocks, is_here
from motcua.config.faults.disks import WHY_NOT as NO_DISKS
from motcua.config.faults.disks import Disk
from motcua.config.faults.lines import WHY_NOT as NO_NETWORKS
from motcua.config.faults.lines import Lines
from motcua.config.faults.proxy import MANNERS
from motcua.config.faults.reckoning import one

SENDER, RECIPIENT = "vpcp", "laocai"
BOTH = (SENDER, RECIPIENT)
VICTIMS = ("exchange", "exchange", "worker", "worker", "web")


@dataclass
class Scene:
    """Where it happens, and what has been done."""

    country: Country
    chance: random.Random
    done: Counter[str]

    @property
    def postmaster(self) -> int:
        """The database's first process now; 0 while it is being started again."""
        try:
            pid = int((self.country.home / "postgres" / "postmaster.pid").read_text().split()[0])
            return pid if Path(f"/proc/{pid}/comm").read_text() == "postgres\n" else 0
        except (OSError, IndexError, ValueError):
            return 0

    def uri(self, node: str) -> str:
        """The address of a node's database."""
        assert self.country.postgres  # noqa: S101 — a country that runs has one
        return self.country.postgres.uri(node)

    def count(self, node: str, question: str) -> int | None:
        """A number from it; None while it is away."""
        try:
            with psycopg.connect(self.uri(node), connect_timeout=5) as connection:
                return one(connection, question)
        except psycopg.Error:
            return None

    def kill(self, pid: int, words: str) -> None:
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.done[words] += 1


class Strike(ABC):
    """One kind. Of those that may come the one with the greater `share` comes more often; after it has come it does not come
    again for `rest` pauses of the storm. What it does to somebody ends when `lasts` seconds are over.
    """

    words: str
    share: ClassVar[float]
    rest: ClassVar[float] = 0.0
    lasts: ClassVar[tuple[float, float]] = (1.0, 5.0)

    def __init__(self, scene: Scene, why_not: str = "") -> None:
        self.scene, self.why_not = scene, why_not
        self.ends: dict[str, float] = {}
        self.rests_until = -inf
        self.times = 0

    def come(self, now: float, pause: float) -> None:
        """Strike; `pause` is the longest between two strikes of the storm."""
        self.times += 1
        self.rests_until = now + self.rest * pause
        for victim in self.begin():
            self.ends[victim] = now + self.scene.chance.uniform(*self.lasts)

    def mend(self, now: float = inf) -> None:
        """End what has lasted long enough; without a moment, all of it."""
        for victim in [victim for victim, end in self.ends.items() if now >= end]:
            self.end(victim)
            del self.ends[victim]

    @abstractmethod
    def begin(self) -> Sequence[str]:
        """Do it; whom it was done to, if it lasts."""

    def end(self, victim: str) -> None:  # noqa: B027 — what is killed is started again by whoever keeps it up
        """Undo it."""


class Kill(Strike):
    """`kill -9` of a process of either node."""

    words, share = "a process killed", 5.0

    def begin(self) -> Sequence[str]:
        node, name = self.scene.chance.choice(BOTH), self.scene.chance.choice(VICTIMS)
        processes = self.scene.country.supervisor.processes
        victim = next(one for one in processes if (one.home.name, one.name) == (node, name))
        self.scene.kill(victim.pid, f"{name} killed")
        return ()


class Fall(Strike):
    """The same of the database, which needs a while to recover."""

    words, share, rest = "PostgreSQL killed", 4.0, 8.0

    def begin(self) -> Sequence[str]:
        self.scene.kill(self.scene.postmaster, self.words)
        return ()


class Disturb(Strike):
    """The line to a node fares badly for a while."""

    words, share = "a line disturbed", 4.0

    def __init__(self, scene: Scene, lines: Lines) -> None:
        super().__init__(scene)
        self.lines = lines

    def begin(self) -> Sequence[str]:
        node = self.scene.chance.choice(BOTH)
        self.lines.say(node, self.scene.chance.choice([manner for manner in MANNERS if manner != "open"]))
        return (node,)

    def end(self, victim: str) -> None:
        self.lines.say(victim, "open")


class Cut(Strike):
    """The network that leads to a node is down: what is under way is neither answered nor refused."""

    words, share, rest = "the network to a node taken down", 2.0, 4.0

    def __init__(self, scene: Scene, lines: Lines) -> None:
        super().__init__(scene, "" if len(lines.apart) == len(BOTH) else NO_NETWORKS)
        self.apart = lines.apart

    def begin(self) -> Sequence[str]:
        node = self.scene.chance.choice(BOTH)
        self.apart[node].turn("down")
        self.scene.done[self.words] += 1
        return (node,)

    def end(self, victim: str) -> None:
        self.apart[victim].turn("up")


class Step(Strike):
    """The clock of one node jumps, and after a while jumps back. The exchange allows a minute: what a node signs whose clock is
    further ahead is not taken, and what it logged waits for its moment; nor is what it signs five minutes behind.
    """

    words, share, rest = "the clock of a node stepped", 2.0, 10.0
    by: ClassVar[tuple[tuple[int, int], ...]] = ((62, 75), (-400, -65))

    def __init__(self, scene: Scene, clocks: Clocks) -> None:
        super().__init__(scene, "" if is_here() else NO_CLOCKS)
        self.clocks = clocks

    def begin(self) -> Sequence[str]:
        node, seconds = (
            self.scene.chance.choice(BOTH),
            self.scene.chance.randint(*self.scene.chance.choice(self.by)),
        )
        self.clocks.put(node, seconds)
        self.scene.done[f"{self.words} {'ahead' if seconds > 0 else 'behind'}"] += 1
        return (node,)

    def end(self, victim: str) -> None:
        self.clocks.put(victim, 0)


class Fill(Strike):
    """A disk is filled to the last byte."""

    share, rest = 2.0, 10.0

    def __init__(self, scene: Scene, disk: Disk, words: str) -> None:
        super().__init__(scene, "" if disk.is_mounted else NO_DISKS)
        self.disk, self.words = disk, words

    def begin(self) -> Sequence[str]:
        self.disk.fill()
        self.scene.done[self.words] += 1
        return (self.words,)

    def end(self, victim: str) -> None:
        self.disk.free()


def kinds(scene: Scene, lines: Lines, clocks: Clocks, *, home: Disk, database: Disk) -> list[Strike]:
    """One of each, also of those this machine does not allow."""
    return [
        Kill(scene),
        Fall(scene),
        Disturb(scene, lines),
        Cut(scene, lines),
        Step(scene, clocks),
        Fill(scene, home, "the disk of a node's home filled"),
        Fill(scene, database, "the disk of PostgreSQL filled"),
    ]
