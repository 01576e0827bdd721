"""`motcua bench million`: pages under a mixed load on one node that keeps a million dossiers; numbers for fifty writers at once."""

import asyncio
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.core.management import call_command
from rich.console import Console

from motcua.config.children import answer_of_child, in_child_heard
from motcua.config.country import Country, free_ports
from motcua.config.stages import STAGES, told
from motcua.config.visiting import Visitor, visitors, warm

DOSSIERS, PAST, RATE, SECONDS, WRITERS = 1_000_000, 400, 50, 60, 50
NODE = "laocai"

# What officers, leaders and citizens ask of the province's node, and how often, in a hundred. Nothing is written meanwhile,
# and one officer asks for all: the lines say “pages only”.
MIX = (
    ("work list", "/desk/", "lam", 30),
    ("a dossier at the desk", "/desk/dossiers/{dossier}/", "lam", 25),
    ("work list, found by name", "/desk/?q=Nguy%E1%BB%85n", "lam", 8),
    ("whole agency, ended in 30 days", "/desk/?show=closed", "lam", 5),
    ("head of the agency", "/desk/agency/", "lua", 3),
    ("nine indicators", "/desk/agency/indicators/", "lua", 2),
    ("reception at the counter", "/desk/counter/", "suong", 7),
    ("late dossiers, public", "/overdue/", "", 5),
    ("front page of the portal", "/", "", 7),
    ("a procedure", "/procedures/2.000986/", "", 8),
)

type Line = tuple[str, str, str, bool | None]


def million(console: Console, *, dossiers: int = DOSSIERS) -> list[Line]:
    """Make the node, fill it, ask it; what was measured beside its budget."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    folder.chmod(0o755)
    country = Country(folder / "c", port=free_ports(), history=PAST)
    with told(console, STAGES) as tell:
        country.start(tell)
    try:
        began = time.monotonic()
        country.supervisor.stop_all()
        with told(console, {"filling": "Writing the dossiers of a province"}) as tell:
            in_child_heard(
                country.home / NODE,
                lambda say: fill(dossiers, say),
                lambda percent: tell(f"filling {percent}"),
            )
        there = child(country, count)
        console.print(f"  {there:,} dossiers after {time.monotonic() - began:.0f} s", style="dim")
        lines = [numbered(child(country, write_numbers))]
        doors = child(country, enter)
        country.supervisor.is_stopping = False
        country.supervisor.start_all()
        country.wait_for(country.web_port(country_node(country)), country_node(country))
        url = country.address(country_node(country)).url
        lines += pages(asyncio.run(mixed(url, doors)), there)
        lines.append(list_rate(asyncio.run(as_fast_as_it_can(url + "/desk/", doors[0]["as"])), there))
        return lines
    finally:
        country.stop()


def country_node(country: Country) -> Any:
    from motcua.demo.nodes import NODES  # noqa: PLC0415 — keeps the module's head short

    return next(node for node in NODES if node.name == NODE)


def child(country: Country, work: Any) -> Any:
    """As the province's node."""
    return answer_of_child(country.home / NODE, work)


def fill(dossiers: int, say: Callable[[int], None]) -> None:
    from motcua.demo.many import multiply  # noqa: PLC0415 — models need the child's settings

    multiply(dossiers, say)


def count() -> int:
    from motcua.dossiers.models import Dossier  # noqa: PLC0415 — as above

    return Dossier.objects.count()


def enter() -> list[dict[str, Any]]:
    """At the node: a session for each who asks, and dossiers of their agency to look at."""
    from django.test import Client  # noqa: PLC0415 — as above

    from motcua.demo.people import BY_KEY  # noqa: PLC0415
    from motcua.dossiers.models import Dossier  # noqa: PLC0415
    from motcua.people.models import Account  # noqa: PLC0415

    call_command("check", verbosity=0)
    some = Dossier.objects.filter(agency="H38.03006").order_by("id").values_list("pk", flat=True)[:500]
    doors = []
    for name, path, key, weight in MIX:
        client = Client(HTTP_HOST="127.0.0.1")
        if key:
            client.force_login(Account.objects.get(pk=BY_KEY[key].account))
        cookies = "; ".join(f"{one}={morsel.value}" for one, morsel in client.cookies.items())
        paths = [path.replace("{dossier}", str(pk)) for pk in some] if "{dossier}" in path else [path]
        doors.append({"name": name, "paths": paths, "as": {"Cookie": cookies}, "weight": weight})
    return doors


async def mixed(
    url: str, doors: Sequence[dict[str, Any]], *, rate: int = RATE, seconds: int = SECONDS
) -> dict[str, list[float]]:
    """Requests at a steady rate, drawn from the mix, by one of the visitors; seconds for each, by page."""
    chance = random.Random(7)  # noqa: S311 — the same load each time
    times: dict[str, list[float]] = {door["name"]: [] for door in doors}

    async def ask(door: dict[str, Any], who: Visitor) -> None:
        times[door["name"]].append(await who.look(url + chance.choice(door["paths"]), door["as"]))

    with visitors() as some:
        for door in doors:
            await warm(some, url + door["paths"][0], door["as"])
        began, asked = time.perf_counter(), []
        for number in range(rate * seconds):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            [door] = chance.choices(doors, weights=[one["weight"] for one in doors])
            asked.append(asyncio.create_task(ask(door, chance.choice(some))))
        await asyncio.gather(*asked)
    return times


async def as_fast_as_it_can(
    url: str, headers: dict[str, str], *, clients: int = 8, seconds: int = 10
) -> float:
    """The work list asked for again and again by so many officers; answers a second."""
    done, end = 0, time.perf_counter() + seconds

    async def officer(who: Visitor) -> None:
        nonlocal done
        while time.perf_counter() < end:
            await who.look(url, headers)
            done += 1

    with visitors(clients) as some:
        await asyncio.gather(*(officer(one) for one in some))
    return done / seconds


def write_numbers(*, writers: int = WRITERS, each: int = 100) -> dict[str, float]:
    """At the node: so many threads take numbers of one series at once, each in its own transaction; some roll back."""
    from django.db import connection, transaction  # noqa: PLC0415 — models need the child's settings

    from motcua.lib.numbering import next_number  # noqa: PLC0415

    taken: list[int] = []

    def write(writer: int) -> None:
        for turn in range(each):
            is_dropped = (writer + turn) % 10 == 0  # somebody changed their mind
            with transaction.atomic():
                number = next_number("bench series")
                transaction.set_rollback(is_dropped)
            if not is_dropped:
                taken.append(number)
        connection.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    began = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    took = time.perf_counter() - began
    return {"rate": len(taken) / took, "faults": len(taken) - len(set(taken)) + max(taken) - len(taken)}


def numbered(answer: dict[str, float]) -> Line:
    return (
        f"numbers of one series, {WRITERS} writers at once, a transaction each, one in ten rolled back",
        f"{answer['rate']:,.0f}/s, {answer['faults']:.0f} gaps or doubles",
        "no gap, no double",
        not answer["faults"],
    )


def pages(times: dict[str, list[float]], there: int) -> list[Line]:
    """The ninety-fifth of each page, then of all."""
    measured = {**times, "all of them": [one for some in times.values() for one in some]}
    found: list[Line] = []
    for name, some in measured.items():
        p95 = statistics.quantiles(some, n=20)[18] * 1000
        half = statistics.median(some) * 1000
        what = f"pages only, mixed, {RATE} requests/s, {there:,} dossiers: {name}"
        found.append((what, f"p50 {half:.0f} ms, p95 {p95:.0f} ms ({len(some)})", "p95 ≤ 100 ms", p95 <= 100))
    return found


def list_rate(rate: float, there: int) -> Line:
    return f"work list over {there:,} dossiers, 8 officers", f"{rate:.0f}/s", "≥ 100/s", rate >= 100
