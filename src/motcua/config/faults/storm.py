"""The storm: a country under load, in which one thing after another fails, until enough was acknowledged."""

import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from math import inf
from pathlib import Path

import psycopg
from rich.console import Console

from motcua.config.children import answer_of_child
from motcua.config.country import Country, kept_secret
from motcua.config.faults import flipping
from motcua.config.faults.clocks import Clocks
from motcua.config.faults.disks import Disk
from motcua.config.faults.helper import Helper
from motcua.config.faults.lines import Lines
from motcua.config.faults.progress import progress
from motcua.config.faults.reckoning import breaks, contradictions, given_up, identifiers, reckoned, untold
from motcua.config.faults.restoring import WORDS as PUT_BACK
from motcua.config.faults.restoring import Restoring
from motcua.config.faults.strikes import BOTH, RECIPIENT, SENDER, Scene, kinds
from motcua.config.loading import be
from motcua.config.measured import Figure
from motcua.config.node import home as node_home
from motcua.config.ports import free_ports
from motcua.config.roles import ROLES
from motcua.config.stages import STAGES, told
from motcua.demo.nodes import NODES
from motcua.lib.waiting import until

MESSAGES, SEED = 1_000_000, 20261123
LOADS, STREAMS = 2, 160
MOST_ON_THE_WAY = 20_000  # acknowledged and not yet delivered: then those who send wait a while
EVERY = 4.0  # seconds between two strikes, at most
PATIENCE = 3600.0
ON_THE_WAY = "SELECT count(*) FROM exchange_outgoing WHERE state = 'signed'"
LINE = 50  # bytes are noted for one message, at most
# Word of what became of messages that their senders' journal does not have yet.
UNDONE = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = 'exchange.report'"
UNSETTLED = "SELECT count(*) FROM exchange_incoming WHERE effect = 'pending'"


def worker() -> None:
    """The worker of a node, which here knows what the messages of the storm bring about."""
    be(node_home())
    from motcua.config.faults import effects  # noqa: PLC0415 — needs the node's settings
    from motcua.config.work import run  # noqa: PLC0415

    effects.declare()
    run()


@dataclass
class Storm:
    """One run."""

    console: Console
    messages: int = MESSAGES
    every: float = EVERY
    seed: int = SEED
    minutes: float = inf
    struck: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="motcua-faults-"))
        self.folder.chmod(0o755)
        self.files = [self.folder / f"{number}.tsv" for number in range(LOADS)]
        self.chance = random.Random(self.seed)  # noqa: S311 — the same storm each time

    def run(self) -> Iterator[Figure]:
        """Start, strike, wait until it is over, reckon. What does not end well is left lying for whoever looks into it."""
        with self.started() as loads:
            began = time.monotonic()
            self.strike_until_enough(loads)
            took = time.monotonic() - began
            sent = sum((load.end() for load in loads), Counter())
            self.let_it_settle()
            self.struck += self.lines.end()
            self.country.supervisor.stop_all()
            yield from self.told(sent, took)
            yield from self.reckon()
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def started(self) -> Iterator[list[Helper]]:
        """The country on its disks, with its clocks, behind its lines; and whoever sends."""
        signal.signal(signal.SIGTERM, partial(broken_off, os.getpid()))
        with ExitStack() as stack:
            self.make_country(stack)
            stack.callback(self.country.stop)
            with told(self.console, STAGES, is_alone=True) as tell:
                self.country.start(tell)
            from motcua.config.faults.effects import TABLE  # noqa: PLC0415 — needs settings, which are here now

            with psycopg.connect(self.scene.uri(RECIPIENT), autocommit=True) as connection:
                connection.execute(TABLE.encode())
            secret = kept_secret(self.country.home / SENDER)
            port = self.country.exchange_port(NODES[0])
            loads = [Helper.start("load", port, secret, file, STREAMS) for file in self.files]
            for load in loads:
                stack.callback(load.process.kill)
            yield loads

    def make_country(self, stack: ExitStack) -> None:
        """Everything that can be struck, before it starts."""
        port, home, clocks = free_ports(40), self.folder / "c", Clocks(self.folder)
        targets = {node.name: port + 11 + place for place, node in enumerate(NODES)}
        self.lines = Lines(targets, port + 30, apart=BOTH, seed=self.seed)
        self.lines.open(stack)
        of_home, of_database = Disk(home / SENDER), Disk(home / "postgres")
        of_home.mount_in_memory(stack)
        of_database.mount_in_file(self.folder / "postgres.disk", stack)
        roles = {name: clocks.own(main) for name, main in (ROLES | {"worker": worker}).items()}
        self.country = Country(home, port=port, exchange_urls=self.lines.urls, roles=roles)
        self.scene = scene = Scene(self.country, self.chance, self.struck)
        self.restoring = Restoring(scene, self.folder, self.messages)
        self.kinds = kinds(scene, self.lines, clocks, home=of_home, database=of_database)
        self.strikes = [one for one in self.kinds if not one.why_not]

    def strike_until_enough(self, loads: list[Helper]) -> None:
        """Every few seconds something fails while the messages go on; and only if some went on since the last time, for a slow
        machine that is struck again before it is up would prove nothing. On a fast one it goes on until all was done once.
        """
        strike, look, flows, before = time.monotonic() + self.every, 0.0, False, 0
        self.ends = time.monotonic() + self.minutes * 60
        with progress(self.console, self.messages) as tell:
            while not ((is_enough := self.is_enough()) and self.restoring.is_over):
                now, acknowledged = time.monotonic(), self.acknowledged()
                self.country.supervisor.reap()
                for kind in self.strikes:
                    kind.mend(now)
                if now > strike and acknowledged > before and not is_enough:
                    self.strike(now)
                    before, strike = acknowledged, now + self.chance.uniform(self.every / 8, self.every)
                if now > look:
                    look, flows = now + 1, self.keep_flowing(loads, flows=flows)
                    self.restoring.look(acknowledged, self.mend_all)
                    tell(acknowledged, sum(self.struck.values()))
                time.sleep(0.05)

    def is_enough(self) -> bool:
        """Whether so many were acknowledged, or it is late, and every kind of strike came. What only waits for a backup to become
        old is struck no more, for on a slow machine it never would.
        """
        is_late = self.acknowledged() >= self.messages or time.monotonic() > self.ends
        return is_late and all(kind.times for kind in self.strikes)

    def strike(self, now: float) -> None:
        """One fault, of a kind that does not rest: first of those that have not come yet."""
        able = [kind for kind in self.strikes if now >= kind.rests_until]
        new = [kind for kind in able if not kind.times]
        (chosen,) = self.chance.choices(new or able, weights=[kind.share for kind in new or able])
        chosen.come(now, self.every)

    def mend_all(self) -> None:
        for kind in self.strikes:
            kind.mend()

    def keep_flowing(self, loads: list[Helper], *, flows: bool) -> bool:
        """Those who send wait while too much is on its way, so that it does not all end in one long queue."""
        waiting = self.scene.count(SENDER, ON_THE_WAY)
        wanted = flows if waiting is None else waiting < MOST_ON_THE_WAY
        if wanted != flows:
            for load in loads:
                load.say("go" if wanted else "wait")
        return wanted

    def let_it_settle(self) -> None:
        """No more faults: what was acknowledged arrives and has its effect."""
        self.mend_all()
        until(
            lambda: (
                self.scene.count(SENDER, ON_THE_WAY) == 0
                and self.scene.count(RECIPIENT, UNSETTLED) == 0
                and all(self.scene.count(name, UNDONE) == 0 for name in BOTH)
            ),
            patience=PATIENCE,
            meanwhile=self.country.supervisor.reap,
            otherwise=lambda: TimeoutError(f"It does not come to rest; see {self.folder}."),
            pause=0.2,
        )

    def told(self, sent: Counter[str], took: float) -> Iterator[Figure]:
        """What was done how often, and what this machine did not allow."""
        yield "between two faults", f"at most {self.every:g} s", "–", None
        for what, count in sorted((self.struck + sent).items()):
            if what != "acknowledged":
                yield what, f"{count:,} times", "–", None
        for kind in self.kinds:
            if kind.why_not:
                yield kind.words, f"not possible here: {kind.why_not}", "–", None
        yield (
            "messages acknowledged, faults going on",
            f"{sent['acknowledged']:,} in {took:,.0f} s",
            "–",
            None,
        )

    def reckon(self) -> Iterator[Figure]:
        """What must hold."""
        found = reckoned(self.scene.uri(RECIPIENT), self.files)
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
        yield from self.of_word()
        yield from self.of_logs()
        places = min(100, max(10, self.messages // 100))
        for what, count in flipping.found(self.country, places=places, seed=self.seed).items():
            yield (
                f"one bit flipped in {flipping.WHERE[what]}: found",
                f"{count}",
                f"{places}",
                count == places,
            )

    def of_word(self) -> Iterator[Figure]:
        """Whoever sent was told of each, and nothing that was to be done was given up."""
        missing = untold(self.scene.uri(SENDER), identifiers(self.files))
        words = "acknowledged, and its sender's journal does not say that it was delivered"
        yield words, str(missing), "0", not missing
        for name in BOTH:
            jobs = answer_of_child(self.country.home / name, given_up)
            yield f"jobs given up at {name}", ", ".join(jobs[:3]) or "0", "0", not jobs

    def of_logs(self) -> Iterator[Figure]:
        """Each node's log is one, and whole, also where it goes on after an old backup."""
        times = self.struck[PUT_BACK]
        ended, entries, came_back = self.restoring.told()
        words = (
            f"logs continued after it ({entries:,} entries lost with it, {came_back:,} messages given back)"
        )
        yield words, str(ended), str(times), ended == times
        of_heads = contradictions({name: self.scene.uri(name) for name in BOTH}, [RECIPIENT] if times else [])
        differing = of_heads["heads that contradict"]
        words = f"heads of each other's log that contradict it, of {of_heads['heads compared']:,} held"
        yield (
            f"{words} ({of_heads['heads lost']:,} of them lost with the backup)",
            str(differing),
            "0",
            not differing,
        )
        for name in BOTH:
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


def broken_off(storm: int, *_: object) -> None:
    """Who is asked to end takes away what was mounted and made; a process just forked, which has not said yet what it does on
    being asked, leaves that alone.
    """
    if os.getpid() != storm:
        os._exit(1)
    sys.exit("The storm was broken off.")


def faults(
    console: Console,
    *,
    messages: int = MESSAGES,
    every: float = EVERY,
    minutes: float = inf,
    seed: int = SEED,
) -> Iterator[Figure]:
    """Everything that was done, how often, and what came of it."""
    yield from Storm(console, messages, every, seed, minutes).run()
