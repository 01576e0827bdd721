"""How states become the mirror, and the mirror the country's report: the statements, and what is counted."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

from motcua.dossiers.states import ENDED, OPEN, PAUSED, State
from motcua.journal.actions import recording
from motcua.tracking.events import StateTaken


def among(states: frozenset[State]) -> str:
    return f"({', '.join(str(int(state)) for state in sorted(states))})"


def columns(names: Iterable[str]) -> str:
    return ", ".join(names)


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
# quarter their time was up until they ended: `over` goes up, and down again. One after the other: `VALUES` beside each row would
# be made ready for each anew, which is twenty times the work.
PARTS = {
    "received": {"received": "number"},
    "CASE WHEN ended IS NOT NULL THEN greatest(ended, received) END": {
        name: f"number * (outcome = {place})::int"
        for place, name in enumerate(("early", "on_day", "late", "undone"), start=1)
    },
    "CASE WHEN due IS NOT NULL THEN greatest(due, received) END": {"over": "number"},
    "CASE WHEN due IS NOT NULL AND ended IS NOT NULL THEN greatest(ended, due, received) END": {
        "over": "-number"
    },
}


def counted(courses: str, keys: str) -> str:
    """Courses with their numbers, taken apart into what they are in the counts of which quarters."""
    return " UNION ALL ".join(
        f"SELECT {keys}, {quarter} AS quarter, {columns(f'{part.get(name, 0)} AS {name}' for name in NUMBERS)} "  # noqa: S608
        f"FROM {courses} WHERE {quarter} IS NOT NULL"
        for quarter, part in PARTS.items()
    )


SUMS = ", ".join(f"sum({name})::bigint AS {name}" for name in NUMBERS)
ANY = " OR ".join(f"sum({name}) <> 0" for name in NUMBERS)
# Two counts of the same: by agency, and by procedure in a province or ministry. Both together would be as many rows as dossiers.
# Their keys, in order, and what each is of a dossier that is counted.
TABLES = {
    "tracking_agencyquarter": {"quarter": "quarter", "agency": "agency", "channel": "channel"},
    "tracking_procedurequarter": {
        "quarter": "quarter",
        "authority": "split_part(agency, '.', 1)",
        "procedure": "procedure",
        "channel": "channel",
    },
}
ADDED = ", ".join(f"{name} = t.{name} + excluded.{name}" for name in NUMBERS)


def added(table: str) -> str:
    """What is counted added to one of the counts, in the order of the keys, so that two who count cannot wait for each other."""
    keys = columns(TABLES[table])
    chosen = columns(f"{what} AS {key}" for key, what in TABLES[table].items())
    return f"""
    INSERT INTO {table} AS t ({keys}, {columns(NUMBERS)})
    SELECT {chosen}, {SUMS} FROM counted GROUP BY {keys} HAVING {ANY} ORDER BY {keys}
    ON CONFLICT ({keys}) DO UPDATE SET {ADDED}"""  # noqa: S608 — as above


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
    {counted("courses", "agency, procedure, channel")}
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


# All dossiers of the mirror counted anew, less what the running counts say: nothing, if these are right. One statement, so that
# both are seen at one moment. Dossiers of one course are brought together first, which goes on several processors; only then is
# each course taken apart. What is grouped by is short: a course is one number, of eight bits for each of its quarters, 255 where
# there is none. Behind `WITH` the planner guesses how many courses there are; before it, it would fear as many as dossiers, and
# neither divide the work nor keep it in memory.
PACKED = "channel::int << 27 | (received << 19) | (coalesce(ended, 255) << 11) | (coalesce(due, 255) << 3) | outcome"
UNPACKED = """course >> 27 AS channel, course >> 19 & 255 AS received, nullif(course >> 11 & 255, 255) AS ended,
        nullif(course >> 3 & 255, 255) AS due, course & 7 AS outcome"""


def anew(table: str) -> str:
    """The parts of the statement that count all dossiers of the mirror by the keys of one of the counts."""
    whose = {key: what for key, what in TABLES[table].items() if key not in {"quarter", "channel"}}
    names, keys = columns(whose), columns(TABLES[table])
    # Not the column itself: of that the planner knows how many there are, and multiplies.
    chosen = columns(f"{what} || '' AS {name}" for name, what in whose.items())
    return f"""{table}_courses AS MATERIALIZED (
    SELECT {names}, {UNPACKED}, number FROM (
        SELECT {names}, course, count(*)::int AS number FROM (
            WITH apart AS (SELECT) SELECT {chosen}, {PACKED} AS course
            FROM ({COURSE.format(rows="tracking_tracked")}) AS one
        ) AS packed GROUP BY {names}, course
    ) AS grouped
), {table}_anew AS (
    SELECT {keys}, {SUMS} FROM ({counted(f"{table}_courses", f"{names}, channel")}) AS counted GROUP BY {keys}
)"""  # noqa: S608


def differing(table: str) -> str:
    """Where what was counted anew is not what one of the counts says, and by how much."""
    keys = columns(TABLES[table])
    less = columns(f"coalesce(n.{name}, 0) - coalesce(h.{name}, 0) AS {name}" for name in NUMBERS)
    unlike = " OR ".join(f"coalesce(n.{name}, 0) <> coalesce(h.{name}, 0)" for name in NUMBERS)
    return (
        f"SELECT {keys}, {less} FROM {table}_anew AS n FULL JOIN {table} AS h USING ({keys}) WHERE {unlike}"  # noqa: S608
    )


FIND = {
    table: f"CREATE TEMPORARY TABLE {table}_differing ON COMMIT DROP AS WITH {anew(table)} {differing(table)}"
    for table in TABLES
}
FOUND = {
    table: f"SELECT (SELECT count(*) FROM {table}), (SELECT count(*) FROM {table}_differing)"  # noqa: S608
    for table in TABLES
}
# What differs is added: counts that have gone on in the meantime stay right.
MEND = {
    table: f"INSERT INTO {table} AS t ({columns((*TABLES[table], *NUMBERS))}) SELECT * FROM {table}_differing "  # noqa: S608
    f"ORDER BY {columns(TABLES[table])} ON CONFLICT ({columns(TABLES[table])}) DO UPDATE SET {ADDED}"
    for table in TABLES
}
DROP = {table: f"DROP TABLE {table}_differing" for table in TABLES}
# Room for all courses in memory, for this transaction alone.
ROOM = "SELECT set_config('work_mem', '1GB', true)"
