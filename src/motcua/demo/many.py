"""A province with a million dossiers, for measuring: a true past, copied in the database to every commune, shifted in time."""

from collections.abc import Callable

from django.db import connection

# Everything about a copy follows from what it is a copy of and its number, so that its parts find each other.
AS = "md5({id}::text || ':' || n)::uuid"
# A past is shifted whole: with a deadline goes the one that was warned of, or everybody would be warned anew.
MOMENTS = {"timestamp with time zone", "date"}
SHIFT = "(n %% 89) * interval '1 day' + (n %% 7) * interval '1 hour'"
COMMUNES = """
CREATE TEMPORARY TABLE places AS
SELECT code, row_number() OVER (ORDER BY code) - 1 AS place
FROM organisations_agency WHERE code LIKE 'H38.%' AND valid_to IS NULL
"""
ORIGINALS = (
    "CREATE TEMPORARY TABLE originals AS SELECT id, row_number() OVER () AS place FROM dossiers_dossier"
)
# What a node that tracks would have been told of them by now.
MIRRORED = """
INSERT INTO tracking_tracked (dossier, code, procedure, agency, channel, state, step, due_at, on_time, first_at, changed_at,
    seen, received_at, done_at, is_away)
SELECT d.id, d.code, p.code, d.agency, d.channel, d.state, '', d.due_at, true, d.arrived_at,
    coalesce(d.ended_at, d.accepted_at), 6, d.accepted_at, d.ended_at, false
FROM dossiers_dossier d JOIN procedures_version v ON v.id = d.version_id JOIN procedures_procedure p ON p.id = v.procedure_id
WHERE d.code IS NOT NULL AND d.accepted_at IS NOT NULL
ON CONFLICT DO NOTHING
"""


def multiply(target: int, tell: Callable[[int], None], *, batch: int = 200) -> None:
    """Copy the dossiers there are, with their steps and clocks, until there are so many; tell how far that is, in percent."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(COMMUNES)
        cursor.execute(ORIGINALS)
        cursor.execute("SELECT count(*) FROM originals")
        originals = cursor.fetchone()[0]
        rounds = -(-target // originals) - 1
        for first in range(1, rounds + 1, batch):
            last = min(first + batch - 1, rounds)
            for table in ("dossiers_dossier", "dossiers_step", "dossiers_segment"):
                cursor.execute(copying(table), {"first": first, "last": last})
            tell(100 * last // rounds)
        cursor.execute(MIRRORED)
        cursor.execute("VACUUM ANALYZE")  # as the database does by itself on any other day


def copying(table: str) -> str:
    """One statement that copies a table's rows for numbers first to last."""
    moments = {name: type_ in MOMENTS for name, type_ in columns_of(table).items()}
    columns = {
        name: f's."{name}" - {SHIFT}' if is_moment else f's."{name}"' for name, is_moment in moments.items()
    }
    if table == "dossiers_dossier":
        columns |= {
            "id": AS.format(id="s.id"),
            "agency": "p.code",
            "origin": "CASE WHEN s.origin = s.agency THEN p.code ELSE s.origin END",
            "applicant_number": "left(s.applicant_number, -5) || lpad((n %% 100000)::text, 5, '0')",
            "code": "replace(s.code, s.agency || '-', p.code || '-') || lpad(n::text, 5, '0') || lpad(o.place::text, 4, '0')",
        }
        source, key = "dossiers_dossier", "s.id"
    else:
        columns |= {"dossier_id": AS.format(id="s.dossier_id")}
        if "agency" in columns:
            columns["agency"] = "p.code"
        source, key = table, "s.dossier_id"
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(columns.values())
    return f"""
        INSERT INTO {table} ({names}) SELECT {values}
        FROM {source} s JOIN originals o ON o.id = {key}, generate_series(%(first)s, %(last)s) n
        JOIN places p ON p.place = n %% (SELECT count(*) FROM places)
    """  # noqa: S608 — every name is from the database's own catalogue


def columns_of(table: str) -> dict[str, str]:
    """The columns that are written, each with its type; numbers and what is computed are left to the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT column_name, data_type FROM information_schema.columns
            WHERE table_name = %s AND is_generated = 'NEVER' AND is_identity = 'NO' ORDER BY ordinal_position
            """,
            [table],
        )
        return dict(cursor.fetchall())
