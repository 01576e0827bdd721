"""Write into the journal, in the transaction of the change itself, and hand it to whoever asked to know."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app

from motcua.journal.models import Entry, urn_of
from motcua.lib.actions import context_of
from motcua.lib.actors import Actor

type Reaction = Callable[[Any, Entry], None]

EVENTS: dict[str, type] = {}
REACTIONS: dict[str, dict[str, Reaction]] = {}


NEXT_IDS = "SELECT nextval(pg_get_serial_sequence('journal_entry', 'id')) FROM generate_series(1, %s)"
COPY = "COPY journal_entry (event, about, actor, facts) FROM STDIN"
COPY_NUMBERED = "COPY journal_entry (event, about, actor, facts, id) FROM STDIN"

# What the block `gathered` around us has recorded and not yet written; None outside such a block.
GATHERED: ContextVar[list[Entry] | None] = ContextVar("gathered", default=None)

as_text = json.JSONEncoder(ensure_ascii=False).encode


def on(event: type) -> Callable[[Reaction], Reaction]:
    """Run the decorated `reaction(event, entry)` in the background each time `event` is recorded; it must be safe to run twice."""

    def subscribe(reaction: Reaction) -> Reaction:
        name = name_of(event)
        EVENTS[name] = event
        REACTIONS.setdefault(name, {})[f"{reaction.__module__}.{reaction.__name__}"] = reaction
        return reaction

    return subscribe


def record(event: Any, *, about: Any, by: Actor) -> Entry:
    """Write what happened; the entry and the jobs of its reactions appear only if the caller's transaction commits.

    `event` is a frozen dataclass of short JSON values; `about` a model with a `urn`, or a urn.
    """
    name, subject = name_of(type(event)), urn_of(about)
    entry = Entry(event=name, about=subject, actor=by.as_json(), facts=asdict(event))
    if (kept := GATHERED.get()) is not None:
        kept.append(entry)
        return entry
    entry.save(force_insert=True)
    jobs: list[Any] = [{"entry": entry.pk, "reaction": reaction} for reaction in REACTIONS.get(name, ())]
    if jobs:
        deliverer(subject).batch_defer(*jobs)
    return entry


@contextmanager
def gathered() -> Iterator[None]:
    """What is recorded in this block is written at its end, in its order: two statements. Until then an entry has no number."""
    if GATHERED.get() is not None:
        yield
        return
    entries: list[Entry] = []
    before = GATHERED.set(entries)
    try:
        yield
    finally:
        GATHERED.reset(before)
    Entry.objects.bulk_create(entries)
    jobs = [
        deliverer(entry.about).make_new_job(entry=entry.pk, reaction=reaction)
        for entry in entries
        for reaction in REACTIONS.get(entry.event, ())
    ]
    if jobs:
        app.job_manager.batch_defer_jobs(jobs)


def record_many(happened: Sequence[tuple[Any, str]], *, by: Actor) -> None:
    """Write many things that happened, (event, urn) in their order, as `record` would one by one: for mass traffic.

    A fixed number of statements, however many they are. The events must be flat: their values are written as they stand.
    """
    if GATHERED.get() is not None:
        for event, about in happened:
            record(event, about=about, by=by)
        return
    actor, names = (
        as_text(by.as_json()),
        {kind: name_of(kind) for kind in {type(event) for event, _ in happened}},
    )
    rows = [(names[type(event)], about, actor, as_text(vars(event))) for event, about in happened]
    with connection.cursor() as cursor:
        if REACTIONS.keys().isdisjoint(names.values()):
            write(cursor, COPY, rows)
            return
        # Numbers are taken only where jobs must name them: that is a fifth of the work.
        cursor.execute(NEXT_IDS, [len(rows)])
        ids = [row[0] for row in cursor.fetchall()]
        write(cursor, COPY_NUMBERED, [(*row, pk) for row, pk in zip(rows, ids, strict=True)])
    jobs = [
        deliverer(row[1]).make_new_job(entry=pk, reaction=reaction)
        for row, pk in zip(rows, ids, strict=True)
        for reaction in REACTIONS.get(row[0], ())
    ]
    app.job_manager.batch_defer_jobs(jobs)


def write(cursor: Any, copy_statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with cursor.copy(copy_statement) as copy:
        for row in rows:
            copy.write_row(row)


def deliverer(subject: str) -> Any:
    """What defers the job that brings an entry to a reaction; jobs about one subject run in order."""
    return app.configure_task("journal.deliver", queue="journal", lock=subject)


def name_of(event: type) -> str:
    """`motcua.dossiers.events.DossierAccepted` → `dossiers.DossierAccepted`."""
    return f"{context_of(event.__module__)}.{event.__name__}"
