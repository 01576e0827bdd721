"""A mirror with as many dossiers as the country has in a year, for measuring: made in the database, of numbers alone."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import connection

from motcua.tracking.sql import STARTS

# Everything about a dossier follows from its number: provinces with a hundred communes and ministries, procedures of which few
# are wanted often, three ways of filing, a term of three to twenty days. Of a thousand thirty are withdrawn or stopped, twenty
# wait for their applicants, thirty are late, four lie somewhere; a year of them, the latest last, as they would have come.
# `OFFSET 0` keeps what follows from something else from being worked out anew wherever it is named: that is half the work.
CHUNK, WRITERS = 500_000, 2
MADE = """
INSERT INTO tracking_tracked (dossier, code, procedure, agency, channel, state, step, due_at, on_time, first_at, changed_at,
    seen, received_at, done_at, is_away)
SELECT md5('nation ' || n)::uuid, agency || '-' || to_char(received_at, 'YYMMDD') || '-' || n, procedure, agency, channel,
    CASE WHEN ends_at > %(now)s OR fate >= 996 THEN CASE WHEN fate BETWEEN 940 AND 959 THEN 5 ELSE 4 END
        WHEN fate < 30 THEN 7 + n %% 2 ELSE 10 END,
    '', due_at, NOT fate BETWEEN 960 AND 995, received_at - interval '1 hour',
    CASE WHEN ends_at > %(now)s OR fate >= 996 THEN received_at ELSE ends_at END, 6, received_at,
    CASE WHEN ends_at <= %(now)s AND fate BETWEEN 30 AND 995 THEN ends_at END, false
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
CROSS JOIN LATERAL (SELECT abs(hashint8extended(n, 1) / 2) AS a, abs(hashint8extended(n, 2) / 2) AS b OFFSET 0) AS chance
CROSS JOIN LATERAL (SELECT
    CASE WHEN a %% 10 = 0 THEN 'G' || lpad((1 + a / 10 %% 20)::text, 2, '0')
        ELSE 'H' || lpad((1 + a / 10 %% 34)::text, 2, '0') || '.' || lpad((1 + a / 340 %% 100)::text, 5, '0') END AS agency,
    '9.' || lpad((power(a / 34000 %% 1000000 / 1e6::float, 3) * 2000)::int::text, 6, '0') AS procedure,
    CASE WHEN b %% 10 < 6 THEN 2 WHEN b %% 10 < 9 THEN 1 ELSE 3 END AS channel, b / 10 %% 1000 AS fate,
    %(now)s - interval '365 days' * (1 - n::float / %(target)s) AS received_at OFFSET 0
) AS one
CROSS JOIN LATERAL (SELECT received_at + (3 + b / 10000 %% 18) * interval '1 day' AS due_at OFFSET 0) AS promised
CROSS JOIN LATERAL (SELECT CASE WHEN fate BETWEEN 960 AND 995 THEN due_at + (1 + a %% 10) * interval '1 day'
    ELSE received_at + (due_at - received_at) * (b / 180000 %% 1000 / 1e3::float) END AS ends_at OFFSET 0) AS happened
"""

# Read off each dossier by itself, in other words than the counts are kept in: what the report must come to.
BY_HAND = """
SELECT count(*) FILTER (WHERE received_at >= %(first)s AND channel = 2),
    count(*) FILTER (WHERE received_at >= %(first)s AND channel <> 2),
    count(*) FILTER (WHERE received_at < %(first)s AND (ends_at IS NULL OR ends_at >= %(first)s)),
    count(*) FILTER (WHERE ends_at >= %(first)s AND ends_at < %(after)s AND on_time AND state = 10
        AND (done_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < (due_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date),
    count(*) FILTER (WHERE ends_at >= %(first)s AND ends_at < %(after)s AND (state <> 10 OR on_time
        AND (done_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date >= (due_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)),
    count(*) FILTER (WHERE ends_at >= %(first)s AND ends_at < %(after)s AND state = 10 AND NOT on_time),
    count(*) FILTER (WHERE due_at < %(after)s AND (ends_at IS NULL AND state = 4 OR ends_at >= %(after)s AND NOT on_time))
FROM (
    SELECT *, CASE WHEN state IN (7, 8) THEN changed_at ELSE done_at END AS ends_at FROM tracking_tracked
) AS one
WHERE received_at < %(after)s
"""


def fill(target: int, now: datetime, tell: Callable[[int], None]) -> None:
    """An empty mirror is filled without its indexes, and these are made when all is there; no count is kept meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE tracking_tracked, tracking_agencyquarter, tracking_procedurequarter")
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'tracking_tracked' AND indexname <> 'tracking_tracked_pkey'"
        )
        indexes = [str(row[0]) for row in cursor.fetchall()]
        for index in indexes:
            cursor.execute(f"DROP INDEX {index.split()[index.split().index('ON') - 1]}")
        cursor.execute("ALTER TABLE tracking_tracked DROP CONSTRAINT tracking_tracked_pkey")
    chunks = iter(range(1, target + 1, CHUNK))
    writers = [threading.Thread(target=write, args=(chunks, target, now, tell)) for _writer in range(WRITERS)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(
            "ALTER TABLE tracking_tracked ADD CONSTRAINT tracking_tracked_pkey PRIMARY KEY (dossier)"
        )
        for index in indexes:
            cursor.execute(index)
        cursor.execute("VACUUM ANALYZE tracking_tracked")  # as the database does by itself on any other day
        cursor.execute("CHECKPOINT")


def write(chunks: Iterator[int], target: int, now: datetime, tell: Callable[[int], None]) -> None:
    """One after the other of what is left to write; several do so at once."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        for first in chunks:
            last = min(first + CHUNK - 1, target)
            cursor.execute(MADE, {"first": first, "last": last, "target": target, "now": now})
            tell(100 * last // target)
    connection.close()


def by_hand(quarter: int) -> list[int]:
    """The form's seven numbers of a quarter that has ended, counted from the dossiers themselves."""
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, {"first": STARTS[quarter - 1], "after": STARTS[quarter]})
        return [int(number) for number in cursor.fetchone()]
