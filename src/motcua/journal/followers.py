"""Followers read the sealed journal in order, each at their own pace, and miss nothing."""

from collections.abc import Callable, Sequence

from django.db import transaction

from motcua.journal.models import Entry, Follower

type Handler = Callable[[Sequence[Entry]], None]

FOLLOWERS: dict[str, Handler] = {}

AFTER = """
SELECT e.* FROM journal_seal s JOIN journal_entry e ON e.id = s.entry_id
WHERE s.place > %s ORDER BY s.place LIMIT %s
"""


def follows(name: str) -> Callable[[Handler], Handler]:
    """Declare a follower: the decorated function is given the next entries, in order; its writes and its place commit together."""

    def declare(handler: Handler) -> Handler:
        FOLLOWERS[name] = handler
        return handler

    return declare


def advance(name: str, *, batch: int = 500) -> int:
    """Bring one follower at most `batch` entries further; return how many it read."""
    with transaction.atomic():
        Follower.objects.get_or_create(name=name)
        follower = Follower.objects.select_for_update().get(name=name)
        entries = list(Entry.objects.raw(AFTER, [follower.place, batch]))
        if entries:
            FOLLOWERS[name](entries)
            Follower.objects.filter(name=name).update(place=follower.place + len(entries))
        return len(entries)


def advance_all() -> int:
    """Bring every follower up to date; return how many entries were read in all."""
    return sum(catch_up(name) for name in FOLLOWERS)


def catch_up(name: str) -> int:
    """Bring one follower to the end of the sealed journal."""
    total = 0
    while read := advance(name):
        total += read
    return total
