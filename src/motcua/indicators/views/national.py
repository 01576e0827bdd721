"""The country's numbers, for everyone: a page, and a table to calculate with."""

import csv
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from motcua.dossiers.ratings import Rated
from motcua.indicators.drawing import trend
from motcua.indicators.questions import PERIODS, TABLE, numbers, span_of
from motcua.indicators.questions import table as rows_of
from motcua.indicators.rated import FEWEST, by_agency, by_procedure, ratings
from motcua.organisations.models import Agency
from motcua.ui.context import Link
from motcua.ui.words import number

DEFAULT = 30
RATED = ("ratings", "satisfied_percent", "overall", "convenience", "timeliness_rated", "attitude")


@require_safe
def national(request: HttpRequest) -> HttpResponse:
    """The numbers of the country, or of one province or ministry."""
    days, under = asked(request)
    shown = numbers(days, under=under)
    rated = ratings(shown.first, shown.last, under=under)
    agency = get_object_or_404(Agency, code=under) if under else None
    whole = sum(shown.standing.values()) or 1
    context = {
        "numbers": shown,
        "sums": shown.sums,
        "agency": agency,
        "days": days,
        "periods": [Link(in_days(n), address("national", n, under), n == days) for n in PERIODS],
        "states": [
            {"label": state.label, "value": number(count), "percent": 100 * count / whole}
            for state, count in shown.standing.items()
        ],
        "trend": trend(shown.days, shown.finished, shown.filed),
        "rows": list(zip(shown.days, shown.filed, shown.finished, strict=True))[::-1],
        "ranking": [
            (place, one, address("national", days, one.code)) for place, one in enumerate(shown.ranking, 1)
        ],
        "ratings": rated,
        "rated": [
            (one, "" if one.code == under else address("national", days, one.code)) for one in rated.agencies
        ],
        "fewest": FEWEST,
        "csv": address("table", days, under),
        "ratings_csv": address("ratings_table", days, under),
        "overdue": kept_here("overdue", under),
        "report": kept_here("report", under),
        "crumbs": [Link(_("Numbers of the country"), address("national", days, ""))],
    }
    return render(request, "indicators/national.html", context)


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The ranking as CSV: one line per agency, plain numbers."""
    days, under = asked(request)
    shown = numbers(days, under=under)
    response = file(f"{shown.first}_{shown.last}_{under or 'country'}.csv")
    columns = ["agency", "name", "online", *(kind.value for kind in TABLE), *RATED]
    writer = csv.DictWriter(response, columns)
    writer.writeheader()
    rated = by_agency(shown.first, shown.last, under=under)
    writer.writerows(row | answered(rated.get(str(row["agency"]))) for row in rows_of(shown.ranking))
    return response


@require_safe
def ratings_table(request: HttpRequest) -> HttpResponse:
    """Ratings as CSV: one line per procedure enough have answered about, the least liked first; plain numbers."""
    days, under = asked(request)
    first, last = span_of(days)
    response = file(f"ratings_{first}_{last}_{under or 'country'}.csv")
    writer = csv.DictWriter(response, ["procedure", "name", *RATED])
    writer.writeheader()
    writer.writerows(
        {"procedure": one.code, "name": one.name, **answered(one)}
        for one in by_procedure(first, last, under=under)
    )
    return response


def file(name: str) -> HttpResponse:
    """An empty table to be saved under this name."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")  # tells spreadsheets that this is UTF-8
    return response


def answered(rated: Rated | None) -> dict[str, object]:
    """How many rated, how many of a hundred are satisfied, and the means (1 to 3); empty where too few answered."""
    if rated is None:
        return dict.fromkeys(RATED, "")
    means = (rated.overall, rated.convenience, rated.timeliness, rated.attitude)
    return dict(zip(RATED, (rated.count, *(f"{one:.2f}" for one in (rated.satisfied, *means))), strict=True))


def asked(request: HttpRequest) -> tuple[int, str]:
    """The period in days and the agency asked for; what makes no sense is as if not said."""
    days, under = request.GET.get("days", ""), request.GET.get("under", "")
    return int(days) if days in {str(n) for n in PERIODS} else DEFAULT, under if under.replace(
        ".", ""
    ).isalnum() else ""


def kept_here(page: str, under: str) -> str:
    """The list of what is overdue, or the report of the quarter, where this node keeps them."""
    if "tracking" not in settings.NODE.contexts:
        return ""
    return reverse(f"tracking:{page}") + (f"?{urlencode({'under': under})}" if under else "")


def in_days(days: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def address(name: str, days: int, under: str) -> str:
    query = {"days": days, "under": under} if under else {"days": days}
    return f"{reverse(f'indicators:{name}')}?{urlencode(query)}"
