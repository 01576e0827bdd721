"""Write into the journal, in the transaction of the change itself, and hand it to whoever asked to know."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, fields
from itertools import product
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection

from motcua.journal.models import Entry, urn_of
from motcua.lib.actions import context_of
from motcua.lib.actors import Actor
from motcua.lib.queues import LATER, PATIENT
from motcua.lib.statements import prepared

type React = Callable[[Any, Entry], None]


@dataclass(frozen=True)
class Reaction:
    """What runs, whether it has time, and the facts an event must have for it: JSON objects, one of which is enough."""

    run: React
    has_time: bool
    wanted: frozenset[str]


EVENTS: dict[str, type] = {}
REACTIONS: dict[str, dict[str, Reaction]] = {}
# Where the jobs wait of those that have time, and of all others.
SOON, WITH_TIME = ("journal", 0), (PATIENT, LATER)


# Entries and the jobs of their reactions, in one statement: each entry's number comes back in the order they were given.
WRITE = """
INSERT INTO journal_entry (event, about, actor, facts)
SELECT event, about, actor::jsonb, facts::jsonb
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS t (event, about, actor, facts, place)
ORDER BY place RETURNING id, at
"""
WRITE_AND_DEFER = f"""
WITH written AS ({WRITE}, event, about, facts)
SELECT id, at, (
    SELECT count(procrastinate_defer_jobs_v1(jobs)) FROM (
        SELECT array_agg(
            ROW(queue, 'journal.deliver', priority, w.about, NULL, jsonb_build_object('entry', w.id, 'reaction', reaction), NULL
            )::procrastinate_job_to_defer_v1 ORDER BY w.id, place) AS jobs
        FROM written w
        JOIN unnest(%s::text[], %s::text[], %s::jsonb[], %s::text[], %s::int[])
            WITH ORDINALITY AS r (event, reaction, wanted, queue, priority, place)
            ON r.event = w.event AND w.facts @> r.wanted
    ) AS gathered WHERE jobs IS NOT NULL
) FROM written ORDER BY id
"""  # noqa: S608 — text of this file
COPY = "COPY journal_entry (event, about, actor, facts) FROM STDIN"

# An entry before it is written: event, about, actor and facts, these as JSON.
type Row = tuple[str, str, str, str]

# What the block `gathered` around us has recorded and not yet written; None outside such a block.
GATHERED: ContextVar[list[Entry] | None] = ContextVar("gathered", default=None)

as_text = json.JSONEncoder(ensure_ascii=False).encode


def on(event: type, *, patient: bool = False, **facts: str | tuple[str, ...]) -> Callable[[React], React]:
    """Run the decorated `reaction(event, entry)` in the background each time `event` is recorded; it must be safe to run twice.

    With `facts`, each a value or several, it runs only for events that have them, and no job is made for any other: what happens
    a million times must not cost a job whenever it concerns somebody else. A `patient` one goes through very many rows, or is
    called for very many at once: nobody waits for it, and nobody waits because of it. Later events of the same subject may
    overtake it.
    """
    several = product(*(one if isinstance(one, tuple) else (one,) for one in facts.values()))
    wanted = frozenset(as_text(dict(zip(facts, values, strict=True))) for values in several)

    def subscribe(run: React) -> React:
        name, called = name_of(event), f"{run.__module__}.{run.__name__}"
        EVENTS[name] = event
        REACTIONS.setdefault(name, {})[called] = Reaction(run, patient, wanted)
        return run

    return subscribe


def record(event: Any, *, about: Any, by: Actor) -> Entry:
    """Write what happened; the entry and the jobs of its reactions appear only if the caller's transaction commits.

    `event` is a frozen dataclass of short JSON values; `about` a model with a `urn`, or a urn.
    """
    entry = Entry(event=name_of(type(event)), about=urn_of(about), actor=by.as_json(), facts=asdict(event))
    if (kept := GATHERED.get()) is not None:
        kept.append(entry)
    else:
        put([entry])
    return entry


@contextmanager
def gathered() -> Iterator[None]:
    """What is recorded in this block is written at its end, in its order: one statement. Until then an entry has no number."""
    if GATHERED.get() is not None:
        yield
        return
    entries: list[Entry] = []
    before = GATHERED.set(entries)
    try:
        yield
    finally:
        GATHERED.reset(before)
    put(entries)


def put(entries: Sequence[Entry]) -> None:
    """Write entries, and give each its number and time."""
    if not entries:
        return
    rows = [(one.event, one.about, as_text(one.actor), as_text(one.facts)) for one in entries]
    for entry, (pk, at, *_) in zip(entries, write(rows), strict=True):
        entry.pk, entry.at = pk, at
        entry._state.adding, entry._state.db = False, DEFAULT_DB_ALIAS


def record_many(happened: Sequence[tuple[Any, str]], *, by: Actor) -> None:
    """Write many things that happened, (event, urn) in their order, as `record` would one by one: for mass traffic.

    One statement, however many they are. The events must be flat: their values are written as they stand.
    """
    if GATHERED.get() is not None:
        for event, about in happened:
            record(event, about=about, by=by)
        return
    actor, names = as_text(by.as_json()), {kind: name_of(kind) for kind in {type(one) for one, _ in happened}}
    rows = [(names[type(event)], about, actor, as_text(vars(event))) for event, about in happened]
    # COPY is the quickest for many, but can hand out no jobs.
    if REACTIONS.keys().isdisjoint(names.values()):
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for row in rows:
                copy.write_row(row)
    else:
        write(rows)


def recording(event: type, *, source: str, order: str) -> str:
    """A part of a statement that records an `event` for each row of `source`, in this order: where facts need not leave the
    database and come back.

    The source has a column for every field of the event, and `about`; the one value to be given is the actor, as JSON.
    """
    name = name_of(event)
    if name in REACTIONS:
        raise TypeError(f"{name} has reactions: record it by `record_many`, which hands out their jobs.")
    facts = ", ".join(f"'{field.name}', {field.name}" for field in fields(event))
    return f"""
    INSERT INTO journal_entry (event, about, actor, facts)
    SELECT '{name}', about, %s::jsonb, jsonb_build_object({facts}) FROM {source} ORDER BY {order}"""  # noqa: S608 — names of ours


def write(rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    """Write entries and defer the jobs that bring them to reactions; return number and time of each.

    Jobs about one subject run in order, patient ones last: its name is their lock.
    """
    known = {row[0] for row in rows} & REACTIONS.keys()
    pairs = [
        (event, called, wanted, *(WITH_TIME if reaction.has_time else SOON))
        for event in sorted(known)
        for called, reaction in REACTIONS[event].items()
        for wanted in reaction.wanted
    ]
    columns = [list(column) for column in zip(*[*rows], strict=True)]
    columns += [list(column) for column in zip(*pairs, strict=True)]
    with prepared() as cursor:
        cursor.execute(WRITE_AND_DEFER if pairs else WRITE, columns)
        return list(cursor.fetchall())


def name_of(event: type) -> str:
    """`motcua.dossiers.events.DossierAccepted` → `dossiers.DossierAccepted`."""
    return f"{context_of(event.__module__)}.{event.__name__}"
