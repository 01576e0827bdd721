"""What was done and what came of it, as docs/reliability.md keeps it: the words stay, the tables of the last run are put in."""

from collections.abc import Sequence
from datetime import UTC, datetime

from motcua.config.measured import Line, machine

BEGIN, END = "<!-- the last run -->", "<!-- until here -->"


class NoPlaceError(ValueError):
    """The page has no place where a run is written."""


def with_run(page: str, lines: Sequence[Line]) -> str:
    """The page with this run in the place of the one before; NoPlaceError if the page has no such place."""
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise NoPlaceError(f"The page needs the lines {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n{run(lines)}{END}{after}"


def run(lines: Sequence[Line]) -> str:
    """What was done how often, and what was found."""
    done = [f"| {line.what} | {line.measured} |" for line in lines if line.is_met is None]
    found = [
        f"| {line.what} | {line.measured} | {line.budget} | {'yes' if line.is_met else '**no**'} |"
        for line in lines
        if line.is_met is not None
    ]
    return "\n".join(
        [
            f"Run by `motcua bench faults --write` on {datetime.now(UTC):%d %B %Y}: {machine()}.",
            "",
            "| what was done | how often |",
            "|---|---|",
            *done,
            "",
            "| what must hold | found | expected | holds |",
            "|---|---|---|---|",
            *found,
            "",
        ]
    )
