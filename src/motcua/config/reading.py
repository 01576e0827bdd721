"""A register read through two nodes measured: asked, logged, signed, answered on both sides."""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

from motcua.config.children import answer_of_child
from motcua.config.country import Country, kept_secret
from motcua.config.measured import Figure
from motcua.demo.nodes import NODES
from motcua.exchange.bench import call, load

NODE = NODES[0]
TIMES, NOT_COUNTED = 1000, 10
# So many at once, and how many a second are asked of them: those that come at once go together, the more the less each costs.
CALLERS = {32: None, 128: 1500}


def readings(country: Country) -> Iterator[Figure]:
    """One at a time as a page asks, then many at once."""
    known = answer_of_child(country.home / NODE.name, one_by_one)
    yield (
        "synchronous call through two nodes, 1 KB, one at a time",
        f"p50 {known['p50']:.1f} ms, p99 {known['p99']:.1f} ms",
        "p50 ≤ 8 ms, p99 ≤ 20 ms",
        known["p50"] <= 8 and known["p99"] <= 20,
    )
    port, secret = country.exchange_port(NODE), kept_secret(country.home / NODE.name)
    question = json.dumps(known["question"]).encode()
    path, headers, body = call(secret, "sharing.read", question, sender="G22", recipient="G01")
    for callers, wanted in CALLERS.items():
        measured = asyncio.run(load(port, path, headers, body, connections=callers))
        budget, is_met = ("–", None)
        if wanted:
            budget, is_met = f"≥ {wanted:,}/s", measured.rate >= wanted and not measured.failures
        yield f"the same, {callers} at once", str(measured), budget, is_met


def one_by_one() -> dict[str, Any]:
    """At the portal's node: how long each takes, and what was asked."""
    from motcua.demo.load import actor  # noqa: PLC0415 — models need the child's settings
    from motcua.demo.people import BY_KEY  # noqa: PLC0415
    from motcua.sharing.asking import read  # noqa: PLC0415

    may, times, wanted = actor("may"), [], {"personal_number": BY_KEY["may"].number}
    for _number in range(TIMES + NOT_COUNTED):
        began = time.perf_counter()
        read("population.person", wanted, sender="G22", to="G01", purpose="bench", dossier="", by=may)
        times.append(time.perf_counter() - began)
    times = sorted(times[NOT_COUNTED:])
    question = {"service": "population.person", "params": wanted, "purpose": "bench", "dossier": ""}
    return {
        "p50": times[len(times) // 2] * 1000,
        "p99": times[int(len(times) * 0.99)] * 1000,
        "question": question | {"by": may.as_json()},
    }
