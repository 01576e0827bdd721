"""Work done as one node, in a process of its own that has that node's settings."""

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command

from motcua.config.loading import be
from motcua.config.processes import die_with_parent


class CannotStartError(Exception):
    """The country cannot be started; the message says why and what to do."""


def seed_common() -> None:
    """Run in a child that has loaded Django: what all nodes have alike."""
    from motcua.demo.seeding import seed_common as fill  # noqa: PLC0415 — models need the child's settings

    fill()


def seed(name: str) -> None:
    """Run in a child that has loaded Django: what one node has for itself."""
    from motcua.demo.seeding import seed as fill  # noqa: PLC0415 — as above

    fill(name)


def past(dossiers: int, say: Callable[[int], None]) -> None:
    """Run in a child: what the province did in the last three months."""
    from motcua.demo.history.making import make  # noqa: PLC0415 — as above

    make(dossiers=dossiers, tell=say)


def polls() -> None:
    """Run in a child: whom the nation asked in these months before it put services online."""
    from motcua.demo.history.polls import ask  # noqa: PLC0415 — as above

    ask()


def upgrade() -> None:
    """Run in a child: bring an older database to today's tables and catalogue."""
    call_command("migrate", verbosity=0)
    call_command("procedures", "load", verbosity=0)


def in_child(home: Path, work: Callable[[], object]) -> None:
    """Do some work as a node, in a process of its own; raise with its words if it fails."""
    wait_for_child(begin_in_child(home, work), home)


def in_child_heard(
    home: Path, work: Callable[[Callable[[int], None]], object], hear: Callable[[int], None]
) -> None:
    """The same for long work: it is given a function to say how far it is, in percent, and `hear` is called with it."""
    listening, speaking = os.pipe()

    def say(percent: int) -> None:
        os.write(speaking, bytes([percent]))

    child = begin_in_child(home, lambda: work(say))
    os.close(speaking)
    with os.fdopen(listening, "rb", buffering=0) as heard:
        while said := heard.read(1):
            hear(said[0])
    wait_for_child(child, home)


def answer_of_child(home: Path, work: Callable[[], object]) -> Any:
    """Find something out as a node; the answer comes back as JSON."""
    listening, speaking = os.pipe()

    def say() -> None:
        with os.fdopen(speaking, "w") as saying:
            json.dump(work(), saying)

    child = begin_in_child(home, say)
    os.close(speaking)
    with os.fdopen(listening) as heard:
        said = heard.read()
    wait_for_child(child, home)
    return json.loads(said)


def begin_in_child(home: Path, work: Callable[[], object]) -> int:
    """Fork; the process id of whoever does the work."""
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        die_with_parent(parent)
        output = os.open(home / "setup.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        be(home)
        work()
    except BaseException:  # noqa: BLE001 — written down for the parent to show
        try:
            traceback.print_exc()
        finally:  # as of any process: nothing comes back from here
            os._exit(1)
    os._exit(0)


def wait_for_child(pid: int, home: Path) -> None:
    """Until it is done; raise with its words if it failed."""
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        raise CannotStartError(f"Setting up {home.name} failed:\n{(home / 'setup.log').read_text()}")
