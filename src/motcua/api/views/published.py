"""What anyone reads on the country's pages of numbers, for machines: overdue dossiers, ratings, the report of a quarter."""

from django.utils.translation import gettext_lazy as _

from motcua.api.door import Call
from motcua.api.operations import operation
from motcua.api.pages import paged
from motcua.api.scopes import Scope
from motcua.api.shapes import published as shapes
from motcua.dossiers import ratings as asked
from motcua.indicators.questions import span_of
from motcua.indicators.rated import FEWEST, by_agency, by_procedure
from motcua.organisations.models import Agency
from motcua.tracking import report
from motcua.tracking.models import Tracked

COLUMNS = tuple(shapes.Columns.model_fields)


@operation(
    "GET",
    "/overdue",
    _("Dossiers past the day promised, the longest overdue first; nothing about persons"),
    about="tracking",
    scope=Scope.TRACKING,
    query=shapes.OverdueAsked,
    gives=shapes.Overdue,
)
def list_overdue(call: Call) -> shapes.Overdue:
    """Those of the public list, known at the national node; elsewhere there are none."""
    published = Tracked.objects.exclude(code="").filter(report.at(call.query.under or "", "agency"))
    rows, after = paged(call, published.overdue(), by="due_at", among=published.exclude(due_at=None))
    names = ("code", "procedure", "agency", "due_at")
    items = [shapes.Late(**{name: getattr(one, name) for name in names}) for one in rows]
    return shapes.Overdue(items=items, next=after)


@operation(
    "GET",
    "/indicators/ratings",
    _("How people found it, by agency and by procedure, where enough have answered"),
    about="indicators",
    scope=Scope.INDICATORS,
    query=shapes.RatingsAsked,
    gives=shapes.Ratings,
)
def list_ratings(call: Call) -> shapes.Ratings:
    """The same numbers as in the public tables."""
    first, last = span_of(int(call.query.days))
    under = call.query.under or ""
    agencies = by_agency(first, last, under=under)
    offices = {one.code: one.name for one in Agency.objects.filter(code__in=agencies)}
    return shapes.Ratings(
        fewest=FEWEST,
        agencies=[rated(one, offices.get(one.code, one.code)) for one in agencies.values()],
        procedures=[rated(one, one.name) for one in by_procedure(first, last, under=under)],
    )


def rated(one: asked.Rated, name: str) -> shapes.Rated:
    means = {question: getattr(one, question) for question in asked.QUESTIONS}
    return shapes.Rated(code=one.code, name=name, ratings=one.count, satisfied_percent=one.satisfied, **means)


@operation(
    "GET",
    "/indicators/report",
    _("The report of a quarter, form II.06a, by agency or by procedure"),
    about="indicators",
    scope=Scope.INDICATORS,
    query=shapes.ReportAsked,
    gives=shapes.Report,
)
def show_report(call: Call) -> shapes.Report:
    """Over the country, or over the province or ministry of `under`, as on the public page."""
    period = report.Period.read(call.query.quarter or "")
    under = (call.query.under or "").partition(".")[0]
    lines = report.by_agency(period, under)
    if call.query.by == "procedure":
        lines = [line for field in report.by_procedure(period, under).values() for line in field]
    return shapes.Report(
        quarter=str(period),
        under=under or None,
        lines=[shapes.ReportLine(code=one.code, name=one.name, **columns(one.sums)) for one in lines],
        total=shapes.Columns(**columns(report.total(lines))),
    )


def columns(sums: report.Sums) -> dict[str, int]:
    return {name: getattr(sums, name) for name in COLUMNS}
