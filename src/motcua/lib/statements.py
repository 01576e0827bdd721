"""Statements that are asked all day: PostgreSQL reads and plans each once a connection, and is then given only the values."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper


@contextmanager
def prepared() -> Iterator[CursorWrapper]:
    """A cursor as `connection.cursor()` gives it, for statements whose words are always the same.

    The values travel apart from the words, so PostgreSQL must be able to tell their types: `%s::text[]`, where a plain
    `%s` would leave them open. What differs from one time to the next must be a value: each wording that comes again
    (`prepare_threshold` in the settings) is kept.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]
    with closing(connection._prepare_cursor(cursor)) as wrapped:  # type: ignore[attr-defined]
        yield wrapped
