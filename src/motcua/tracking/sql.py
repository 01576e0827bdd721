"""How states become the mirror, and the mirror the country's report: the statements, and what is counted."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

from motcua.dossiers.states import ENDED, OPEN, PAUSED, State
from motcua.journal.actions import recording
from motcua.tracking.events import StateTaken


def among(states: frozenset[State]) -> str:
    return f"({', '.join(str(int(state)) for state in sorted(states))})"


# Quarters have numbers, from the first of 2010: which one a moment lies in is a look into this list, the quickest there is.
FIRST_YEAR, LAST_YEAR = 2010, 2049
STARTS = [
    datetime(year, month, 1, tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC).isoformat()
    for year in range(FIRST_YEAR, LAST_YEAR + 1)
    for month in (1, 4, 7, 10)
]
QUARTERS = f"ARRAY[{', '.join(f"'{start}'" for start in STARTS)}]::timestamptz[]"
QUARTER = f"width_bucket({{}}, {QUARTERS})::int"
# Vietnam's clocks have not been moved since 1975: its days all have twenty-four hours.
DAY = f"date_bin('1 day', {{}}, '{STARTS[0]}')"

# Whoever is in one of these was received, also if nobody told of the moment itself.
RECEIVED = among(frozenset({State.ACCEPTED, State.PROCESSING, State.FEE, State.DONE, State.RETURNED}))
DONE = among(frozenset({State.DONE, State.RETURNED}))
# Sent back or taken back after it was received: in time, says form II.06a.
UNDONE = among(ENDED - {State.DONE, State.RETURNED})
RUNNING = among(OPEN - PAUSED)

# The course of a dossier as the report sees it, from its row of the mirror alone: in which quarter it was received, in which
# it ended and how (0 not yet, 1 early, 2 on the day, 3 late, 4 without a result), and in which its time was up. What is told
# of by another agency, or was never received, is not counted. Circular 01/2020/TT-VPCP, form II.06a: what waits for the
# applicant is in time.
COURSE = f"""
SELECT agency, procedure, channel, {QUARTER.format("received_at")} AS received,
    CASE WHEN state IN {DONE} THEN {QUARTER.format("done_at")}
        WHEN state IN {UNDONE} THEN {QUARTER.format("changed_at")} END AS ended,
    CASE WHEN state IN {DONE} THEN
            CASE WHEN NOT on_time THEN 3 WHEN {DAY.format("done_at")} < {DAY.format("due_at")} THEN 1 ELSE 2 END
        WHEN state IN {UNDONE} THEN 4 ELSE 0 END AS outcome,
    CASE WHEN state IN {RUNNING} OR state IN {DONE} AND NOT on_time THEN {QUARTER.format("due_at")} END AS due
FROM {{rows}} WHERE received_at IS NOT NULL AND NOT is_away
"""  # noqa: S608 — texts of this file

# Whether a dossier's course may have changed, `h` being its row as it was and `m` as it is: most states change nothing that is
# counted, and what they leave alone need not be looked at closely.
OTHERWISE = (
    "((m.received_at, m.done_at, m.due_at, m.on_time, m.is_running, m.is_away) IS DISTINCT FROM "
    "(h.received_at, h.done_at, h.due_at, h.on_time, h.is_running, h.is_away) "
    f"OR m.state IN {UNDONE} OR h.state IN {UNDONE} OR (m.state IN {DONE}) <> (h.state IN {DONE}))"
)

NUMBERS = ("received", "early", "on_day", "late", "undone", "over")
# What so many dossiers of one course are in the counts: received in a quarter, ended in one not before it, and late from the
# quarter their time was up until they ended: `over` goes up, and down again.
COUNTED = """
CROSS JOIN LATERAL (SELECT greatest(ended, received) AS ended, greatest(due, received) AS lapsed) AS course
CROSS JOIN LATERAL (VALUES
    (c.received, number, 0, 0, 0, 0, 0),
    (course.ended, 0, number * (outcome = 1)::int, number * (outcome = 2)::int, number * (outcome = 3)::int,
        number * (outcome = 4)::int, 0),
    (CASE WHEN due IS NOT NULL THEN lapsed END, 0, 0, 0, 0, 0, number),
    (CASE WHEN due IS NOT NULL AND c.ended IS NOT NULL THEN greatest(course.ended, lapsed) END, 0, 0, 0, 0, 0, -number)
) AS counted (quarter, received, early, on_day, late, undone, over)
WHERE quarter IS NOT NULL
"""
SUMS = ", ".join(f"sum({name})::bigint AS {name}" for name in NUMBERS)
# Two counts of the same: by agency, and by procedure in a province or ministry. Both together would be as many rows as dossiers.
TABLES = {
    "tracking_agencyquarter": ("quarter, agency, channel", "quarter, agency, channel"),
    "tracking_procedurequarter": (
        "quarter, authority, procedure, channel",
        "quarter, split_part(agency, '.', 1) AS authority, procedure, channel",
    ),
}


ADDED = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in NUMBERS)


def added(table: str) -> str:
    """What is `counted` added to one of the counts, in the order of the keys, so that two who count cannot wait for each other."""
    keys = TABLES[table][0]
    return f"""
    INSERT INTO {table} AS t ({keys}, {", ".join(NUMBERS)}) {summed(table, "counted")}
    ON CONFLICT ({keys}) DO UPDATE SET {ADDED}"""


def summed(table: str, counted: str) -> str:
    """What is counted by the keys of one of the counts; where nothing is left, there is no row."""
    keys, chosen = TABLES[table]
    some = " OR ".join(f"sum({name}) <> 0" for name in NUMBERS)
    places = ", ".join(str(place + 1) for place in range(keys.count(",") + 1))
    return f"SELECT {chosen}, {SUMS} FROM {counted} GROUP BY {places} HAVING {some} ORDER BY {places}"  # noqa: S608


# Parts of a statement that changes rows of the mirror: what these were in the counts is taken off, what they are now is added.
# They stand on `before` and `after`, rows as they were and as they are.
# Many dossiers of a batch go the same way, and what cancels out goes no further.
COUNTING = f"""
courses AS MATERIALIZED (
    SELECT agency, procedure, channel, received, ended, outcome, due, sum(number) AS number FROM (
        SELECT *, 1 AS number FROM ({COURSE.format(rows="after")}) AS now
        UNION ALL SELECT *, -1 FROM ({COURSE.format(rows="before")}) AS past
    ) AS c GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(number) <> 0
), counted AS MATERIALIZED (
    SELECT agency, procedure, channel, counted.* FROM courses c {COUNTED}
), by_agency AS ({added("tracking_agencyquarter")}
), by_procedure AS ({added("tracking_procedurequarter")}
)"""  # noqa: S608

# One statement, in whatever order things come in: passages are a set, the mirror shows the latest of them, ties broken by
# state and step. All parts see the tables as they were before, so `held` speaks of what was known until now; its rows are
# locked in the order of their keys, so that two workers cannot wait for each other. Should another have told of a dossier
# first, and this batch knew nothing of it, the batch fails and is taken up again. The batch comes as one JSON text: that is
# half the work of arrays. A dossier is strange if another agency told of it first. One that left for another agency was not
# refused: should it come back and be refused then, that is the first time. While it is away it stands nowhere here (0), so
# where it `stood` is not always the state it was in. News go into the journal from here: their facts need not leave the
# database and come back.
TAKE = f"""
WITH told AS MATERIALIZED (
    SELECT *, row_number() OVER () AS place FROM (
        SELECT DISTINCT ON (dossier, at, state, step) *, agency <> first_value(agency) OVER own AS strange
        FROM json_to_recordset(%s::json) AS t (dossier uuid, code text, procedure text, agency text, channel int,
            state int, step text, at timestamptz, due_at timestamptz, on_time bool, forwarded text)
        WINDOW own AS (PARTITION BY dossier ORDER BY at, state, step)
        ORDER BY dossier, at, state, step
    ) AS in_order
), held AS MATERIALIZED (
    SELECT one.* FROM (SELECT DISTINCT dossier FROM told ORDER BY dossier) AS named
    CROSS JOIN LATERAL (SELECT * FROM tracking_tracked t WHERE t.dossier = named.dossier LIMIT 1 FOR UPDATE) AS one
), passed AS (
    INSERT INTO tracking_passage (dossier, state, step, at)
    SELECT dossier, state, step, at FROM told ON CONFLICT DO NOTHING RETURNING dossier, state, step, at
), known AS MATERIALIZED (
    SELECT told.*, h.agency AS owner, coalesce(h.state, 0) AS was_state, coalesce(h.seen, 0) AS was_seen,
        CASE WHEN h.is_away THEN 0 ELSE coalesce(h.state, 0) END AS was_standing, h.first_at, h.received_at, h.done_at,
        h.dossier IS NULL AS is_new,
        h.dossier IS NULL OR (told.at, told.state, told.step) > (h.changed_at, h.state, h.step) AS is_later
    FROM told LEFT JOIN held h USING (dossier)
), latest AS (
    SELECT n.dossier, n.code, n.procedure, n.agency, n.channel, n.state, n.step, n.due_at, n.on_time, n.at AS changed_at,
        n.forwarded = 'out' AS is_away, least(a.first_at, n.first_at) AS first_at, a.seen | n.was_seen AS seen,
        least(a.received_at, n.received_at) AS received_at, least(a.done_at, n.done_at) AS done_at, n.is_new, n.is_later
    FROM (
        SELECT max(place) AS place, min(at) AS first_at,
            bit_or(CASE forwarded WHEN 'out' THEN 0 ELSE 1 << state END) AS seen,
            min(at) FILTER (WHERE state IN {RECEIVED}) AS received_at, min(at) FILTER (WHERE state IN {DONE}) AS done_at
        FROM told GROUP BY dossier
    ) AS a JOIN known n USING (place)
), begun AS (
    INSERT INTO tracking_tracked (dossier, code, procedure, agency, channel, state, step, due_at, on_time, changed_at, is_away,
        first_at, seen, received_at, done_at)
    SELECT dossier, code, procedure, agency, channel, state, step, due_at, on_time, changed_at, is_away,
        first_at, seen, received_at, done_at
    FROM latest WHERE is_new RETURNING *
), moved AS (
    UPDATE tracking_tracked t SET first_at = n.first_at, seen = n.seen, received_at = n.received_at, done_at = n.done_at,
        code = CASE WHEN is_later THEN n.code ELSE t.code END, state = CASE WHEN is_later THEN n.state ELSE t.state END,
        step = CASE WHEN is_later THEN n.step ELSE t.step END, due_at = CASE WHEN is_later THEN n.due_at ELSE t.due_at END,
        on_time = CASE WHEN is_later THEN n.on_time ELSE t.on_time END,
        changed_at = CASE WHEN is_later THEN n.changed_at ELSE t.changed_at END,
        is_away = CASE WHEN is_later THEN n.is_away ELSE t.is_away END
    FROM latest n WHERE t.dossier = n.dossier AND NOT n.is_new AND (n.is_later
        OR (n.first_at, n.seen, n.received_at, n.done_at) IS DISTINCT FROM (t.first_at, t.seen, t.received_at, t.done_at))
    RETURNING t.*
), before AS (
    SELECT h.* FROM held h JOIN moved m USING (dossier) WHERE {OTHERWISE}
), after AS (
    SELECT * FROM begun WHERE received_at IS NOT NULL
    UNION ALL SELECT m.* FROM held h JOIN moved m USING (dossier) WHERE {OTHERWISE}
), {COUNTING}, news AS MATERIALIZED (
    SELECT 'dossier:' || dossier AS about, code, procedure, agency, channel, state,
        CASE WHEN is_later THEN coalesce(lag(state) OVER way, was_state) ELSE state END AS was, step, at,
        coalesce(to_json(due_at) #>> '{{}}', '') AS due_at, on_time,
        was_seen & (1 << state) = 0
            AND row_number() OVER (PARTITION BY dossier, state, forwarded = 'out' ORDER BY place) = 1 AS first,
        forwarded,
        CASE WHEN is_later THEN coalesce(lag(stands) OVER way, was_standing) ELSE stands END AS stood,
        strange OR agency <> owner AS strange, dossier, place
    FROM passed JOIN known USING (dossier, state, step, at)
    CROSS JOIN LATERAL (SELECT CASE forwarded WHEN 'out' THEN 0 ELSE state END AS stands) AS now
    WINDOW way AS (PARTITION BY dossier, is_later ORDER BY place)
), recorded AS ({{recorded}})
SELECT count(*), min(dossier::text) FILTER (WHERE strange) FROM news
"""  # noqa: S608


@cache
def take() -> str:
    """The statement; its values are the batch as JSON and who takes it over."""
    return TAKE.replace("{recorded}", recording(StateTaken, source="news", order="place"))


# A state told again with no other between is one stay: it began when it was told of first. Of stays at steps nothing is said.
# The mirror's rows are locked as in `TAKE`; what is left last is the state it shows, since that moment.
SAID_AGAIN = f"""
WITH held AS MATERIALIZED (
    SELECT * FROM tracking_tracked WHERE dossier = ANY(%s::uuid[]) ORDER BY dossier FOR UPDATE
), told AS (
    SELECT p.*, p.step = '' AND lag(p.state) OVER way IS NOT DISTINCT FROM p.state AND lag(p.step) OVER way = p.step AS again
    FROM tracking_passage p JOIN held USING (dossier)
    WINDOW way AS (PARTITION BY p.dossier ORDER BY p.at, p.state, p.step)
), gone AS (
    DELETE FROM tracking_passage p USING told
    WHERE told.again AND (p.dossier, p.state, p.step, p.at) = (told.dossier, told.state, told.step, told.at)
), after AS (
    UPDATE tracking_tracked t SET changed_at = last.at FROM (
        SELECT dossier, max(at) AS at FROM told WHERE NOT coalesce(again, false) GROUP BY dossier
    ) AS last WHERE t.dossier = last.dossier AND t.changed_at <> last.at RETURNING t.*
), before AS (SELECT held.* FROM held JOIN after USING (dossier)
), {COUNTING}
SELECT count(*) FROM after
"""  # noqa: S608

# Who tells of a dossier now, and who the mirror says handles it, where these differ; locked as in `TAKE`.
HANDED_ON = """
WITH held AS MATERIALIZED (
    SELECT dossier, code, procedure, agency, channel, CASE WHEN is_away THEN 0 ELSE state END AS state
    FROM tracking_tracked WHERE dossier = ANY(%s::uuid[]) ORDER BY dossier FOR UPDATE
)
SELECT held.dossier, held.code, held.procedure, held.agency, held.channel, held.state, told.agency, told.at
FROM held JOIN unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS told (dossier, agency, at) USING (dossier)
WHERE held.agency <> told.agency
"""
HAND_ON = f"""
WITH before AS MATERIALIZED (
    SELECT * FROM tracking_tracked WHERE dossier = ANY(%s::uuid[])
), after AS (
    UPDATE tracking_tracked t SET agency = m.agency FROM unnest(%s::uuid[], %s::text[]) AS m (dossier, agency)
    WHERE t.dossier = m.dossier RETURNING t.*
), {COUNTING}
SELECT count(*) FROM after
"""  # noqa: S608


def differing(table: str) -> str:
    """All dossiers of the mirror counted anew, less what the running counts say: nothing, if these are right. One look at both.

    Dossiers of one course are brought together first, which goes on all processors; only then is each course taken apart.
    """
    ours = {
        "tracking_agencyquarter": "agency, '' AS procedure",
        "tracking_procedurequarter": "split_part(agency, '.', 1) AS agency, procedure",
    }[table]
    keys = TABLES[table][0]
    less = ", ".join(f"-{name} AS {name}" for name in NUMBERS)
    anew = f"""SELECT agency, procedure, channel, counted.* FROM (
        SELECT {ours}, channel, received, ended, outcome, due, count(*) AS number
        FROM ({COURSE.format(rows="tracking_tracked")}) AS one GROUP BY 1, 2, 3, 4, 5, 6, 7
    ) AS c {COUNTED}"""  # noqa: S608
    both = f"({summed(table, f'({anew}) AS counted')}) UNION ALL SELECT {keys}, {less} FROM {table}"  # noqa: S608
    some = " OR ".join(f"sum({name}) <> 0" for name in NUMBERS)
    return f"SELECT {keys}, {SUMS} FROM ({both}) AS both_of_them GROUP BY {keys} HAVING {some}"  # noqa: S608


# What differs is added: counts that have gone on in the meantime stay right.
ROOM = "SELECT set_config('work_mem', '256MB', true)"
FIND = {
    table: f"CREATE TEMPORARY TABLE {table}_differing ON COMMIT DROP AS {differing(table)}"
    for table in TABLES
}
FOUND = {
    table: f"SELECT (SELECT count(*) FROM {table}), (SELECT count(*) FROM {table}_differing)"  # noqa: S608
    for table in TABLES
}
MEND = {
    table: f"INSERT INTO {table} AS t ({keys}, {', '.join(NUMBERS)}) SELECT {keys}, {', '.join(NUMBERS)} "  # noqa: S608
    f"FROM {table}_differing ORDER BY {keys} ON CONFLICT ({keys}) DO UPDATE SET {ADDED}"
    for table, (keys, _chosen) in TABLES.items()
}
DROP = {table: f"DROP TABLE {table}_differing" for table in TABLES}
