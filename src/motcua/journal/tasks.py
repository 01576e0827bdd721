"""The job that brings one entry to one reaction."""

from typing import Any

from procrastinate.contrib.django import app

from motcua.journal.actions import EVENTS, REACTIONS
from motcua.journal.models import Entry
from motcua.lib.queues import RETRY


@app.task(name="journal.deliver", queue="journal", retry=RETRY)
def deliver(*, entry: int, reaction: str) -> None:
    """Call the reaction with the event as it was recorded."""
    found = Entry.objects.get(pk=entry)
    REACTIONS[found.event][reaction].run(event_of(found), found)


def event_of(entry: Entry) -> Any:
    """The event dataclass an entry was made from."""
    return EVENTS[entry.event](**entry.facts)
