"""The exchange measured: messages accepted over HTTP and in process, their delivery, and the processor time each costs."""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import psycopg

from motcua.config.children import answer_of_child
from motcua.config.country import Country, kept_secret
from motcua.config.jetstream import jetstream
from motcua.config.measured import Figure
from motcua.config.ports import is_free
from motcua.config.processes import end
from motcua.config.weighing import processor_time
from motcua.demo.nodes import NODES
from motcua.exchange.bench import load, message
from motcua.lib.waiting import until

SENDER, RECIPIENT = "vpcp", "laocai"
PATIENCE = 600.0  # seconds for all that was accepted
ON_THEIR_WAY = "SELECT count(*) FROM exchange_outgoing WHERE state = 'signed'"


def accepting(country: Country) -> Iterator[Figure]:
    """Nothing else of the country runs: one exchange alone, then its recipient as well; then what could be taken instead."""
    country.supervisor.stop_all()
    with exchange(country, SENDER) as sender:
        yield from over_http(country, sender)
        with exchange(country, RECIPIENT) as recipient:
            yield from delivery(country, [sender, recipient])
    yield from jetstream(country.home)
    # Last, for what is written then is signed in the name of no node, and nobody could take it.
    answer = answer_of_child(country.home / SENDER, in_process)
    what = "accept of a signed, durable 2 KB message, in process"
    yield what, f"{answer['batched']:,.0f}/s", "≥ 20,000/s", answer["batched"] >= 20_000
    what = "the same, a signature and a commit for each message (what we replace)"
    yield what, f"{answer['single']:,.0f}/s", "–", None


@contextmanager
def exchange(country: Country, name: str) -> Iterator[int]:
    """The exchange process of a node, its door open; yields its process id."""
    node = next(node for node in NODES if node.name == name)
    processes = country.supervisor.processes
    process = next(one for one in processes if (one.home.name, one.name) == (name, "exchange"))
    country.supervisor.start(process)
    try:
        in_vain = TimeoutError(f"The exchange of {name} does not open its door.")
        until(lambda: not is_free(country.exchange_port(node)), patience=30, otherwise=lambda: in_vain)
        yield process.pid
    finally:
        end([process.pid])


def over_http(country: Country, sender: int) -> Iterator[Figure]:
    """Accepting alone: 256 connections, each answer follows its commit; the recipient's node is down, so all of it waits."""
    secret = kept_secret(country.home / SENDER)
    path, headers, body = message(secret, sender="G22", recipient="H38")
    database, before = server(country), own_time()
    spent = processor_time(sender), processor_time(database)
    measured = asyncio.run(load(country.exchange_port(NODES[0]), path, headers, body))
    times = processor_time(sender) - spent[0], processor_time(database) - spent[1], own_time() - before
    what = "accept of a signed, durable 2 KB message, over HTTP"
    yield what, str(measured), "≥ 8,000/s", measured.rate >= 8000 and not measured.failures
    each = [f"{one / max(1, len(measured.times)) * 1e6:.0f} µs" for one in times]
    what = "processor time of one such message: exchange, PostgreSQL, whoever sends it"
    yield what, ", ".join(each), "–", None


def delivery(country: Country, exchanges: list[int]) -> Iterator[Figure]:
    """What was accepted goes to the other node, which checks and keeps it; counted from the first receipt to the last."""
    total, in_vain = on_their_way(country), TimeoutError("What was accepted is not delivered.")
    until(lambda: on_their_way(country) < total, patience=PATIENCE, otherwise=lambda: in_vain)
    first, began = on_their_way(country), perf_counter()
    spent = sum(map(processor_time, exchanges)), processor_time(server(country))
    until(lambda: not on_their_way(country), patience=PATIENCE, otherwise=lambda: in_vain, pause=0.2)
    took = perf_counter() - began
    times = sum(map(processor_time, exchanges)) - spent[0], processor_time(server(country)) - spent[1]
    each = [f"{one / max(1, first) * 1e6:.0f} µs" for one in times]
    what = "their delivery to another node, each kept there and receipted; processor time of both exchanges, PostgreSQL"
    yield what, f"{first / took:,.0f}/s; {', '.join(each)}", "–", None


def on_their_way(country: Country) -> int:
    with psycopg.connect(uri(country)) as connection:
        row = connection.execute(ON_THEIR_WAY).fetchone()
        return int(row[0]) if row else 0


def uri(country: Country) -> str:
    assert country.postgres  # noqa: S101 — a country that runs has one
    return country.postgres.uri(SENDER)


def server(country: Country) -> int:
    assert country.postgres  # noqa: S101 — as above
    return country.postgres.pid


def own_time() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def in_process() -> dict[str, float]:
    """At a node whose exchange is down: the log writer, with many at once and one by one."""
    from django.conf import settings  # noqa: PLC0415 — needs the child's settings

    from motcua.exchange.bench import accept_in_process  # noqa: PLC0415
    from motcua.lib.keys import FileKey  # noqa: PLC0415

    key, database = FileKey.load(settings.KEYS / "node.pem"), settings.NODE.database
    batched = asyncio.run(accept_in_process(database, key))
    single = asyncio.run(accept_in_process(database, key, producers=1, messages=2000))
    return {"batched": batched.rate, "single": single.rate}
