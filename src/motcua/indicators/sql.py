"""The one definition of what is counted, in SQL: the running numbers and the recount both go through it."""

from django.conf import settings

# Where it stood before. Entries written before they said so name only the state it was in, and a mirror of that time did not
# know that it was away: what went out is taken off once, and not once more when it comes back or is told of late.
STOOD = """CASE
    WHEN facts->>'stood' IS NULL AND facts->>'forwarded' = 'out' AND facts->>'state' = facts->>'was' THEN 0
    WHEN coalesce(facts->>'stood', facts->>'was') = '3' AND (
        SELECT p.facts->>'forwarded' = 'out'
            AND ((p.facts->>'at')::timestamptz, (p.facts->>'state')::int, p.facts->>'step')
                < ((e.facts->>'at')::timestamptz, (e.facts->>'state')::int, e.facts->>'step')
        FROM journal_entry p WHERE p.about = e.about AND p.event = e.event AND (p.tx, p.id) < (e.tx, e.id)
        ORDER BY (p.facts->>'at')::timestamptz DESC, (p.facts->>'state')::int DESC, p.facts->>'step' DESC LIMIT 1
    ) THEN 0
    ELSE coalesce(facts->>'stood', facts->>'was')::int END"""

# What entries say, gathered: one row for all that differ in nothing that is counted. `first` is true once for each dossier
# and state; a dossier nothing was known of (`was` = 0) is filed. A dossier that passes to another agency leaves its state
# at the one and comes into it at the other, and nothing else is counted. One that is forwarded was filed where it was filed
# first, and refused nowhere. Classes of time: circular 01/2020/TT-VPCP, form II.06a.
GATHERED = f"""
SELECT day, agency, procedure, channel, state, was, stood, first, forwarded,
    CASE WHEN NOT on_time THEN 'overdue' WHEN due IS NOT NULL AND day < due THEN 'early' ELSE 'on_day' END AS timing,
    count(*) AS number
FROM (
    SELECT ((facts->>'at')::timestamptz AT TIME ZONE '{settings.TIME_ZONE}')::date AS day,
        (nullif(facts->>'due_at', '')::timestamptz AT TIME ZONE '{settings.TIME_ZONE}')::date AS due,
        facts->>'agency' AS agency, facts->>'procedure' AS procedure, (facts->>'channel')::int AS channel,
        (facts->>'state')::int AS state, (facts->>'was')::int AS was,
        {STOOD} AS stood,
        (facts->>'first')::bool AS first, (facts->>'on_time')::bool AS on_time,
        coalesce(facts->>'forwarded', '') AS forwarded
    FROM journal_entry e WHERE event = 'tracking.StateTaken' AND {{which}}
    UNION ALL
    SELECT ((facts->>'at')::timestamptz AT TIME ZONE '{settings.TIME_ZONE}')::date, NULL,
        facts->>side.agency, facts->>'procedure', (facts->>'channel')::int,
        CASE side.agency WHEN 'agency' THEN (facts->>'state')::int ELSE 0 END,
        CASE side.agency WHEN 'agency' THEN 0 ELSE (facts->>'state')::int END,
        CASE side.agency WHEN 'agency' THEN 0 ELSE (facts->>'state')::int END, false, true, ''
    FROM journal_entry e CROSS JOIN (VALUES ('was_agency'), ('agency')) AS side (agency)
    WHERE event = 'tracking.AgencyChanged' AND {{which}}
) AS told
GROUP BY day, agency, procedure, channel, state, was, stood, first, timing, forwarded
"""  # noqa: S608 — our own setting

COUNTED = """
SELECT day, agency, procedure, channel, kind, sum(number)::bigint AS number
FROM gathered CROSS JOIN LATERAL (VALUES
    ('filed', first AND was = 0 AND forwarded <> 'in'),
    ('received', first AND state = 2),
    ('refused', first AND state = 3 AND forwarded <> 'out'),
    ('supplemented', first AND state = 5),
    ('withdrawn', first AND state = 7),
    ('stopped', first AND state = 8),
    ('finished', first AND state = 9),
    (timing, first AND state = 9),
    ('delivered', first AND state = 10)
) AS counted (kind, holds)
WHERE holds GROUP BY day, agency, procedure, channel, kind
"""

# What entries say of ratings; a recount gathers them with the rest.
RATED = f"""
SELECT ((facts->>'at')::timestamptz AT TIME ZONE '{settings.TIME_ZONE}')::date AS day, facts->>'agency' AS agency,
    facts->>'procedure' AS procedure, (facts->>'channel')::int AS channel, said.kind, sum(said.number)::bigint AS number
FROM journal_entry e CROSS JOIN LATERAL (VALUES
    ('rated', 1),
    ('satisfied', ((facts->>'overall')::int >= 2)::int),
    ('overall', (facts->>'overall')::int),
    ('convenience', (facts->>'convenience')::int),
    ('timeliness', (facts->>'timeliness')::int),
    ('attitude', (facts->>'attitude')::int)
) AS said (kind, number)
WHERE event = 'tracking.RatingTaken' AND {{which}} GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 — our own setting

# Into one state, out of another; one that was sent on stands where it was sent, and nowhere else.
STANDING = """
SELECT agency, procedure, channel, moved.state, sum(moved.number)::bigint AS number
FROM gathered CROSS JOIN LATERAL (VALUES (CASE forwarded WHEN 'out' THEN 0 ELSE gathered.state END)) AS now (stands)
CROSS JOIN LATERAL (VALUES (stands, number), (stood, -number)) AS moved (state, number)
WHERE stood <> stands AND moved.state <> 0
GROUP BY agency, procedure, channel, moved.state
"""

# In the order of the keys, so that two who count cannot wait for each other.
ADD = f"""
WITH gathered AS MATERIALIZED ({GATHERED.format(which="id = ANY(%s)")}),
counted AS (
    INSERT INTO indicators_count AS c (day, agency, procedure, channel, kind, number)
    {COUNTED} UNION ALL {RATED.format(which="id = ANY(%s)")} ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (day, agency, procedure, channel, kind) DO UPDATE SET number = c.number + excluded.number
)
INSERT INTO indicators_standing AS s (agency, procedure, channel, state, number)
{STANDING} ORDER BY 1, 2, 3, 4
ON CONFLICT (agency, procedure, channel, state) DO UPDATE SET number = s.number + excluded.number
"""  # noqa: S608 — made of the texts above

# The journal's order is that of transaction and number, so the place of the last entry read bounds what is counted.
UP_TO = "(e.tx, e.id) <= (SELECT x.tx, x.id FROM journal_entry x JOIN journal_seal p ON p.entry_id = x.id WHERE p.place = %s)"
GATHER_ALL = (
    "CREATE TEMPORARY TABLE gathered ON COMMIT DROP AS " + GATHERED.format(which=UP_TO),
    "CREATE TEMPORARY TABLE rated ON COMMIT DROP AS " + RATED.format(which=UP_TO),
)
DROP_GATHERED = "DROP TABLE gathered, rated"

DIFFERING = """
WITH recounted AS ({anew}), kept AS (SELECT {columns} FROM {table})
SELECT (SELECT count(*) FROM recounted),
    (SELECT count(*) FROM ((TABLE recounted EXCEPT TABLE kept) UNION (TABLE kept EXCEPT TABLE recounted)) AS d)
"""

REPLACE = "DELETE FROM {table}; INSERT INTO {table} ({columns}) {anew}"

TABLES = (
    {
        "table": "indicators_count",
        "columns": "day, agency, procedure, channel, kind, number",
        "anew": f"{COUNTED} UNION ALL TABLE rated",
    },
    {
        "table": "indicators_standing",
        "columns": "agency, procedure, channel, state, number",
        "anew": STANDING,
    },
)
