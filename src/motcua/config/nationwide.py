"""`motcua bench country`: the national report, and counting it anew, over a year's dossiers of the whole country."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from motcua.config.children import CannotStartError, answer_of_child, in_child_heard
from motcua.config.country import Country
from motcua.config.measured import Figure
from motcua.config.ports import free_ports
from motcua.config.stages import STAGES, told
from motcua.config.visiting import visitors, warm
from motcua.demo.nodes import NODES

DOSSIERS, SERVICES, TIMES = 44_700_000, 2001, 20
NODE = "vpcp"


def nationwide(console: Console, *, dossiers: int = DOSSIERS, keep: Path | None = None) -> list[Figure]:
    """Make the node, fill its mirror, count, ask for the report; what was measured beside its budget.

    What lies in `keep` is used again if it was filled with as many, and stays there.
    """
    folder = keep or Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    country, now = Country(folder / "c", port=free_ports()), datetime.now(UTC)
    with told(console, STAGES) as tell:
        country.start(tell)
    home = country.home / NODE
    try:
        country.supervisor.stop_all()
        began = time.monotonic()
        if is_to_be_filled(answer_of_child(home, there), dossiers):
            with told(console, {"filling": "Writing the dossiers of a year"}) as tell:
                in_child_heard(
                    home, lambda say: fill(dossiers, now, say), lambda percent: tell(f"filling {percent}")
                )
        console.print(f"  {dossiers:,} dossiers after {time.monotonic() - began:.0f} s", style="dim")
        counted = answer_of_child(home, lambda: count(now))
        console.print(f"  counted for the first time in {counted['filled']:.1f} s", style="dim")
        country.supervisor.is_stopping = False
        country.supervisor.start_all()
        [node] = [one for one in NODES if one.name == NODE]
        country.wait_for(country.web_port(node), node)
        url = f"{country.address(node).url}/numbers/report/"
        asked = {said: asyncio.run(look(url + query)) for said, query in counted["pages"]}
        return [*figures(counted, dossiers), *(page(said, times, dossiers) for said, times in asked.items())]
    finally:
        country.stop()


def is_to_be_filled(there: int, wanted: int) -> bool:
    """Whether the mirror is empty; raises CannotStartError if it holds another number than wanted."""
    if there not in {0, wanted}:
        raise CannotStartError(
            f"The folder keeps {there:,} dossiers, not {wanted:,}: ask for as many, or keep these elsewhere."
        )
    return not there


def figures(counted: dict[str, Any], dossiers: int) -> list[Figure]:
    agree = not counted["differing"] and counted["report"] == counted["by_hand"]
    return [
        (
            f"the country's report counted anew from {dossiers:,} dossiers (`motcua tracking recount`)",
            f"{counted['took']:.1f} s",
            *beside("≤ 60 s", counted["took"] <= 60, dossiers),
        ),
        (
            f"{counted['counts']:,} running counts beside it, and a quarter of the report beside each dossier by itself",
            "the same to the digit" if agree else f"{counted['differing']:,} counts differ",
            *beside("the same to the digit", agree, dossiers),
        ),
    ]


def page(said: str, times: Sequence[float], dossiers: int) -> Figure:
    what = f"page /numbers/report/ over {dossiers:,} dossiers, {said}"
    worst = max(times)
    measured = (
        f"p50 {statistics.median(times) * 1000:.0f} ms, the slowest of {len(times)} {worst * 1000:.0f} ms"
    )
    return what, measured, *beside("≤ 2 s", worst <= 2, dossiers)


def beside(budget: str, is_met: bool, dossiers: int) -> tuple[str, bool | None]:  # noqa: FBT001 — what was found
    """The budget, and whether it is met: with fewer dossiers than it speaks of, nobody knows."""
    if dossiers >= DOSSIERS:
        return budget, is_met
    return f"{budget} (measured with {dossiers:,}, the budget speaks of {DOSSIERS:,})", None


async def look(url: str) -> list[float]:
    """So many times one after the other, each of the node's processes having shown the page before."""
    with visitors() as some:
        await warm(some[:4], url, {})
        return [await one.look(url, {}) for one in some[:TIMES]]


# At the node


def there() -> int:
    """How many dossiers the mirror holds."""
    from motcua.tracking.models import Tracked  # noqa: PLC0415 — models need the child's settings

    return Tracked.objects.count()


def fill(dossiers: int, now: datetime, say: Any) -> None:
    """Services with names and fields, and a year of dossiers."""
    from motcua.demo import nation  # noqa: PLC0415 — models need the child's settings
    from motcua.procedures import bench  # noqa: PLC0415

    bench.publish(SERVICES)
    nation.fill(dossiers, now, say)


def count(now: datetime) -> dict[str, Any]:
    """The counts are made, then compared with all dossiers, as an operator does; a quarter is counted by hand as well."""
    from django.utils import timezone  # noqa: PLC0415 — as above

    from motcua.demo import nation  # noqa: PLC0415
    from motcua.lib.actors import Actor  # noqa: PLC0415
    from motcua.tracking.actions import recount  # noqa: PLC0415
    from motcua.tracking.report import Period, by_agency, total  # noqa: PLC0415
    from motcua.tracking.sql import TABLES  # noqa: PLC0415

    by, times, done = Actor.system("bench"), [], []
    for mend in (True, False):
        began = time.perf_counter()
        done.append(recount(TABLES, mend=mend, by=by))
        times.append(time.perf_counter() - began)
    running = Period.of(timezone.localdate(now))
    last = Period(running.number - 1)
    sums = total(by_agency(last, ""))
    return {
        "filled": times[0],
        "took": times[1],
        "counts": done[1].counts,
        "differing": done[1].differing,
        "report": [sums.online, sums.direct, sums.before, sums.early, sums.on_day, sums.late, sums.overdue],
        "by_hand": nation.by_hand(last.number),
        "pages": [
            ["the running quarter", ""],
            ["the quarter before", f"?quarter={last}"],
            ["a province", "?under=H08"],
        ],
    }
