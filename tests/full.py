"""A journal that finds no room, as on a full disk; the rest of the database goes on for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON journal_entry EXECUTE FUNCTION no_room();
"""


@contextmanager
def journal_full() -> Iterator[None]:
    """What is done in this block fails for it."""
    with connection.cursor() as cursor:
        cursor.execute(FULL)
    with pytest.raises(DatabaseError), transaction.atomic():
        yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION no_room CASCADE")
