"""Whether a node can take more just now: it says so before its disk is full or its log falls behind, not after."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from motcua.exchange.log import Log
from motcua.exchange.problems import Problem

LAGGING = 2.0  # seconds for which one commit of the log is under way
PART, BYTES = 0.1, 2 * 1024**3  # nearly full: less than both is free
LOOKED_AT = 1.0  # seconds for which a look at the disk is good

type Room = tuple[int, int]


def room_on(disk: Path) -> Room:
    """How many bytes the disk holds, and how many are free."""
    found = shutil.disk_usage(disk)
    return found.total, found.free


@dataclass
class Strain:
    """The log and the disk of one node, looked at before something is taken."""

    home: Path
    log: Log
    room: Callable[[Path], Room] = room_on
    _free: int = 0
    _least: int = 0
    _looked: float = float("-inf")

    def check(self, size: int = 0) -> None:
        """A Problem that says when to come back, if `size` bytes more should not be taken now."""
        moment = time.monotonic()
        if self.log.behind(moment) > LAGGING:
            raise Problem(
                503,
                "The log is behind, its disk or database is slow; nothing of this request was kept.",
                {"retry-after": "5"},
            )
        if moment - self._looked > LOOKED_AT:
            total, self._free = self.room(self.home)
            self._least, self._looked = min(int(total * PART), BYTES), moment
        if self._free - size < self._least:
            raise Problem(
                507 if size else 503,
                f"The disk has {self._free >> 20} MiB left; nothing of this request was kept. Its operator must make room.",
                {"retry-after": "60"},
            )
