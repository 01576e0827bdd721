"""How far a storm is: a bar, or, where nobody sees one, a line each minute."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

EVERY = 60.0  # seconds


@contextmanager
def progress(console: Console, messages: int) -> Iterator[Callable[[int, int], None]]:
    """What is called with how many were acknowledged and how often something was struck."""
    if not console.is_terminal:
        yield lines(console, messages)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeElapsedColumn(),
    )
    # Drawn when it is told and not beside: processes are forked from here, and a thread's locks would go with them.
    with Progress(*columns, console=console, auto_refresh=False) as bar:
        task = bar.add_task("", total=messages)

        def tell(acknowledged: int, strikes: int) -> None:
            words = words_of(acknowledged, messages, strikes)
            bar.update(task, description=words, completed=acknowledged, refresh=True)

        yield tell


def lines(console: Console, messages: int) -> Callable[[int, int], None]:
    began = said = time.monotonic()

    def tell(acknowledged: int, strikes: int) -> None:
        nonlocal said
        if (now := time.monotonic()) > said + EVERY:
            said = now
            console.print(f"{now - began:,.0f} s: {words_of(acknowledged, messages, strikes)}")

    return tell


def words_of(acknowledged: int, messages: int, strikes: int) -> str:
    return f"{acknowledged:,} of {messages:,} acknowledged, {strikes} strikes"
