"""Questions the ORM words once: for what is read all day, where wording the same question anew costs more than its answer.

A `@worded_once` function makes a query set as ever. It is called the first time with places for its values, and what the ORM
makes of that is kept; from then on only values are sent, and rows become models as they always do.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import update_wrapper
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet, ObjectDoesNotExist
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, QuerySet, prefetch_related_objects
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler
from psycopg.sql import Literal

from motcua.lib.statements import prepared

SEVERAL = (tuple, list, set, frozenset)
PLACE = re.compile(r"%(%|s)")


class Place(Expression):
    """Where a value of this number goes."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", [self]


class Wording(NamedTuple):
    """A question as it was worded: its words, which values they want, and how its rows are read."""

    statement: str
    wanted: list[int]
    rows: Any
    compiler: SQLCompiler
    converters: dict[int, Any]

    def ask(self, values: Sequence[Any]) -> list[Any]:
        with prepared() as cursor:
            cursor.execute(self.statement, [values[number] for number in self.wanted])
            found = cursor.fetchall()
        rows = [*self.rows._iterable_class(_Answered(self, found))]
        if lookups := self.rows._prefetch_related_lookups:
            prefetch_related_objects(rows, *lookups)
        return rows


class _Answered:
    """What a query set is to those who make models of its rows, when the rows are there already."""

    def __init__(self, wording: Wording, found: list[tuple[Any, ...]]) -> None:
        rows = wording.rows
        self.model, self.db, self._fields = rows.model, DEFAULT_DB_ALIAS, rows._fields
        self._fetch_mode, self._known_related_objects = rows._fetch_mode, rows._known_related_objects
        self.query = copy(rows.query)
        self.query.get_compiler = lambda *_args, **_details: _Reader(wording, found)


class _Reader(SQLCompiler):
    """The compiler as it was after wording; executing is to hand out the rows."""

    def __init__(self, wording: Wording, found: list[tuple[Any, ...]]) -> None:
        vars(self).update(vars(wording.compiler))
        self.connection = connection
        self.converters, self.found = wording.converters, found

    def execute_sql(self, *_args: Any, **_details: Any) -> Any:
        return [self.found]

    def get_converters(self, _expressions: Any) -> dict[int, Any]:
        return self.converters


class WordedOnce[**P, Row]:
    """A question; asked with its values, it gives the rows."""

    def __init__(self, build: Callable[P, QuerySet[Any, Row]]) -> None:
        self.build = build
        self.wordings: dict[Any, Wording | None] = {}
        update_wrapper(self, build)

    def __call__(self, *args: P.args, **named: P.kwargs) -> list[Row]:
        given, wording = self.worded(*args, **named)
        return wording.ask([one for value in given for one in _each(value)]) if wording else []

    def within(self, *args: P.args, **named: P.kwargs) -> RawSQL:
        """The same as a part of another question; raises EmptyResultSet where there can be no row."""
        given, wording = self.worded(*args, **named)
        if wording is None:
            raise EmptyResultSet
        values = [one for value in given for one in _each(value)]
        wanted = [values[number] for number in wording.wanted]
        return RawSQL(wording.statement, wanted)  # noqa: S611 — the words are Django's own

    def worded(self, *args: P.args, **named: P.kwargs) -> tuple[Sequence[Any], Wording | None]:
        """The values that are given, and the words for values of their shape."""
        given = (*args, *named.values())
        # None and how many there are of several change the words; all else is only a value.
        shape = (len(args), *named, *(shape_of(value) for value in given))
        if shape not in self.wordings:
            places = iter(
                [_places(value, number) for value, number in zip(given, _counted(given), strict=True)]
            )
            rows = self.build(*[next(places) for _one in args], **{name: next(places) for name in named})
            self.wordings[shape] = _word(rows, sum(len(_each(value)) for value in given if value is not None))
        return given, self.wordings[shape]

    def first(self, *args: P.args, **named: P.kwargs) -> Row | None:
        """The first row, if there is one; the question itself should want no more."""
        return next(iter(self(*args, **named)), None)

    def get(self, *args: P.args, **named: P.kwargs) -> Row:
        """The one row; raises ObjectDoesNotExist if there is none."""
        for row in self(*args, **named):
            return row
        raise ObjectDoesNotExist(self.build.__name__)


def worded_once[**P, Row](build: Callable[P, QuerySet[Any, Row]]) -> WordedOnce[P, Row]:
    """Declare a question: the function gives a query set, in which its parameters stand only as values that are compared.

    Values are sent as the database keeps them: no model, no name of a choice, no naive time.
    """
    return WordedOnce(build)


def shape_of(value: Any) -> Any:
    return None if value is None else len(value) if isinstance(value, SEVERAL) else ...


def _each(value: Any) -> Sequence[Any]:
    return [*value] if isinstance(value, SEVERAL) else [value]


def _counted(given: Sequence[Any]) -> Iterator[int]:
    """At which number the values of each parameter begin."""
    number = 0
    for value in given:
        yield number
        number += len(_each(value))


def _places(value: Any, first: int) -> Any:
    if value is None:
        return None
    if isinstance(value, SEVERAL):
        return tuple(Place(first + number) for number in range(len(value)))
    return Place(first)


def _word(rows: QuerySet[Any, Any], places: int) -> Wording | None:
    """Let the ORM word it; nothing if it says by itself that there can be no row."""
    connection.ensure_connection()
    compiler = rows.query.get_compiler(connection=connection)
    try:
        said, values = compiler.as_sql()
    except EmptyResultSet:
        return None
    rest, wanted = iter(values), list[int]()

    def written(found: re.Match[str]) -> str:
        if found[1] == "%":
            return "%%"
        value = next(rest)
        if isinstance(value, Place):
            wanted.append(value.number)
            return "%s"
        # What is always the same is part of the words: the planner then knows it, and uses the indexes made for it.
        return Literal(value).as_string(connection.connection).replace("%", "%%")

    statement = PLACE.sub(written, said)
    if len({*wanted}) != places:
        raise TypeError(
            "A value was taken for a text, or not at all: compare it as it is, by a field of its own."
        )
    fields = [column[0] for column in compiler.select[: compiler.col_count]]
    return Wording(statement, wanted, rows, compiler, compiler.get_converters(fields))
