"""What lies at an agency: each context says what of it does, how much there is, and how it follows when the agency ends."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, Expression, F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise


@dataclass(frozen=True)
class Passing:
    """One agency ends, and who follows it from a day on: the main heir has all that nothing else is said of.

    `dossiers` tells to which agency each of some dossiers goes, `officers` to which the holders of its posts go (by account).
    """

    old: str
    new: str
    on: date
    decision: str
    dossiers: Callable[[Iterable[UUID]], Mapping[UUID, str]]
    officers: Mapping[UUID, str]


type Follow = Callable[[Passing], int]


@dataclass(frozen=True)
class Estate:
    """One kind of thing that lies at agencies: its name, its rows, where a row says at which agency, and how it moves."""

    key: str
    name: Promise
    rows: Callable[[], QuerySet[Any]]
    at: str | Expression
    follow: Follow


ESTATES: dict[str, Estate] = {}


def left_behind(
    key: str, name: Promise, *, rows: Callable[[], QuerySet[Any]], at: str | Expression = "agency"
) -> Callable[[Follow], Follow]:
    """Declare `follow(passing)`: it moves what lies at the agency that ends, returns how much, and is safe to run twice."""

    def declare(follow: Follow) -> Follow:
        ESTATES[key] = Estate(key, name, rows, at, follow)
        return follow

    return declare


def counted(codes: Sequence[str]) -> dict[str, int]:
    """How much of each kind lies at these agencies, by key, what there is none of left out: one statement."""
    kinds = [
        estate.rows()
        .order_by()
        .annotate(held_at=Cast(F(estate.at) if isinstance(estate.at, str) else estate.at, TextField()))
        .filter(held_at__in=list(codes))
        .annotate(estate=Value(estate.key, CharField()))
        .values_list("estate")
        .annotate(Count("pk"))
        for estate in ESTATES.values()
    ]
    found = kinds[0].union(*kinds[1:], all=True) if kinds else ()
    return {key: number for key, number in sorted(found) if number}


def pass_on(passing: Passing) -> dict[str, int]:
    """Everything that lies at an agency follows it; return how much did, by key."""
    return {key: estate.follow(passing) for key, estate in ESTATES.items()}
