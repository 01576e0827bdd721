"""`motcua journey NAME …`: play whole stories in the running demo country, or each in a short-lived one of its own."""

import argparse
import shutil
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from motcua.config.children import CannotStartError, answer_of_child
from motcua.config.country import Country, read_running
from motcua.config.demo import COUNTRY
from motcua.config.loading import load
from motcua.config.ports import free_ports
from motcua.config.processes import end, send
from motcua.config.stages import STAGES
from motcua.demo.browser import LostError
from motcua.demo.journeys.stories import STORIES, Plot
from motcua.demo.journeys.story import Camera, Story, World
from motcua.demo.nodes import NODES
from motcua.demo.repeating import repeat
from motcua.lib.waiting import until

PATIENCE = 300


class OwnWorld:
    """A country this process has started and keeps running."""

    def __init__(self, country: Country, count: Path) -> None:
        self.country, self.count = country, count

    def repeated(self) -> int:
        return len(self.count.read_text().splitlines()) if self.count.exists() else 0

    def url(self, node: str) -> str:
        return self.country.addresses[node].url

    def home(self, node: str) -> str:
        return self.country.addresses[node].home

    def inspect(self, node: str, code: str) -> dict[str, Any]:
        return inspected(self.home(node), code)

    def broken(self, node: str) -> str:
        return first_broken(self.home(node))

    def send(self, node: str, letters: Sequence[dict[str, Any]]) -> list[str]:
        return sent(self.home(node), letters)

    def pump(self) -> None:
        self.country.supervisor.reap()

    def stop_node(self, node: str) -> None:
        for process in self.country.supervisor.processes:
            if process.home.name == node and process.pid:
                send(process.pid, signal.SIGKILL)
                end([process.pid])
                process.pid, process.started = 0, 0.0

    def start_node(self, node: str) -> None:
        for process in self.country.supervisor.processes:
            if process.home.name == node and not process.pid:
                self.country.supervisor.start(process)


class RunningWorld:
    """The country another command keeps running."""

    def __init__(self, home: Path) -> None:
        self.addresses = read_running(home) or {}

    def url(self, node: str) -> str:
        return self.addresses[node].url

    def home(self, node: str) -> str:
        return self.addresses[node].home

    def inspect(self, node: str, code: str) -> dict[str, Any]:
        home = self.home(node)
        load(Path(home))
        return inspected(home, code)

    def broken(self, node: str) -> str:
        home = self.home(node)
        load(Path(home))
        return first_broken(home)

    def send(self, node: str, letters: Sequence[dict[str, Any]]) -> list[str]:
        home = self.home(node)
        load(Path(home))
        return sent(home, letters)

    def pump(self) -> None:
        """Its own supervisor does."""

    def repeated(self) -> int:
        return 0

    def stop_node(self, node: str) -> None:
        raise CannotStartError(
            f"{node} is kept running by another command; this story needs a country of its own."
        )

    start_node = stop_node


def inspected(home: str, code: str) -> dict[str, Any]:
    """What the node in `home` knows of a dossier."""

    def inspect() -> dict[str, Any]:
        from motcua.demo import inspection  # noqa: PLC0415 — models need the child's settings

        return inspection.inspect(code)

    found: dict[str, Any] = answer_of_child(Path(home), inspect)
    return found


def first_broken(home: str) -> str:
    """Where the journal of the node in `home` is broken; empty if it is whole."""

    def look() -> str:
        from motcua.demo import inspection  # noqa: PLC0415 — as above

        return inspection.broken()

    found: str = answer_of_child(Path(home), look)
    return found


def sent(home: str, letters: Sequence[dict[str, Any]]) -> list[str]:
    """Documents sent at the node in `home`; the numbers they were given."""

    def send() -> list[str]:
        from motcua.demo import overnight  # noqa: PLC0415 — as above

        return overnight.send_all([overnight.Letter(**letter) for letter in letters])

    numbers: list[str] = answer_of_child(Path(home), send)
    return numbers


def journey(arguments: Sequence[str]) -> int:
    """Play the stories; exit code 0 only if everything they check holds."""
    parser = argparse.ArgumentParser("motcua journey", description="Play whole stories and check their ends.")
    parser.add_argument("names", nargs="+", choices=sorted(STORIES), metavar="NAME", help=", ".join(STORIES))
    parser.add_argument(
        "--own", action="store_true", help="in a country of its own, even if the demo is running"
    )
    parser.add_argument(
        "--here", action="store_true", help="in the running demo, even if the story changes it for good"
    )
    parser.add_argument(
        "--pictures", type=Path, metavar="DIR", help="keep pictures of what people are shown on the way"
    )
    given = parser.parse_args(arguments[1:])
    console = Console(highlight=False)
    try:
        with camera_at(given.pictures) as camera:
            fallen = [
                name
                for name in given.names
                if not played(console, STORIES[name], camera, own=wants_own(given, STORIES[name]))
            ]
    except CannotStartError as reason:
        console.print(str(reason), style="bold red", markup=False)
        return 1
    return closed(console, fallen)


def wants_own(given: argparse.Namespace, play: Plot) -> bool:
    """Whether a country is made for the story, as asked for or as it needs."""
    return bool(given.own or (play.needs_own and not given.here))


def played(console: Console, play: Plot, camera: Camera | None, *, own: bool) -> bool:
    """Whether the story could be played to its end, and everything held."""
    try:
        with world_for(console, play, own=own) as world:
            return told(console, play, world, camera)
    except (CannotStartError, LostError) as reason:
        console.print(str(reason), style="bold red", markup=False)
        return False


def closed(console: Console, fallen: Sequence[str]) -> int:
    """The last line, and the exit code."""
    words = f"Not everything holds: {', '.join(fallen)}." if fallen else "Everything holds."
    console.print(words, style="bold")
    return 1 if fallen else 0


def told(console: Console, play: Plot, world: World, camera: Camera | None) -> bool:
    """Play one story and print what was done and checked; whether everything held."""
    story = Story(world, lambda words: console.print(f"  {words}", style="dim"), camera)
    try:
        play.plot(story)
    finally:
        report(console, play.title, story)
    return story.holds


def camera_at(folder: Path | None) -> AbstractContextManager[Camera | None]:
    """A camera, if pictures are wanted; it needs what is installed for testing."""
    if folder is None:
        return nullcontext()
    try:
        from motcua.demo import camera  # noqa: PLC0415 — nobody else needs a browser that draws
    except ModuleNotFoundError as missing:
        raise CannotStartError(
            f"Pictures need {missing.name}, which is installed with requirements-dev.txt: ./motcua test --version"
        ) from missing
    return camera.Camera(folder)


@contextmanager
def world_for(console: Console, play: Plot, *, own: bool) -> Iterator[World]:
    """The running demo, or a short-lived country."""
    if not own and read_running(COUNTRY):
        yield RunningWorld(COUNTRY)
        return
    with short_lived(console, twice=play.is_twice, past=play.past) as world:
        yield world


@contextmanager
def short_lived(console: Console, *, twice: bool = False, past: int = 0) -> Iterator[OwnWorld]:
    """A country in a folder of its own, gone when the story is over; `twice` puts a clumsy postman before each node."""
    home, port = Path(tempfile.mkdtemp(prefix="motcua-")), free_ports()
    home.chmod(0o755)
    postmen = {node.name: port + 6 + place for place, node in enumerate(NODES)} if twice else {}
    urls = {name: f"http://127.0.0.1:{its_port}" for name, its_port in postmen.items()}
    country = Country(home / "c", port=port, durable=False, exchange_urls=urls, history=past)
    for node in NODES if twice else ():
        serve = partial(repeat, postmen[node.name], country.exchange_port(node), home / "repeated")
        country.supervisor.add("postman", country.node_home(node), serve)
    try:
        with country.running(lambda stage: console.print(said(stage), style="dim")):
            world = OwnWorld(country, home / "repeated")
            if past:
                await_past(world)
            yield world
    finally:
        shutil.rmtree(home, ignore_errors=True)


def await_past(world: World) -> None:
    """Until the country has counted what the province did before the first day: stories count from there. Raises LostError."""
    counted, returned = 0, 0

    def is_counted() -> bool:
        nonlocal counted, returned
        returned = world.inspect("laocai", "-")["returned"]
        counted = world.inspect("vpcp", "-")["counts"]["delivered"]
        return bool(counted >= returned)

    until(
        is_counted,
        patience=PATIENCE,
        pause=1,
        meanwhile=world.pump,
        otherwise=lambda: LostError(
            f"After {PATIENCE} seconds the country has counted {counted} of {returned}."
        ),
    )


def said(stage: str) -> str:
    """A stage of making the country, as a line."""
    name, _space, percent = stage.partition(" ")
    return f"  {STAGES[name]} {percent + ' % ' if percent else ''}…"


def report(console: Console, title: str, story: Story) -> None:
    """The table of steps, then what was checked."""
    table = Table(title=title, title_style="bold")
    for heading in ("Step", "Who", "Node"):
        table.add_column(heading)
    table.add_column("At", justify="right")
    table.add_column("Took", justify="right")
    for done in story.steps:
        table.add_row(done.step, done.who, done.node, f"{done.at:.1f} s", f"{done.seconds:.2f} s")
    console.print(table)
    for check in story.checks:
        mark = "[green]✓[/green]" if check.holds else "[red]✗[/red]"
        console.print(f"{mark} {check.what}" + (f": {check.seen}" if check.seen else ""))
