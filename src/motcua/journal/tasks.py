"""The job that brings one entry to one reaction."""

from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.journal.actions import EVENTS, REACTIONS
from motcua.journal.models import Entry

RETRY = RetryStrategy(max_attempts=20, exponential_wait=2)


@app.task(name="journal.deliver", queue="journal", retry=RETRY)
def deliver(*, entry: int, reaction: str) -> None:
    """Call the reaction with the event as it was recorded."""
    found = Entry.objects.get(pk=entry)
    REACTIONS[found.event][reaction](event_of(found), found)


def event_of(entry: Entry) -> Any:
    """The event dataclass an entry was made from."""
    return EVENTS[entry.event](**entry.facts)
