"""`motcua demo`: the country for anyone to play with."""

import argparse
import signal
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from motcua.config.children import CannotStartError
from motcua.config.country import PORT, Country
from motcua.config.processes import Supervisor
from motcua.config.stages import STAGES, told
from motcua.demo.nodes import NODES
from motcua.demo.people import at

COUNTRY = Path(".motcua/country")
DOSSIERS = 2400


def demo(arguments: Sequence[str]) -> int:
    """Start the country and keep it until Ctrl-C."""
    given = options(arguments)
    console = Console(highlight=False)
    country = Country(COUNTRY, port=given.port, history=given.history)
    listen(country.supervisor)
    try:
        if given.fresh:
            country.erase()
        with told(console, STAGES) as tell:
            running = country.running(tell)
            running.__enter__()
        try:
            welcome(console, country)
            country.supervisor.watch()
        finally:
            console.print("Stopping …")
            running.__exit__(None, None, None)
    except CannotStartError as reason:
        console.print(str(reason), style="bold red")
        return 1
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 0
    return 0


def listen(supervisor: Supervisor) -> None:
    """Ctrl-C and SIGTERM stop the country, before it is up and after.

    Python forgets an exception that is raised while it forks, so the supervisor is told as well.
    """

    def interrupt(*_: object) -> None:
        supervisor.stop()
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)


def options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("motcua demo", description="A country on this machine; Ctrl-C stops it.")
    parser.add_argument("--fresh", action="store_true", help="forget all state and start over")
    parser.add_argument("--port", type=int, default=PORT, help=f"first of twenty ports (default {PORT})")
    parser.add_argument(
        "--history",
        type=int,
        nargs="?",
        const=DOSSIERS,
        default=0,
        metavar="N",
        help=f"give the province three months of past, with N dossiers (default {DOSSIERS}; some twenty minutes, once)",
    )
    return parser.parse_args(arguments[1:])


def welcome(console: Console, country: Country) -> None:
    """Say where everything is and who one can be."""
    table = Table(title="Một Cửa is open", title_style="bold", show_lines=True)
    for heading in ("Node", "Address", "Sign in there as"):
        table.add_column(heading)
    for node in NODES:
        people = "\n".join(f"{person.name}: {person.says_en}" for person in at(node.name))
        table.add_row(node.title_en, country.address(node).url, people)
    console.print(table)
    first = country.address(NODES[0]).url
    console.print(f"Begin at {first}, as Trần Hạ Mây, and look for “dang ky khai sinh”.")
    console.print(
        "The sign-in page of each node lists its people: one click. Ctrl-C stops everything; state is kept."
    )
    if not country.has_past:
        console.print(
            f"The province has no past yet. For three lively months ({DOSSIERS} dossiers, some twenty minutes, once): "
            "./motcua demo --fresh --history"
        )
