"""Where the past is lived nobody else works: each process has jobs and messages of its own, and no commit waits for the disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# A connection's own tables stand before those of the same name that all share. What is prepared already was meant for those.
APART = """
SET synchronous_commit = off;
CREATE TEMPORARY TABLE procrastinate_jobs (LIKE public.procrastinate_jobs INCLUDING ALL);
CREATE TEMPORARY TABLE exchange_outbox (LIKE public.exchange_outbox INCLUDING ALL);
DISCARD PLANS
"""
# The messages for other nodes, in their order; jobs there are none any more.
COLUMNS = "id, kind, sender, recipient, stream, correlation, created, expires, content_type, digest, body, attachments, confirm"
TOGETHER = f"""
INSERT INTO public.exchange_outbox ({COLUMNS}) SELECT {COLUMNS} FROM pg_temp.exchange_outbox ORDER BY position;
INSERT INTO public.procrastinate_jobs SELECT * FROM pg_temp.procrastinate_jobs
"""  # noqa: S608 — text of this file
AS_BEFORE = """
DROP TABLE IF EXISTS pg_temp.exchange_outbox;
DROP TABLE IF EXISTS pg_temp.procrastinate_jobs;
DISCARD PLANS;
RESET synchronous_commit
"""


@contextmanager
def apart() -> Iterator[None]:
    """In this block the connection has jobs and messages of its own, which no other process takes in hand.

    What breaks off is made anew: its jobs and messages are gone, and the connection is as it was.
    """
    try:
        execute(APART)
        yield
        execute(TOGETHER)
    finally:
        execute(AS_BEFORE)


def execute(statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements.split(";"):
            cursor.execute(statement)
