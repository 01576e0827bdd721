"""Numbers without gaps: one counter row per key, taken in the caller's transaction, so that a rollback takes the number back."""

from django.db import connection

from motcua.lib.rows import Part

NEXT = """
INSERT INTO lib_counter (key, last) VALUES (%s, 1)
ON CONFLICT (key) DO UPDATE SET last = lib_counter.last + 1
RETURNING last
"""

# The same as a part of another statement, which finds the number there as `numbered.last`.
NUMBERED = "numbered"


def numbered(key: str) -> Part:
    """The next number under `key`, taken within a statement of the caller's."""
    return Part(NUMBERED, NEXT, (key,))


def next_number(key: str) -> int:
    """The next number under `key`, from 1; call it last before commit, for it holds the row until then."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [key])
        row = cursor.fetchone()
    assert row is not None  # noqa: S101 — RETURNING always answers an upsert; this is for the type checker
    return int(row[0])


# Keys are words with spaces between; the code of an agency is one of them.
CONTINUE = """
INSERT INTO lib_counter (key, last)
SELECT trim(replace(' ' || key || ' ', ' ' || %(old)s || ' ', ' ' || %(new)s || ' ')), last FROM lib_counter
WHERE position(' ' || %(old)s || ' ' in ' ' || key || ' ') > 0
ON CONFLICT (key) DO UPDATE SET last = greatest(lib_counter.last, excluded.last)
"""


def continue_numbers(old: str, new: str) -> None:
    """Let the series of one agency go on where those of another stand, by code; done again, it changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(CONTINUE, {"old": old, "new": new})
