"""`motcua bench million`: a mixed load on one node that keeps a million dossiers; numbers for fifty writers at once."""

import asyncio
import json
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.console import Console

from motcua.config.asking import ACCEPT, BRING, WRITING, Door, enter
from motcua.config.children import answer_of_child, in_child_heard
from motcua.config.country import Country, kept_secret, write_toml
from motcua.config.ports import free_ports
from motcua.config.resting import come_to_rest
from motcua.config.stages import STAGES, told
from motcua.config.visiting import Visitor, visitors, warm

DOSSIERS, PAST, RATE, SECONDS, WRITERS = 1_000_000, 400, 50, 60, 50
NODE = "laocai"

type Line = tuple[str, str, str, bool | None]


def million(console: Console, *, dossiers: int = DOSSIERS) -> list[Line]:
    """Make the node, fill it, ask it; what was measured beside its budget."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    folder.chmod(0o755)
    country = Country(folder / "c", port=free_ports(), history=PAST)
    with told(console, STAGES) as tell:
        country.start(tell)
    try:
        # What the start brought about, the years' holidays above all, is done before: it would go through all that is written now.
        child(country, come_to_rest)
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
        doors = child(country, lambda: enter(RATE * SECONDS))
        track(country)
        country.supervisor.is_stopping = False
        country.supervisor.start_all()
        country.wait_for(country.web_port(country_node(country)), country_node(country))
        child(country, come_to_rest)
        url = country.address(country_node(country)).url
        lines += pages(asyncio.run(mixed(url, doors)), there)
        lines.append(list_rate(asyncio.run(as_fast_as_it_can(url, doors[0]["ways"])), there))
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


def track(country: Country) -> None:
    """The node also answers for codes: in the demo the national portal does, here all is asked of one."""
    node = country_node(country)
    settings = country.settings(node, kept_secret(country.node_home(node)))
    contexts = [*node.contexts, "tracking"]
    write_toml(country.node_home(node) / "node.toml", settings | {"contexts": contexts})


async def mixed(
    url: str, doors: Sequence[Door], *, rate: int = RATE, seconds: int = SECONDS
) -> dict[str, list[float]]:
    """Requests at a steady rate, drawn from the mix, by one of the visitors; seconds for each, by kind."""
    chance = random.Random(7)  # noqa: S311 — the same load each time
    times: dict[str, list[float]] = {name: [] for name in [*(door["name"] for door in doors), ACCEPT]}

    async def ask(door: Door, who: Visitor) -> None:
        if door["name"] == BRING:
            await bring(door, who)
        elif door["name"] in WRITING:
            path, headers, body = door["ways"].pop()  # nothing is received twice
            took, _page = await who.ask("POST", url + path, headers, body.encode(), status=302)
            times[door["name"]].append(took)
        else:
            path, headers, _body = chance.choice(door["ways"])
            times[door["name"]].append(await who.look(url + path, headers))

    async def bring(door: Door, who: Visitor) -> None:
        [[path, headers, body]] = door["ways"]
        took, line = await who.ask("POST", url + path, once(headers), body.encode(), status=201)
        times[BRING].append(took)
        accept = f"{url}{path}/{json.loads(line)['id']}/accept"
        took, _line = await who.ask("POST", accept, once(headers), b"{}")
        times[ACCEPT].append(took)

    with visitors() as some:
        for door in doors:
            if door["name"] not in WRITING:
                await warm(some, url + door["ways"][0][0], door["ways"][0][1])
        began, asked = time.perf_counter(), []
        for number in range(rate * seconds):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            [door] = chance.choices(doors, weights=[one["weight"] for one in doors])
            asked.append(asyncio.create_task(ask(door, chance.choice(some))))
        await asyncio.gather(*asked)
    return times


def once(headers: Mapping[str, str]) -> dict[str, str]:
    """A deed of its own each time."""
    return {**headers, "Idempotency-Key": uuid4().hex}


async def as_fast_as_it_can(url: str, lists: Sequence[Any], *, seconds: int = 10) -> float:
    """The work lists asked for again and again, each by its officer; answers a second."""
    done, end = 0, time.perf_counter() + seconds

    async def officer(who: Visitor, path: str, headers: Mapping[str, str]) -> None:
        nonlocal done
        while time.perf_counter() < end:
            await who.look(url + path, headers)
            done += 1

    with visitors(len(lists)) as some:
        people = zip(some, lists, strict=True)
        await asyncio.gather(*(officer(one, path, headers) for one, (path, headers, _body) in people))
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
    """The ninety-fifth of each kind, then of what is read, of what is written, and of all."""
    writes = {*WRITING, ACCEPT}
    measured = {
        **times,
        "all pages": together(times, lambda name: name not in writes),
        "all that is written": together(times, lambda name: name in writes),
        "all of them": together(times, lambda _name: True),
    }
    found: list[Line] = []
    for name, some in measured.items():
        p95 = statistics.quantiles(some, n=20)[18] * 1000
        half = statistics.median(some) * 1000
        what = f"mixed, {RATE} requests/s, {there:,} dossiers: {name}"
        found.append((what, f"p50 {half:.0f} ms, p95 {p95:.0f} ms ({len(some)})", "p95 ≤ 100 ms", p95 <= 100))
    return found


def together(times: Mapping[str, list[float]], belongs: Callable[[str], bool]) -> list[float]:
    return [one for name, some in times.items() if belongs(name) for one in some]


def list_rate(rate: float, there: int) -> Line:
    return f"work list over {there:,} dossiers, 8 officers", f"{rate:.0f}/s", "≥ 100/s", rate >= 100
