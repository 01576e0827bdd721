"""The country's report of a quarter, for everyone: a page, and tables to calculate with."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from motcua.organisations.models import Agency
from motcua.tracking.overdue import agency_asked
from motcua.tracking.report import Line, Period, Sums, by_agency, by_procedure, quarters, total
from motcua.ui.context import Link

# The form's columns 3 to 13, by what they belong to.
COLUMNS: dict[str | Promise, dict[str, str | Promise]] = {
    gettext_lazy("Dossiers taken in"): {
        "received": gettext_lazy("in all"),
        "online": gettext_lazy("this quarter, online"),
        "direct": gettext_lazy("this quarter, in person or by post"),
        "before": gettext_lazy("from quarters before"),
    },
    gettext_lazy("Dossiers handled"): {
        "finished": gettext_lazy("in all"),
        "early": gettext_lazy("before time"),
        "on_day": gettext_lazy("just in time"),
        "late": gettext_lazy("past time"),
    },
    gettext_lazy("Dossiers still being handled"): {
        "pending": gettext_lazy("in all"),
        "in_time": gettext_lazy("within time"),
        "overdue": gettext_lazy("past time"),
    },
}
type Shown = tuple[str, str, list[tuple[str, int]]]
NAMES = [name for group in COLUMNS.values() for name in group]


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a quarter, and the country, a province or ministry, or a field."""

    period: Period
    under: str = ""
    # The field's name; empty for procedures nobody knows here, None for all fields.
    field: str | None = None

    def address(self, name: str = "report", **more: str) -> str:
        asked = {"quarter": str(self.period), "under": self.under, "field": self.field, **more}
        query = {
            key: value for key, value in asked.items() if value or (key == "field" and value is not None)
        }
        return f"{reverse(f'tracking:{name}')}?{urlencode(query)}"


def asked(request: HttpRequest) -> Asked:
    """What makes no sense is as if not said."""
    # Procedures are counted by province and ministry; agencies below are lines there and have no page.
    under = agency_asked(request).partition(".")[0]
    field = request.GET.get("field")
    return Asked(Period.read(request.GET.get("quarter", "")), under, field)


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The form over the country, a province or a ministry: by agency, and by field or the procedures of one."""
    wanted = asked(request)
    agency = Agency.objects.filter(code=wanted.under).first() if wanted.under else None
    if wanted.under and agency is None:
        raise Http404
    agencies, of_fields = by_agency(wanted.period, wanted.under), by_procedure(wanted.period, wanted.under)
    whole = total(agencies)
    lines = of_fields.get(wanted.field) if wanted.field is not None else None
    chosen = (wanted.field or _("Fields not known here")) if lines else ""
    context = {
        "asked": wanted,
        "agency": agency,
        "whole": whole,
        "sums": cells(whole),
        "now": timezone.now(),
        "quarters": [(str(one), said(one)) for one in quarters()],
        "said": said(wanted.period),
        "groups": [(group, len(names)) for group, names in COLUMNS.items()],
        "headings": [heading for names in COLUMNS.values() for heading in names.values()],
        "agencies": [
            (
                line.name,
                Asked(wanted.period, line.code).address() if line.is_known and not wanted.under else "",
                cells(line.sums),
            )
            for line in agencies
        ],
        "field": chosen,
        "fields": procedures_of(lines) if lines else fields_of(of_fields, wanted),
        "field_sums": cells(total(lines or agencies)),
        "csv": wanted.address("report_table"),
        "procedures_csv": wanted.address("report_table", by="procedure"),
        "here": chosen or (agency.name if agency else ""),
        "crumbs": [
            Link(_("Report of the quarter"), Asked(wanted.period).address()),
            *([Link(agency.name, Asked(wanted.period, agency.code).address())] if agency and chosen else []),
        ],
    }
    return render(request, "tracking/report.html", context)


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same as CSV, by agency or by procedure: plain numbers under plain names."""
    wanted, of_procedures = asked(request), request.GET.get("by") == "procedure"
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"report_{wanted.period}_{wanted.under or 'country'}{'_procedures' * of_procedures}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")  # tells spreadsheets that this is UTF-8
    writer = csv.writer(response)
    if of_procedures:
        writer.writerow(["quarter", "field", "procedure", "name", *NAMES])
        for field, lines in by_procedure(wanted.period, wanted.under).items():
            writer.writerows([wanted.period, field, *row(line)] for line in lines)
    else:
        writer.writerow(["quarter", "agency", "name", *NAMES])
        writer.writerows([wanted.period, *row(line)] for line in by_agency(wanted.period, wanted.under))
    return response


def fields_of(lines: Mapping[str, list[Line]], wanted: Asked) -> list[Shown]:
    return [
        (
            name or _("Fields not known here"),
            replace(wanted, field=name).address() + "#fields",
            cells(total(lines[name])),
        )
        for name in lines
    ]


def procedures_of(lines: Iterable[Line]) -> list[Shown]:
    return [
        (f"{line.code} {line.name}" if line.is_known else line.code, "", cells(line.sums)) for line in lines
    ]


def row(line: Line) -> list[object]:
    return [line.code, line.name, *(getattr(line.sums, name) for name in NAMES)]


def cells(sums: Sums) -> list[tuple[str, int]]:
    """Each number with what it is called where it stands alone."""
    return [
        (f"{group}, {heading}", getattr(sums, name))
        for group, names in COLUMNS.items()
        for name, heading in names.items()
    ]


def said(period: Period) -> str:
    return _("Quarter %(quarter)s/%(year)s") % {"quarter": period.quarter, "year": period.year}
