"""The search of the catalogue, measured over 50,000 services in a database of its own."""

import statistics
import time
from collections.abc import Sequence

from django.core.management import call_command

from motcua.config.children import answer_of_child
from motcua.config.country import Country, kept_secret, write_toml
from motcua.demo.nodes import NODES

SERVICES, QUERIES = 50_000, 200
DATABASE = "bench_catalogue"


def search(country: Country) -> list[tuple[str, str, str, bool]]:
    """For words as written, without diacritics and with a slip: what, measured, budget, whether it is met."""
    if country.postgres is None:
        return []
    home = country.home / DATABASE
    home.mkdir(exist_ok=True)
    settings = country.settings(NODES[0], kept_secret(home))
    write_toml(home / "node.toml", settings | {"database": country.postgres.uri(DATABASE)})
    country.postgres.drop([DATABASE])
    country.postgres.create(DATABASE)
    found = answer_of_child(home, measured)
    country.postgres.drop([DATABASE])
    return [line(words, times) for words, times in found.items()]


def line(words: str, times: Sequence[float]) -> tuple[str, str, str, bool]:
    p95 = statistics.quantiles(times, n=20)[18] * 1000
    what = f"catalogue search over {SERVICES:,} services, the whole page, words {words}"
    return what, f"p50 {statistics.median(times) * 1000:.1f} ms, p95 {p95:.1f} ms", "p95 ≤ 30 ms", p95 <= 30


def measured() -> dict[str, list[float]]:
    """At the node of the scratch database: seconds for each page, index and process warm."""
    from django.test import Client  # noqa: PLC0415 — models need the child's settings

    from motcua.procedures import bench  # noqa: PLC0415 — as above

    call_command("migrate", verbosity=0)
    call_command(
        "organisations", "load", verbosity=0
    )  # the nation's units and agencies: pages name those too
    bench.publish(SERVICES)
    client = Client(HTTP_HOST="127.0.0.1", headers={"accept-language": "vi"})
    client.get("/procedures/", {"q": "giấy phép"})
    every = bench.asked(QUERIES, of=SERVICES) | bench.offices_asked(QUERIES)
    return {words: [timed(client, text) for text in asked] for words, asked in every.items()}


def timed(client: object, text: str) -> float:
    began = time.perf_counter()
    answer = client.get("/procedures/", {"q": text})  # type: ignore[attr-defined]
    assert answer.status_code == 200, (text, answer.status_code)  # noqa: S101 — a page that fails has no measure
    return time.perf_counter() - began
