"""Which columns name files of the store: each context says it of its own models, so that what nobody names can be found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import connection, models

HEX = "[0-9a-f]{64}"


@dataclass(frozen=True)
class Naming:
    """A place that names files: its model, the columns that do, and the query that gives their digests, one a row."""

    model: type[models.Model]
    columns: tuple[str, ...]
    query: Callable[[], str]


NAMINGS: dict[str, Naming] = {}


def names_files[M: type[models.Model]](*columns: str, only: str = "", query: str = "") -> Callable[[M], M]:
    """Declare that these columns of a model name files by digest, in all rows or in those of which `only` (SQL) holds.

    A text holds one digest or nothing, structured text any number of them anywhere in it, a BinaryField the bytes of one;
    where a column holds them otherwise, `query` (SQL) reads them out.
    """

    def declare(model: M) -> M:
        NAMINGS[model._meta.label] = Naming(model, columns, lambda: query or _reading(model, columns, only))
        return model

    return declare


def unnamed(digests: Iterable[str]) -> set[str]:
    """Those of the digests that no row names: one statement for each place, and none when nothing is left to look for."""
    left = set(digests)
    with connection.cursor() as cursor:
        for naming in NAMINGS.values():
            if not left:
                break
            cursor.execute(
                f"SELECT digest FROM unnest(%s::text[]) AS looked_for (digest) WHERE digest IN ({naming.query()})",  # noqa: S608 — as above
                [sorted(left)],
            )
            left -= {digest for (digest,) in cursor.fetchall()}
    return left


def _reading(model: type[models.Model], columns: Iterable[str], only: str) -> str:
    """The digests in these columns, one a row; names of tables and columns are the models'."""
    condition = f" WHERE {only}" if only else ""
    return " UNION ALL ".join(
        f'SELECT {_digest(model, column)} FROM "{model._meta.db_table}"{condition}'  # noqa: S608
        for column in columns
    )


def _digest(model: type[models.Model], column: str) -> str:
    """How the digests are read out of a column."""
    field = model._meta.get_field(column)
    if isinstance(field, models.JSONField):
        return f"(regexp_matches(\"{field.column}\"::text, '{HEX}', 'g'))[1]"
    if isinstance(field, models.BinaryField):
        return f"encode(\"{field.column}\", 'hex')"
    return f'"{column}"'
