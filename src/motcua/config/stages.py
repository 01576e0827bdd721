"""How far something long is, as a bar: the stages of starting a country, and of filling it to measure."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from motcua.demo.nodes import NODES

STAGES = {
    "postgres": "Starting PostgreSQL",
    "keys": "Making keys and certificates",
    "tables": "Making tables",
    "catalogue": "Loading places, agencies, holidays, procedures",
    **{node.name: f"Making {node.title_en}" for node in NODES},
    "history": "Living through three months of Lào Cai province",
    "start": "Starting the nodes",
}


@contextmanager
def told(
    console: Console, stages: Mapping[str, str], *, is_alone: bool = False
) -> Iterator[Callable[[str], None]]:
    """A bar, and what is called at each stage: with its name, or its name and how far it is in percent. `is_alone`: it is drawn
    when it is told something and by no thread beside, whose locks would go with whatever is forked.
    """
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    progress = Progress(*columns, console=console, auto_refresh=not is_alone)
    places = list(stages)

    def tell(said: str) -> None:
        stage, _space, percent = said.partition(" ")
        words = f"{stages[stage]} {percent} %" if percent else stages[stage]
        done = places.index(stage) + int(percent or 0) / 100
        progress.update(task, description=words, completed=done, refresh=is_alone)

    with progress:
        task = progress.add_task("", total=len(stages))
        yield tell
        progress.update(task, completed=len(stages), description="Ready")
