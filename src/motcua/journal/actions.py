"""Write into the journal, in the transaction of the change itself, and hand it to whoever asked to know."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from procrastinate.contrib.django import app

from motcua.journal.models import Entry, urn_of
from motcua.lib.actions import context_of
from motcua.lib.actors import Actor

type Reaction = Callable[[Any, Entry], None]

EVENTS: dict[str, type] = {}
REACTIONS: dict[str, dict[str, Reaction]] = {}


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
    entry = Entry.objects.create(event=name, about=subject, actor=by.as_json(), facts=asdict(event))
    jobs: list[Any] = [{"entry": entry.pk, "reaction": reaction} for reaction in REACTIONS.get(name, ())]
    if jobs:
        app.configure_task("journal.deliver", queue="journal", lock=subject).batch_defer(*jobs)
    return entry


def name_of(event: type) -> str:
    """`motcua.dossiers.events.DossierAccepted` → `dossiers.DossierAccepted`."""
    return f"{context_of(event.__module__)}.{event.__name__}"
