"""The processes of a node: web, exchange and worker, forked from one supervisor."""

import ctypes
import faulthandler
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from motcua.config.node import HOME

PARENT_DIED = 1  # prctl(PR_SET_PDEATHSIG): Linux ends the child when its parent is gone


@dataclass
class Process:
    """One process of a node, and how it is started again."""

    name: str
    home: Path
    main: Callable[[], None]
    pid: int = 0
    started: float = 0.0
    falls: int = 0


@dataclass
class Supervisor:
    """Keeps processes running: starts them, starts again those that fall, stops all."""

    processes: list[Process] = field(default_factory=list)
    is_stopping: bool = False

    def add(self, name: str, home: Path, main: Callable[[], None]) -> Process:
        process = Process(name, home, main)
        self.processes.append(process)
        return process

    def start(self, process: Process) -> None:
        """Fork the process; in the child, become it."""
        sys.stdout.flush()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            become(process, parent)
        process.pid, process.started = pid, time.monotonic()
        note(process)

    def start_all(self) -> None:
        for process in self.processes:
            if not process.pid:
                self.start(process)

    def watch(self) -> None:
        """Until told to stop: start again what falls, after a growing pause for what falls at once."""
        while not self.is_stopping:
            self.reap()
            time.sleep(0.2)
        self.stop_all()

    def reap(self) -> None:
        """Start again what has ended."""
        if os.getpid() == 1:
            collect_orphans()
        for process in self.processes:
            if process.pid and ended(process.pid) and not self.is_stopping:
                lived = time.monotonic() - process.started
                process.falls = 0 if lived > 30 else process.falls + 1
                process.pid, process.started = 0, time.monotonic() + min(10, process.falls * 0.5)
            elif process.pid == 0 and process.started and time.monotonic() >= process.started:
                self.start(process)

    def stop(self, *_: object) -> None:
        """Signal handler: end the watch."""
        self.is_stopping = True

    def stop_those_of(self, home: Path) -> list[Process]:
        """The processes of one node, stopped until they are started by whoever is given them."""
        ours = [process for process in self.processes if process.home == home]
        end([process.pid for process in ours if process.pid])
        for process in ours:
            process.pid, process.started = 0, 0.0
        return ours

    def stop_all(self) -> None:
        """Ask all to end, wait, and end those that do not."""
        end([process.pid for process in self.processes if process.pid])


def end(pids: list[int], *, patience: float = 8.0) -> None:
    """Ask processes of ours to end, wait, and end those that do not by force."""
    for pid in pids:
        send(pid, signal.SIGTERM)
    waiting, begun = set(pids), time.monotonic()
    asked = begun
    while waiting and (now := time.monotonic()) < begun + patience:
        if now > asked + 1:
            # Whatever a process was just starting when it was asked has not heard of it: the whole group is asked again.
            asked = now
            for pid in waiting:
                send(-pid, signal.SIGTERM)
        waiting = {pid for pid in waiting if not ended(pid)}
        time.sleep(0.05)
    for pid in waiting:
        send(pid, signal.SIGKILL)
    for pid in waiting:
        os.waitpid(pid, 0)


def ended(pid: int) -> bool:
    """Whether a child has ended; collects it if so."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def collect_orphans() -> None:
    """The first process of a container inherits whoever lost their parent, and must take note of their end."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


def send(pid: int, number: int) -> None:
    """Signal a process that may already be gone."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def note(process: Process) -> None:
    """Write the process's id where tests and operators find it; on a full disk nobody does, and the process runs all the same."""
    run = process.home / "run"
    fresh = run / f"{process.name}.new"
    with suppress(OSError):
        run.mkdir(exist_ok=True)
        fresh.write_text(str(process.pid))
        fresh.replace(run / f"{process.name}.pid")  # whoever reads it never finds it empty


def become(process: Process, parent: int) -> None:
    """In the child: its own group, its own log, its node's settings; never return."""
    try:
        die_with_parent(parent)
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        log = process.home / "log"
        log.mkdir(exist_ok=True)
        output = os.open(log / f"{process.name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        faulthandler.enable()
        os.environ[HOME] = str(process.home)
        process.main()
    except BaseException:  # noqa: BLE001 — the last place where a fault of this process can be written down
        try:
            traceback.print_exc()
        finally:  # even if the disk has no room for it: whoever comes back from here does what is the supervisor's
            os._exit(1)
    os._exit(0)


def die_with_parent(parent: int, number: int = signal.SIGKILL) -> None:
    """Even a killed supervisor leaves no process behind: at its end this one is killed, or sent another signal."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DIED, number)
    if os.getppid() != parent:  # it ended before we could ask
        os._exit(1)
