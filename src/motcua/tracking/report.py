"""The country's report of a quarter, form II.06a: what was taken in, handled and is being handled, by agency and procedure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Self

from django.db.models import BigIntegerField, Count, F, Func, Min, Q, QuerySet, Sum, TextField, Value
from django.utils import timezone
from django.utils.translation import get_language

from motcua.dossiers.states import Channel
from motcua.organisations.models import Agency
from motcua.procedures.models import Version
from motcua.tracking.models import AgencyQuarter, ProcedureQuarter, Tracked
from motcua.tracking.sql import FIRST_YEAR


@dataclass(frozen=True, order=True)
class Period:
    """A quarter by the number the counts know it by."""

    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(4 * (day.year - FIRST_YEAR) + (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> Self:
        """`2026-3`; the running quarter for anything else, and for what has not come yet."""
        year, _mark, quarter = text.partition("-")
        running = cls.of(timezone.localdate())
        if not (year.isascii() and year.isdecimal() and len(year) == 4 and quarter in {"1", "2", "3", "4"}):
            return running
        asked = cls.of(date(int(year), 3 * int(quarter), 1)) if int(year) >= FIRST_YEAR else running
        return min(asked, running)

    @property
    def year(self) -> int:
        return FIRST_YEAR + (self.number - 1) // 4

    @property
    def quarter(self) -> int:
        return (self.number - 1) % 4 + 1

    @property
    def is_running(self) -> bool:
        return self == self.of(timezone.localdate())

    def __str__(self) -> str:
        return f"{self.year}-{self.quarter}"


@dataclass(frozen=True)
class Sums:
    """Numbers of dossiers in the form's columns; its sums are made of the others, so that its checks hold by themselves."""

    online: int = 0
    direct: int = 0
    before: int = 0
    early: int = 0
    # With what was withdrawn or stopped.
    on_day: int = 0
    late: int = 0
    overdue: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Sums)))

    @property
    def received(self) -> int:
        return self.online + self.direct + self.before

    @property
    def finished(self) -> int:
        return self.early + self.on_day + self.late

    @property
    def pending(self) -> int:
        return self.received - self.finished

    @property
    def in_time(self) -> int:
        """With what waits for the applicant."""
        return self.pending - self.overdue


@dataclass(frozen=True)
class Line:
    """A line of the form: an agency, a field or a procedure."""

    code: str
    name: str
    sums: Sums

    @property
    def is_known(self) -> bool:
        """Whether it has a name here."""
        return self.name != self.code


def quarters() -> list[Period]:
    """Those something is counted of, up to the running one, which comes first."""
    last = Period.of(timezone.localdate()).number
    first = AgencyQuarter.objects.aggregate(first=Min("quarter"))["first"] or last
    return [Period(number) for number in range(last, min(first, last) - 1, -1)]


def by_agency(period: Period, under: str) -> list[Line]:
    """Provinces and ministries, or the agencies of one of them: three queries, two of a quarter that has ended."""
    who = (
        F("agency")
        if under
        else Func(F("agency"), Value("."), Value(1), function="split_part", output_field=TextField())
    )
    counts = AgencyQuarter.objects.filter(at(under, "agency")).annotate(who=who)
    sums = summed(counts, period, late_now(under).annotate(who=who))
    names = {agency.code: agency.name for agency in Agency.objects.filter(code__in=sums)}
    return sorted(
        (Line(code, names.get(code, code), one) for code, one in sums.items()), key=lambda line: line.code
    )


def by_procedure(period: Period, under: str) -> dict[str, list[Line]]:
    """Procedures by the name of their field, of the country or of a province or ministry: as many queries."""
    counts = ProcedureQuarter.objects.filter(Q(authority=under) if under else Q()).annotate(
        who=F("procedure")
    )
    sums = summed(counts, period, late_now(under).annotate(who=F("procedure")))
    known = Version.objects.filter(procedure__code__in=sums, effective_until=None).select_related("procedure")
    language = get_language() or "vi"
    called = {
        one.code: (one.field_in(language), one.name_in(language))
        for one in known.only("procedure__code", "field_vi", "field_en", "name_vi", "name_en")
    }
    found: dict[str, list[Line]] = defaultdict(list)
    for code in sorted(sums):
        field, name = called.get(code, ("", code))
        found[field].append(Line(code, name, sums[code]))
    # What has a name comes first.
    return {field: found[field] for field in sorted(found, key=lambda field: (not field, field))}


def total(lines: Iterable[Line]) -> Sums:
    return sum((line.sums for line in lines), Sums())


def at(under: str, field: str) -> Q:
    """An agency and all below it; everybody if there is no code."""
    return Q(**{field: under}) | Q(**{f"{field}__startswith": f"{under}."}) if under else Q()


def summed(counts: QuerySet[Any], period: Period, dossiers: QuerySet[Any]) -> dict[str, Sums]:
    """The form's numbers by `who`; where nothing was left and nothing came, there is no line."""
    now, ended = Q(quarter=period.number), F("early") + F("on_day") + F("late") + F("undone")
    rows = (
        counts.filter(quarter__lte=period.number)
        .values("who")
        .annotate(
            sum_online=added("received", now & Q(channel=Channel.ONLINE)),
            sum_direct=added("received", now & ~Q(channel=Channel.ONLINE)),
            sum_before=added(F("received") - ended, Q(quarter__lt=period.number)),
            sum_early=added("early", now),
            sum_on_day=added(F("on_day") + F("undone"), now),
            sum_late=added("late", now),
            sum_overdue=added("over"),
        )
    )
    found = {row["who"]: Sums(*(row[f"sum_{one.name}"] for one in fields(Sums))) for row in rows}
    if period.is_running:
        overdue = overdue_now(dossiers)
        found = {who: replace(sums, overdue=overdue.get(who, 0)) for who, sums in found.items()}
    return {who: sums for who, sums in found.items() if sums.received}


def late_now(under: str) -> QuerySet[Any]:
    """Received here and not handed on: the form knows no others."""
    return Tracked.objects.overdue().filter(at(under, "agency"), received_at__isnull=False, is_away=False)


def added(what: Any, where: Q | None = None) -> Sum:
    return Sum(what, filter=where, default=0, output_field=BigIntegerField())


def overdue_now(dossiers: QuerySet[Any]) -> Mapping[str, int]:
    """The running quarter's counts hold already what will be late by its end; what is late now is asked of the mirror."""
    return dict(dossiers.values("who").annotate(number=Count("pk")).values_list("who", "number"))
