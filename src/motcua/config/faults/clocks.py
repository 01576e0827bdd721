"""Clocks that differ: each node's processes read theirs from a file (libfaketime), and a strike changes the file."""

import os
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import SupportsIndex

from motcua.config.node import home

PRELOAD, FILE = "LD_PRELOAD", "FAKETIME_TIMESTAMP_FILE"
SURROUNDINGS = {
    "FAKETIME_CACHE_DURATION": "1",  # seconds until a process looks into its file again
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
}
WHY_NOT = "the library libfaketime is not there"


def begin_anew() -> None:
    """Start this program once more under libfaketime, where the machine has it: a clock is only another's if the library was
    there before all else.
    """
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if found and not is_here():
        surroundings = os.environ | SURROUNDINGS | {PRELOAD: str(found[0])}
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], surroundings)
    if is_here():
        # What we start besides, PostgreSQL above all, goes by the machine's clock.
        os.environ.pop(PRELOAD, None)
        time.sleep = rest  # the library does not understand how Python has slept since 3.11


def rest(seconds: float | SupportsIndex) -> None:
    """Sleep, as Python used to."""
    select.select([], [], [], float(seconds))


def is_here() -> bool:
    """Whether this program was started under it."""
    return SURROUNDINGS.items() <= os.environ.items()


class Clocks:
    """The files, one for each node, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def own(self, main: Callable[[], None]) -> Callable[[], None]:
        """What a process of a node does, by the clock of its node."""

        def run() -> None:
            os.environ[FILE] = str(self._file(home().name))
            main()

        return run

    def put(self, node: str, seconds: int) -> None:
        """So far ahead of the machine's clock, or behind it."""
        file = self._file(node)
        fresh = file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}")
        fresh.replace(file)

    def _file(self, node: str) -> Path:
        return self.folder / f"{node}.clock"
