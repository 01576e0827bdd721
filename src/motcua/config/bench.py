"""`motcua bench`: measure beside the budgets, and write what was measured with its date and machine into docs/benchmarks.md."""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from math import inf
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from motcua.config.accepting import accepting
from motcua.config.children import answer_of_child
from motcua.config.corresponding import DOCUMENTS, documents
from motcua.config.country import Country
from motcua.config.faults.clocks import begin_anew
from motcua.config.faults.report import with_run
from motcua.config.faults.storm import EVERY, MESSAGES, faults
from motcua.config.measured import CORRESPONDENCE, COUNTRY, MILLION, Figure, Line, with_all, with_apart
from motcua.config.million import DOSSIERS, million
from motcua.config.nationwide import DOSSIERS as OF_THE_COUNTRY
from motcua.config.nationwide import nationwide
from motcua.config.pairs import pairs
from motcua.config.ports import free_ports
from motcua.config.reading import readings
from motcua.config.resting import come_to_rest
from motcua.config.searching import search
from motcua.config.stages import STAGES, told
from motcua.config.visiting import visitors, warm
from motcua.config.weighing import family, pss, wire_bytes
from motcua.demo.nodes import NODES

ROOT = Path(__file__).resolve().parents[3]
REPORT = ROOT / "docs" / "benchmarks.md"
RELIABILITY = ROOT / "docs" / "reliability.md"
# Measured only when asked for: where it is written down, what measures it, over how many dossiers.
APART = {
    "million": (MILLION, million, DOSSIERS),
    "country": (COUNTRY, nationwide, OF_THE_COUNTRY),
    "documents": (CORRESPONDENCE, documents, DOCUMENTS),
}
FAULTS = "faults"
WAITING = 30
PAGES = (
    ("vpcp", "/", ""),
    ("vpcp", "/procedures/?q=dang+ky+khai+sinh", ""),
    ("vpcp", "/procedures/2.000986/", ""),
    ("vpcp", "/my/", "may"),
    ("vpcp", "/my/data/", "may"),
    ("vpcp", "/tracking/", ""),
    ("vpcp", "/numbers/", ""),
    ("vpcp", "/verify/", ""),
    ("laocai", "/desk/", "lam"),
    ("laocai", "/desk/dossiers/{dossier}/", "lam"),
)


class Bench:
    """One run: a country of its own, measured from its making to its end."""

    def __init__(self, console: Console, *, births: int) -> None:
        self.console, self.births = console, births
        self.folder = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
        self.folder.chmod(0o755)
        self.port = free_ports()
        self.lines: list[Line] = []

    def add(self, what: str, measured: str, budget: str, *, is_met: bool | None) -> None:
        self.lines.append(Line(what, measured, budget, is_met))
        self.console.print(f"  {what}: {measured}")

    def add_all(self, figures: Iterable[Figure]) -> None:
        for what, measured, budget, is_met in figures:
            self.add(what, measured, budget, is_met=is_met)

    def run(self) -> None:
        """Measure everything, in one run."""
        self.start("first", 30, "`motcua demo`, from an installed checkout to first page, first time")
        country = self.start("again", 8, "the same, started again", keep=True)
        try:
            self.memory(country)
            self.first_load(country)
            self.calls(country)
            self.births_per_minute(country)
            self.fill_lists(country)
            self.pages(country)
            self.api(country)
            self.states(country)
            self.add_all(search(country))
            self.exchange(country)
        finally:
            country.stop()

    def run_pages(self) -> None:
        """Only the pages, for whoever works on them: with as much on them as in a whole run."""
        country = self.start("first", 30, "`motcua demo`, first time", keep=True)
        try:
            self.births_per_minute(country)
            self.fill_lists(country)
            self.pages(country)
        finally:
            country.stop()

    def run_api(self) -> None:
        """Only the API, for whoever works on it."""
        country = self.start("first", 30, "`motcua demo`, first time", keep=True)
        try:
            self.api(country)
        finally:
            country.stop()

    def run_exchange(self) -> None:
        """Only the exchange, for whoever works on it."""
        country = self.start("first", 30, "`motcua demo`, first time", keep=True)
        try:
            self.exchange(country)
        finally:
            country.stop()

    def api(self, country: Country) -> None:
        """Dossiers brought in and received by another system; after it only the province's web processes still run."""
        self.add_all(pairs(country))

    def start(self, _when: str, budget: float, words: str, *, keep: bool = False) -> Country:
        """How long until the first page."""
        country, began = Country(self.folder / "c", port=self.port), time.monotonic()
        with told(self.console, STAGES) as tell:
            country.start(tell)
        httpx.get(country.addresses["vpcp"].url, timeout=60).raise_for_status()
        took = time.monotonic() - began
        self.add(words, f"{took:.1f} s", f"≤ {budget:.0f} s", is_met=took <= budget)
        if not keep:
            country.stop()
        return country

    def memory(self, country: Country) -> None:
        """Proportional set size of all processes of an idle node: what is shared counts once in all."""
        time.sleep(3)
        sizes = {node.name: sum(map(pss, family(country, node.name))) for node in NODES}
        worst = max(sizes.values())
        self.add(
            "memory of one idle node (PSS, the largest of five)",
            f"{worst:.0f} MB",
            "≤ 250 MB",
            is_met=worst <= 250,
        )

    def first_load(self, country: Country) -> None:
        """Bytes over the wire of the home page with stylesheet and fonts."""
        total = wire_bytes(country.addresses["vpcp"].url)
        self.add(
            "first load of the portal's home page with font",
            f"{total / 1024:.0f} KB",
            "≤ 100 KB",
            is_met=total <= 102_400,
        )

    def calls(self, country: Country) -> None:
        """A register read through two nodes, when what the start left to do is done."""
        self.rest(country)
        self.add_all(readings(country))

    def births_per_minute(self, country: Country) -> None:
        """From the portal to the signed certificate and back, five agencies, all journals."""
        count = self.births
        began = time.monotonic()
        self.child(country, "vpcp", lambda: deed("send_births", count))
        self.child(country, "laocai", lambda: deed("work", count))
        took = time.monotonic() - began
        self.add(
            f"births end to end ({count}, five nodes on this machine)",
            f"{count / took * 60:.0f} a minute",
            "–",
            is_met=None,
        )

    def fill_lists(self, country: Country) -> None:
        """Pages are measured with something on them."""
        self.child(country, "vpcp", lambda: deed("send_births", WAITING, first=self.births))
        self.child(country, "laocai", lambda: deed("receive", WAITING))

    def pages(self, country: Country) -> None:
        """The ten main pages: queries counted in the page's own process, times over the network at 50 requests a second.

        What the dossiers before have left to do, such as the printing of forms, is waited for: other lines measure that.
        """
        self.rest(country)
        for node in ("vpcp", "laocai"):
            mine = [(path, key) for where, path, key in PAGES if where == node]
            answer = self.child(country, node, lambda mine=mine: measure_pages(mine))  # type: ignore[misc]
            for one in answer:
                limit = 6 if one["path"] == "/desk/" else 12
                times = asyncio.run(hammer(country.addresses[node].url + one["path"], one["cookies"]))
                p95 = statistics.quantiles(times, n=20)[18] * 1000
                self.add(
                    f"page {one['name']} ({node})",
                    f"p95 {p95:.0f} ms at 50/s, {one['queries']} queries",
                    f"≤ 100 ms, ≤ {limit} queries",
                    is_met=p95 <= 100 and one["queries"] <= limit,
                )

    def states(self, country: Country) -> None:
        """The mirror of the whole country, journaled, nothing else running."""
        country.supervisor.stop_all()
        rate = self.child(country, "vpcp", lambda: deed("take_states", 4000))
        self.add(
            "dossier states taken over by the national node, journaled, in batches of 500",
            f"{rate:,.0f}/s",
            "≥ 20,000/s",
            is_met=rate >= 20_000,
        )

    def exchange(self, country: Country) -> None:
        """Messages accepted and delivered; after it nothing of the country runs but its database."""
        self.add_all(accepting(country))

    def rest(self, country: Country) -> None:
        """Wait until no node has anything left to do."""
        for one in NODES:
            self.child(country, one.name, come_to_rest)

    def child(self, country: Country, node: str, work: Callable[[], Any]) -> Any:
        """Do something as a node."""
        return answer_of_child(country.home / node, work)


def deed(name: str, *arguments: Any, **details: Any) -> Any:
    """At a node: one of what `demo.load` does many times."""
    from motcua.demo import load as deeds  # noqa: PLC0415 — models need the child's settings

    return getattr(deeds, name)(*arguments, **details)


def measure_pages(pages: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """At a node: how many queries each page makes, and a session to ask it over the network."""
    from django.db import connection  # noqa: PLC0415 — as above
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from motcua.demo.people import BY_KEY  # noqa: PLC0415
    from motcua.dossiers.models import Dossier  # noqa: PLC0415
    from motcua.people.models import Account  # noqa: PLC0415

    found = []
    for path, key in pages:
        client = Client(HTTP_HOST="127.0.0.1")
        if key:
            client.force_login(Account.objects.get(pk=BY_KEY[key].account))
        dossier = Dossier.objects.order_by("-arrived_at").values_list("pk", flat=True).first()
        address = path.replace("{dossier}", str(dossier))
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)  # noqa: S101 — a page that fails has no measure
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        found.append({"name": path, "path": address, "queries": len(queries), "cookies": cookies})
    return found


async def hammer(url: str, cookies: dict[str, str], *, rate: int = 50, seconds: int = 6) -> list[float]:
    """Ask for a page at a steady rate, whatever the answers take, one visitor after the other; return the times in seconds."""
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    with visitors() as some:
        await warm(some, url, headers)
        began, asked = time.perf_counter(), []
        for number in range(rate * seconds):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            asked.append(asyncio.create_task(some[number % len(some)].look(url, headers)))
        return list(await asyncio.gather(*asked))


def bench(arguments: Sequence[str]) -> int:
    """Measure, show, write down; 1 if faults were caused and something was lost."""
    given = asked_for(arguments)
    if given.what == FAULTS:
        begin_anew()
    console = Console(highlight=False)
    run = Bench(console, births=given.births)
    measure(run, given)
    show(console, run.lines)
    if given.write:
        write(given.what, run.lines)
    return int(given.what == FAULTS and any(line.is_met is False for line in run.lines))


def asked_for(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser("motcua bench", description="Measure beside the budgets.")
    parser.add_argument(
        "what",
        nargs="?",
        choices=["all", "api", "exchange", "pages", *APART, FAULTS],
        default="all",
        help="measure only this (million, country: one node with so many dossiers; documents: so many from one agency to "
        "another; these are measured only when asked for; "
        "faults: kill and disturb under load, and reckon whether anything was lost)",
    )
    parser.add_argument(
        "--dossiers", type=int, help="how many a million are, or those of the country, or documents"
    )
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="country: keep what was filled there, and use it the next time",
    )
    parser.add_argument(
        "--messages", type=int, default=MESSAGES, help="faults: until so many were acknowledged"
    )
    parser.add_argument(
        "--every", type=float, default=EVERY, metavar="SECONDS", help="faults: at most so long between two"
    )
    parser.add_argument(
        "--minutes", type=float, default=inf, help="faults: no longer, if fewer were acknowledged"
    )
    parser.add_argument("--births", type=int, default=40)
    parser.add_argument(
        "--write",
        action="store_true",
        help="write docs/benchmarks.md, or its part measured apart, or docs/reliability.md",
    )
    return parser.parse_args(arguments[1:])


def measure(run: Bench, given: argparse.Namespace) -> None:
    """Everything, or the part that is asked for."""
    if given.what in APART:
        _part, apart, usual = APART[given.what]
        kept = {"keep": given.keep} if apart is nationwide else {}
        run.add_all(apart(run.console, dossiers=given.dossiers or usual, **kept))
    elif given.what == FAULTS:
        run.add_all(faults(run.console, messages=given.messages, every=given.every, minutes=given.minutes))
    else:
        parts = {"api": run.run_api, "exchange": run.run_exchange, "pages": run.run_pages}
        parts.get(given.what, run.run)()


def show(console: Console, lines: Sequence[Line]) -> None:
    table = Table(title="Measured", title_style="bold")
    for heading in ("What", "Measured", "Budget", "Met"):
        table.add_column(heading)
    for line in lines:
        table.add_row(
            line.what, line.measured, line.budget, {True: "yes", False: "no", None: ""}[line.is_met]
        )
    console.print(table)


def write(what: str, lines: Sequence[Line]) -> None:
    """Into the page of the documents it belongs to; a part of what is measured in one run is not written down."""
    if what == FAULTS:
        RELIABILITY.write_text(with_run(RELIABILITY.read_text("utf-8"), lines), "utf-8")
        return
    before = REPORT.read_text("utf-8") if REPORT.exists() else ""
    if what in APART:
        REPORT.write_text(with_apart(before, APART[what][0], lines), "utf-8")
    elif what == "all":
        REPORT.write_text(with_all(before, lines), "utf-8")
