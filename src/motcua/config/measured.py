"""What was measured, as docs/benchmarks.md shows it: in one run, and a part that is measured apart."""

import os
import platform
import timeit
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

PACED = 1_000_000
# What is measured apart stands in parts of its own, in this order.
MILLION = "## A node with a million dossiers\n"
COUNTRY = "## The national report\n"
CORRESPONDENCE = "## Documents between two agencies\n"
SAID = {
    MILLION: (
        "million",
        "One node with its worker and PostgreSQL on this one machine; load and server share the cores.",
    ),
    COUNTRY: (
        "country",
        "One node with its worker and PostgreSQL on this one machine; a mirror as large as a year of the country's dossiers.",
    ),
    CORRESPONDENCE: (
        "documents",
        "Five nodes with their workers and one PostgreSQL on this one machine; two processes write, two register.",
    ),
}

type Figure = tuple[str, str, str, bool | None]  # what, measured, budget, whether it is met


@dataclass(frozen=True)
class Line:
    """One measured figure beside its budget."""

    what: str
    measured: str
    budget: str
    is_met: bool | None


def with_all(before: str, lines: Sequence[Line]) -> str:
    """The page of the documents, measured anew but for what is measured apart."""
    return joined(report(lines), apart(before))


def with_apart(before: str, heading: str, lines: Sequence[Line]) -> str:
    """The same page with one of the parts that are measured apart anew."""
    command, where = SAID[heading]
    part = f"""{heading}
Measured by `motcua bench {command} --write` on {datetime.now(UTC):%d %B %Y}: {machine()}.
{where}

| what | measured | budget | met |
|---|---|---|---|
{table_of(lines)}
"""
    first = min((before.index(one) for one in SAID if one in before), default=len(before))
    return joined(before[:first], apart(before) | {heading: part})


def apart(page: str) -> dict[str, str]:
    """The parts measured apart that the page has, each from its heading to the next."""
    starts = sorted(page.index(heading) for heading in SAID if heading in page)
    parts = [
        page[start:end] for start, end in zip(starts, [*starts[1:], len(page)][: len(starts)], strict=True)
    ]
    return {heading: part for heading in SAID for part in parts if part.startswith(heading)}


def joined(all_in_one: str, parts: Mapping[str, str]) -> str:
    return (
        "\n\n".join([all_in_one.rstrip(), *(parts[heading].rstrip() for heading in SAID if heading in parts)])
        + "\n"
    )


def table_of(lines: Sequence[Line]) -> str:
    return "\n".join(
        f"| {line.what} | {line.measured} | {line.budget} | {({True: 'yes', False: 'no', None: ''})[line.is_met]} |"
        for line in lines
    )


def report(lines: Sequence[Line]) -> str:
    """What is measured in one run."""
    return f"""# Benchmarks

Measured by `motcua bench --write` on {datetime.now(UTC):%d %B %Y}: {machine()}.
One run; five nodes with their workers and one PostgreSQL on this one machine; load and server share the cores.
Pages, and registers through two nodes, are asked for when no job waits at any node; messages are accepted, and then
delivered, when nothing else runs.

| what | measured | budget | met |
|---|---|---|---|
{table_of(lines)}

Measured apart, when asked for: `motcua bench million` (a mixed load on a node with a million dossiers),
`motcua bench country` (the national report over 44.7 million dossiers) and `motcua bench documents` (documents signed, sent
and registered, and search over a million).
"""


def machine() -> str:
    """Cores, memory, system, Python, and how fast it is in this hour: rented machines are not the same all day."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    python = f"Python {platform.python_version()} ({pace():.0f} million additions a second)"
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, {python}"


@cache
def pace() -> float:
    """How many million times a second one core adds two whole numbers in a plain loop, while nothing else runs."""
    best = min(timeit.repeat("total += place", "total = 0; place = 7", number=PACED, repeat=5))
    return PACED / best / 1e6
