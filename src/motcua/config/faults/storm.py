"""The storm: a country under load whose processes are killed and whose lines are disturbed, until enough was acknowledged."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psycopg
from rich.console import Console

from motcua.config.children import answer_of_child
from motcua.config.country import Country, kept_secret
from motcua.config.faults.proxy import MANNERS
from motcua.config.faults.reckoning import breaks, contradictions, one, reckoned
from motcua.config.loading import be
from motcua.config.measured import Figure
from motcua.config.node import home as node_home
from motcua.config.ports import free_ports
from motcua.config.roles import ROLES
from motcua.config.stages import STAGES, told
from motcua.demo.nodes import NODES
from motcua.lib.waiting import until

MESSAGES, SEED = 1_000_000, 20261123
SENDER, RECIPIENT = "vpcp", "laocai"
LOADS, STREAMS = 2, 48
MOST_ON_THE_WAY = 20_000  # acknowledged and not yet delivered: then those who send wait a while
VICTIMS = ("exchange", "exchange", "worker", "worker", "web")
EVERY = 4.0  # seconds between two strikes, at most
DISTURBED = (1.0, 5.0)  # how long a line fares badly
BETWEEN_FALLS = 8  # times as long between those of the database, which needs a while to recover
PATIENCE = 3600.0
ON_THE_WAY = "SELECT count(*) FROM exchange_outgoing WHERE state = 'signed'"
LINE = 50  # bytes are noted for one message, at most
UNSETTLED = "SELECT count(*) FROM exchange_incoming WHERE effect = 'pending'"


def worker() -> None:
    """The worker of a node, which here knows what the messages of the storm bring about."""
    be(node_home())
    from motcua.config.faults import effects  # noqa: PLC0415 — needs the node's settings
    from motcua.config.work import run  # noqa: PLC0415

    effects.declare()
    run()


@dataclass
class Helper:
    """A process that is told things line by line, and tells at its end what it did."""

    process: subprocess.Popen[str]

    @classmethod
    def start(cls, module: str, *arguments: object) -> "Helper":
        command = [sys.executable, "-m", f"motcua.config.faults.{module}", *map(str, arguments)]
        return cls(subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE))

    def say(self, words: str) -> None:
        stream: IO[str] = self.process.stdin  # type: ignore[assignment]
        stream.write(f"{words}\n")
        stream.flush()

    def hear(self) -> str:
        stream: IO[str] = self.process.stdout  # type: ignore[assignment]
        return stream.readline()

    def end(self) -> Counter[str]:
        """Hear what it did. Its input does not end when we close it: the nodes, forked from here, hold it open too."""
        said, _ = self.process.communicate("stop\n")
        return Counter(json.loads(said.splitlines()[-1])) if said.strip() else Counter()


@dataclass
class Storm:
    """One run."""

    console: Console
    messages: int = MESSAGES
    every: float = EVERY
    seed: int = SEED
    struck: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="motcua-faults-"))
        self.folder.chmod(0o755)
        port = free_ports(40)
        self.ways = {node.name: port + 30 + place for place, node in enumerate(NODES)}
        urls = {name: f"http://127.0.0.1:{way}" for name, way in self.ways.items()}
        roles = ROLES | {"worker": worker}
        self.country = Country(self.folder / "c", port=port, exchange_urls=urls, roles=roles)
        self.files = [self.folder / f"{number}.tsv" for number in range(LOADS)]
        self.chance = random.Random(self.seed)  # noqa: S311 — the same storm each time
        self.fell = time.monotonic()
        self.bad: dict[str, float] = {}

    def run(self) -> Iterator[Figure]:
        """Start, strike, wait until it is over, reckon. What does not end well is left lying for whoever looks into it."""
        with self.started() as (proxy, loads):
            began = time.monotonic()
            self.strike_until_enough(proxy, loads)
            took = time.monotonic() - began
            sent = sum((load.end() for load in loads), Counter())
            self.let_it_settle(proxy)
            self.struck += proxy.end()
            self.country.supervisor.stop_all()
            yield from self.told(sent, took)
            yield from self.reckon()
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def started(self) -> Iterator[tuple[Helper, list[Helper]]]:
        """The country with the proxy before its nodes, and whoever sends."""
        pairs = [f"{self.ways[node.name]}:{self.country.exchange_port(node)}" for node in NODES]
        with ExitStack() as stack:
            proxy = Helper.start("proxy", self.seed, *pairs)
            stack.callback(proxy.process.kill)
            proxy.hear()
            stack.callback(self.country.stop)
            with told(self.console, STAGES) as tell:
                self.country.start(tell)
            from motcua.config.faults.effects import TABLE  # noqa: PLC0415 — needs settings, which are here now

            with psycopg.connect(self.uri(RECIPIENT), autocommit=True) as connection:
                connection.execute(TABLE.encode())
            secret = kept_secret(self.country.home / SENDER)
            port = self.country.exchange_port(NODES[0])
            loads = [Helper.start("load", port, secret, file, STREAMS) for file in self.files]
            for load in loads:
                stack.callback(load.process.kill)
            yield proxy, loads

    def strike_until_enough(self, proxy: Helper, loads: list[Helper]) -> None:
        """Every few seconds something falls while the messages go on; and only if some went on since the last fall, for a slow
        machine that is struck again before it is up would prove nothing. On a fast one it goes on until something was killed.
        """
        strike, look, flows, before = time.monotonic() + self.every, 0.0, False, 0
        while (acknowledged := self.acknowledged()) < self.messages or not self.struck:
            now = time.monotonic()
            self.country.supervisor.reap()
            self.mend_lines(proxy, now)
            if now > strike and acknowledged > before:
                self.strike(proxy, now)
                before, strike = acknowledged, now + self.chance.uniform(self.every / 8, self.every)
            if now > look:
                look, flows = now + 1, self.keep_flowing(loads, flows=flows)
            time.sleep(0.05)

    def keep_flowing(self, loads: list[Helper], *, flows: bool) -> bool:
        """Those who send wait while too much is on its way, so that it does not all end in one long queue."""
        waiting = self.count(SENDER, ON_THE_WAY)
        wanted = flows if waiting is None else waiting < MOST_ON_THE_WAY
        if wanted != flows:
            for load in loads:
                load.say("go" if wanted else "wait")
        return wanted

    def strike(self, proxy: Helper, now: float) -> None:
        """One fault: a process killed, seldom the database, or a line disturbed for a while."""
        if now > self.fell + BETWEEN_FALLS * self.every and self.chance.random() < 0.3:
            self.fell = now
            self.kill(self.postmaster(), "PostgreSQL killed")
        elif not self.struck or self.chance.random() < 0.5:
            node, name = self.chance.choice((SENDER, RECIPIENT)), self.chance.choice(VICTIMS)
            processes = self.country.supervisor.processes
            victim = next(one for one in processes if (one.home.name, one.name) == (node, name))
            self.kill(victim.pid, f"{name} killed")
        else:
            node = self.chance.choice((SENDER, RECIPIENT))
            manner = self.chance.choice([manner for manner in MANNERS if manner != "open"])
            proxy.say(f"{self.ways[node]} {manner}")
            self.bad[node] = now + self.chance.uniform(*DISTURBED)

    def kill(self, pid: int, words: str) -> None:
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.struck[words] += 1

    def mend_lines(self, proxy: Helper, now: float) -> None:
        for node in [node for node, end in self.bad.items() if now > end]:
            proxy.say(f"{self.ways[node]} open")
            del self.bad[node]

    def let_it_settle(self, proxy: Helper) -> None:
        """No more faults: what was acknowledged arrives and has its effect."""
        self.mend_lines(proxy, float("inf"))
        until(
            lambda: self.count(SENDER, ON_THE_WAY) == 0 and self.count(RECIPIENT, UNSETTLED) == 0,
            patience=PATIENCE,
            meanwhile=self.country.supervisor.reap,
            otherwise=lambda: TimeoutError(f"It does not come to rest; see {self.folder}."),
            pause=0.2,
        )

    def told(self, sent: Counter[str], took: float) -> Iterator[Figure]:
        for what, count in sorted((self.struck + sent).items()):
            if what != "acknowledged":
                yield what, f"{count:,} times", "–", None
        yield (
            "messages acknowledged, faults going on",
            f"{sent['acknowledged']:,} in {took:,.0f} s",
            "–",
            None,
        )

    def reckon(self) -> Iterator[Figure]:
        """What must hold."""
        found = reckoned(self.uri(RECIPIENT), self.files)
        enough = found.pop("acknowledged") >= self.messages
        yield (
            f"messages acknowledged, of {self.messages:,} asked for",
            "all" if enough else "fewer",
            "all",
            enough,
        )
        for what, words in (
            ("lost", "acknowledged and without effect"),
            ("twice", "with their effect twice"),
            ("disordered", "out of the order of their stream"),
        ):
            yield words, str(found[what]), "0", not found[what]
        of_heads = contradictions({name: self.uri(name) for name in (SENDER, RECIPIENT)})
        differing = of_heads["heads that contradict"]
        words = f"heads of each other's log that contradict it, of {of_heads['heads compared']:,} held"
        yield words, str(differing), "0", not differing
        for name in (SENDER, RECIPIENT):
            broken = answer_of_child(self.country.home / name, breaks)
            for what in ("log", "journal"):
                yield (
                    f"{what} of {name}, proven from its first entry",
                    broken.get(what, "whole"),
                    "whole",
                    what not in broken,
                )

    # Small questions

    def acknowledged(self) -> int:
        """By the size of the files, for counting millions of lines ten times a second would be the load itself."""
        return sum(file.stat().st_size if file.exists() else 0 for file in self.files) // LINE

    def count(self, node: str, question: str) -> int | None:
        """None while the database is away."""
        try:
            with psycopg.connect(self.uri(node), connect_timeout=5) as connection:
                return one(connection, question)
        except psycopg.Error:
            return None

    def uri(self, node: str) -> str:
        assert self.country.postgres  # noqa: S101 — a country that runs has one
        return self.country.postgres.uri(node)

    def postmaster(self) -> int:
        """The server's first process now; none while it is being started again."""
        try:
            return int((self.country.home / "postgres" / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return 0


def faults(
    console: Console, *, messages: int = MESSAGES, every: float = EVERY, seed: int = SEED
) -> Iterator[Figure]:
    """Everything that was done, how often, and what came of it."""
    yield from Storm(console, messages, every, seed).run()
