"""Followers read the sealed journal in order, each at their own pace, and miss nothing."""

from collections.abc import Callable, Iterable, Sequence

from django.db import connection, transaction

from motcua.journal.models import Entry, Follower

type Handler = Callable[[Sequence[Entry]], None]


FOLLOWERS: dict[str, Handler] = {}
# The events each of them hears of; all if none is named.
HEARD: dict[str, list[str]] = {}

# Take our turn; how far this follower is, and how far the journal is sealed. Places count up without gaps.
STANDING = """
SELECT place, (SELECT coalesce(max(place), 0) FROM journal_seal) FROM journal_follower WHERE name = %s FOR UPDATE
"""
BETWEEN = """
SELECT e.* FROM journal_seal s JOIN journal_entry e ON e.id = s.entry_id
WHERE s.place > %s AND s.place <= %s AND (%s::text[] = '{}' OR e.event = ANY(%s::text[])) ORDER BY s.place
"""
MOVE = "UPDATE journal_follower SET place = %s WHERE name = %s"


def follows(name: str, events: Iterable[str] = ()) -> Callable[[Handler], Handler]:
    """Declare a follower: the decorated function is given the next entries, in order; its writes and its place commit together.

    Of entries of other events than those named it hears nothing.
    """

    def declare(handler: Handler) -> Handler:
        FOLLOWERS[name], HEARD[name] = handler, list(events)
        return handler

    return declare


def advance(name: str, *, batch: int = 500) -> int:
    """Bring one follower at most `batch` entries further; return how many it passed."""
    events = HEARD[name]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STANDING, [name])
        if (standing := cursor.fetchone()) is None:
            Follower.objects.get_or_create(name=name)
            cursor.execute(STANDING, [name])
            standing = cursor.fetchone()
        place, end = standing
        upto = min(place + batch, end)
        if upto <= place:
            return 0
        if entries := list(Entry.objects.raw(BETWEEN, [place, upto, events, events])):
            FOLLOWERS[name](entries)
        cursor.execute(MOVE, [upto, name])
        return int(upto - place)


def advance_all() -> int:
    """Bring every follower up to date; return how many entries were passed in all."""
    return sum(catch_up(name) for name in FOLLOWERS)


def catch_up(name: str, *, batch: int = 500) -> int:
    """Bring one follower to the end of the sealed journal."""
    total = 0
    while passed := advance(name, batch=batch):
        total += passed
        if passed < batch:
            break
    return total
