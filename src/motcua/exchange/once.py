"""Which calls are being answered, or were a short while ago."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from motcua.exchange.problems import Problem

MOST = 10_000

type Key = tuple[UUID, str]


class Calls:
    """By their identifier and sender, so that the web process is asked once, whatever is sent again.

    In memory: what it does not know any more, the log does. A register may then be read again, but no answer leaves.
    """

    def __init__(self) -> None:
        self._until: dict[Key, datetime] = {}
        self._now: set[Key] = set()

    @contextmanager
    def first(self, key: Key, *, until: datetime, now: datetime) -> Iterator[bool]:
        """Whether this call comes for the first time; a Problem while it is being answered."""
        if key in self._now:
            raise Problem(409, "This call is being answered; make a new one.")
        is_first = self._until.get(key, now) <= now
        self._now.add(key)
        try:
            yield is_first
            self._remember(key, until, now)
        finally:
            self._now.discard(key)

    def _remember(self, key: Key, until: datetime, now: datetime) -> None:
        if len(self._until) >= MOST:
            self._until = {one: ends for one, ends in self._until.items() if ends > now}
        if len(self._until) < MOST:
            self._until[key] = until
