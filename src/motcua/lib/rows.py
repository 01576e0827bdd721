"""Rows of models written with one statement for all: for what is done all day, where building each statement anew costs most.

A `Part` is a statement over any number of rows of one model, which travel as one JSON text; `write` sends several parts as
one statement, which stands or falls as a whole. Nothing here asks who may: only actions write.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import AutoField, Field

from motcua.lib.statements import prepared

# Times, decimals and identifiers as PostgreSQL reads them; JSON and lists as they stand.
as_text = json.JSONEncoder(ensure_ascii=False, default=str).encode


@dataclass(frozen=True)
class Part:
    """A statement with its values; other parts may refer to what it returns by its name."""

    name: str
    statement: str
    values: tuple[Any, ...]


def write(*parts: Part) -> list[tuple[Any, ...]]:
    """All parts in one statement; what the last one returns. All see the tables as they were before."""
    *before, last = parts
    named = ", ".join(f"{part.name} AS ({part.statement})" for part in before)
    statement = f"WITH {named} {last.statement}" if before else last.statement
    with prepared() as cursor:
        cursor.execute(statement, [value for part in parts for value in part.values])
        return cursor.fetchall() if cursor.description else []


def put(rows: Sequence[models.Model], *, otherwise: str = "") -> int:
    """Write new rows in a statement of their own; how many of them were not there before. They bear their keys already."""
    made = {key for (key,) in write(inserted(rows, otherwise=otherwise))}
    for row in rows:
        if row.pk in made:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return len(made)


def updated(
    rows: Sequence[models.Model],
    *names: str,
    computed: Mapping[str, str] | None = None,
    name: str = "updated",
) -> Part:
    """These fields of these saved rows of one model. `computed` are columns set to an expression, and returned; it may speak of
    what is `given`, by the names of fields.
    """
    statement, attributes = _update(type(rows[0]), names, tuple((computed or {}).items()), _few(len(rows)))
    return Part(name, statement, (_values(rows, attributes),))


def inserted(rows: Sequence[models.Model], *, otherwise: str = "", name: str = "inserted") -> Part:
    """New rows of one model, in their order; it returns their keys. `otherwise` is what is done `ON CONFLICT`."""
    statement, attributes = _insert(type(rows[0]), otherwise)
    return Part(name, statement, (_values(rows, attributes),))


def _few(count: int) -> int | None:
    """How many rows the planner is told to expect at most: by its own guess of a hundred it reads whole tables for one row."""
    return next((most for most in (1, 10) if count <= most), None)


def _values(rows: Sequence[models.Model], attributes: Sequence[str]) -> str:
    return as_text([{name: getattr(row, name) for name in attributes} for row in rows])


@lru_cache(maxsize=256)
def _update(
    model: type[models.Model], names: tuple[str, ...], computed: tuple[tuple[str, str], ...], few: int | None
) -> tuple[str, list[str]]:
    known = {field.name: field for field in model._meta.local_concrete_fields}
    key, fields = model._meta.pk, [known[name] for name in names]
    settings = {field.column: f'given."{field.attname}"' for field in fields} | dict(computed)
    changes = ", ".join(f'"{column}" = {value}' for column, value in settings.items())
    returned = ", ".join(f't."{column}"' for column, _expression in computed)
    table, given = model._meta.db_table, [key, *fields]
    statement = (
        f'UPDATE "{table}" AS t SET {changes} FROM (SELECT * FROM {_given(given)}{(few and f" LIMIT {few}") or ""}) AS given'  # noqa: S608 — names of our own models
        f' WHERE t."{key.column}" = given."{key.attname}"{returned and f" RETURNING {returned}"}'
    )
    return statement, [field.attname for field in given]


@lru_cache(maxsize=256)
def _insert(model: type[models.Model], otherwise: str) -> tuple[str, list[str]]:
    fields = [
        field
        for field in model._meta.local_concrete_fields
        if not field.generated and not field.has_db_default() and not isinstance(field, AutoField)
    ]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    chosen = ", ".join(f'given."{field.attname}"' for field in fields)
    key, table = model._meta.pk.column, model._meta.db_table
    conflict = otherwise and f" ON CONFLICT {otherwise}"
    statement = (
        f'INSERT INTO "{table}" ({columns}) SELECT {chosen} FROM {_given(fields)}{conflict} RETURNING "{key}"'  # noqa: S608
    )
    return statement, [field.attname for field in fields]


def _given(fields: "Sequence[Field[Any, Any]]") -> str:
    types = ", ".join(f'"{field.attname}" {field.rel_db_type(connection)}' for field in fields)
    return f"json_to_recordset(%s) AS given ({types})"
