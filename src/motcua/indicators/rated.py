"""How people found it, in public: means by agency and by procedure, and nothing where so few answered that one could be known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import F, Max, Q, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from motcua.dossiers.ratings import QUESTIONS, Rated
from motcua.indicators.models import Count, CountQuerySet, Kind
from motcua.indicators.questions import highest
from motcua.lib.worded import WordedOnce, worded_once
from motcua.organisations.models import Agency
from motcua.procedures.models import Version

# With fewer answers a mean says more of a person than of an office.
FEWEST = 5
MOST_ROWS = 20


@dataclass(frozen=True)
class Ratings:
    """What people answered, by agency and by procedure; `is_any` says that somebody has, though perhaps too few."""

    agencies: list[Rated]
    procedures: list[Rated]
    is_any: bool


def ratings(first: date, last: date, *, under: str = "") -> Ratings:
    """The twenty with the most answers of each, the least liked first: two queries, and two for their names."""
    agencies, procedures = (summed(key, first, last, under) for key in ("agency", "procedure"))
    shown = {row["key"] for row in agencies}
    offices = {one.code: one.name for one in Agency.objects.filter(code__in=shown)} if shown else {}
    return Ratings(
        lines(agencies, offices),
        lines(procedures, titles({row["key"] for row in procedures})),
        bool(agencies or procedures) or Count.objects.between(first, last).under(under).of_ratings().exists(),
    )


def by_agency(first: date, last: date, *, under: str = "") -> dict[str, Rated]:
    """The same of every agency of the ranking, however few of the others answered more: one query."""
    rows = summed("agency", first, last, under, most=None)
    return {one.code: one for one in lines(rows, {})}


def by_procedure(first: date, last: date, *, under: str = "") -> list[Rated]:
    """The same of every procedure enough have answered about, the least liked first: two queries."""
    rows = summed("procedure", first, last, under, most=None)
    return lines(rows, titles({row["key"] for row in rows}))


def summed(
    by: str, first: date, last: date, under: str, *, most: int | None = MOST_ROWS
) -> list[dict[str, Any]]:
    """The sums of each kind by agency or procedure, where enough have answered; in the country's, by province and ministry."""
    if not under:
        return of_country(by, most)(first, last)
    return [*grouped(Count.objects.between(first, last).under(under), F(by), most)]


@cache
def of_country(by: str, most: int | None) -> WordedOnce[[date, date], dict[str, Any]]:
    """The same of the whole country, which anybody looks at all day."""

    @worded_once
    def sums(first: date, last: date) -> QuerySet[Count, Any]:
        return grouped(Count.objects.between(first, last), highest() if by == "agency" else F(by), most)

    return sums


def grouped(counts: CountQuerySet, by: Combinable, most: int | None) -> QuerySet[Count, Any]:
    kinds = {
        kind.value: Coalesce(Sum("number", filter=Q(kind=kind)), 0)
        for kind in (Kind.SATISFIED, Kind.OVERALL, Kind.CONVENIENCE, Kind.TIMELINESS, Kind.ATTITUDE)
    }
    found = counts.of_ratings().annotate(key=by).values("key").order_by()
    answered = found.annotate(count=Sum("number", filter=Q(kind=Kind.RATED)), **kinds)
    return answered.filter(count__gte=FEWEST).order_by("-count", "key")[:most]


def lines(rows: list[dict[str, Any]], names: Mapping[str, str]) -> list[Rated]:
    found = [
        Rated(
            row["key"],
            names.get(row["key"], row["key"]),
            row["count"],
            100 * row["satisfied"] / row["count"],
            *(row[name] / row["count"] for name in QUESTIONS),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.overall, -one.count, one.code))


def titles(codes: set[str]) -> dict[str, str]:
    """What procedures are called, in the language of the page where they have a name in it."""
    if not codes:
        return {}
    known = Version.objects.filter(procedure__code__in=codes).order_by().values_list("procedure__code")
    named = known.annotate(vi=Max("name_vi"), en=Max("name_en"))
    return {code: (en if get_language() == "en" else "") or vi for code, vi, en in named}
