"""A clock that stands where it is put, so that the past is made by the same actions as the present."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from unittest.mock import patch

from django.db import connection
from django.utils import timezone

# The journal takes its time from the database; there, too, the clock can be set, for this connection alone.
TOLD = """
ALTER TABLE journal_entry ALTER COLUMN at
SET DEFAULT coalesce(nullif(current_setting('motcua.now', true), '')::timestamptz, statement_timestamp())
"""
UNTOLD = "ALTER TABLE journal_entry ALTER COLUMN at SET DEFAULT statement_timestamp()"
SET = "SELECT set_config('motcua.now', %s, false)"


class Clock:
    """What `timezone.now()` and the journal say, for this process; stands where that asks `datetime.now`."""

    def __init__(self, start: datetime) -> None:
        self.moment = start

    def now(self, tz: tzinfo | None = None) -> datetime:
        """The moment it is, in a time zone."""
        return self.moment.astimezone(tz)

    def put(self, moment: datetime) -> None:
        """It is now this moment; a clock never goes back."""
        self.moment = max(moment, self.moment)
        with connection.cursor() as cursor:
            cursor.execute(SET, [self.moment.isoformat()])


@contextmanager
def told() -> Iterator[None]:
    """In this block the journal asks the clock of whoever writes into it, where they have set one."""
    execute(TOLD)
    try:
        yield
    finally:
        execute(UNTOLD)


@contextmanager
def standing(start: datetime) -> Iterator[Clock]:
    """A clock instead of time, as long as the block lasts; for the journal too, if it is `told`."""
    clock = Clock(start)
    try:
        # Not `timezone.now` itself: fields hold on to it as their default.
        with patch.object(timezone, "datetime", clock):
            clock.put(start)
            yield clock
    finally:
        execute(SET, "")


def execute(statement: str, *values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
