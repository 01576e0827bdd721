"""Lists of services to bring online, each with its progress, for everyone."""

import csv

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.indicators.listed import ListProgress, Progress, Stage, progress
from motcua.procedures.service_lists import service_list, service_lists
from motcua.ui.context import Link
from motcua.ui.words import number

STAGES: dict[Stage, tuple[str, str | Promise]] = {
    Stage.DONE: ("ok", gettext_lazy("Online already")),
    Stage.LATE: ("late", gettext_lazy("Later than decided")),
    Stage.OPEN: ("plain", gettext_lazy("Still to come")),
    Stage.UNKNOWN: ("plain", gettext_lazy("Not known here")),
}

COLUMNS = (
    *("number", "service", "responsible", "due_on", "state", "level", "online_since"),
    *("procedures", "dossiers", "dossiers_online"),
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every decision with the share of its services that is online."""
    context = {
        "lists": [(one, said(one)) for one in progress(service_lists())],
        "crumbs": [Link(_("Numbers of the country"), reverse("indicators:national"))],
    }
    return render(request, "indicators/lists.html", context)


@require_safe
def show(request: HttpRequest, list_id: str) -> HttpResponse:
    """One decision: each service, who is responsible, by when, where it stands."""
    found = wanted(list_id)
    context = {
        "found": found,
        "name": said(found),
        "rows": [
            (one, one.service.name.said_in(language()), *STAGES[one.stage], level(one))
            for one in found.services
        ],
        "late": found.count(Stage.LATE),
        "unnamed": found.list.total - len(found.services),
        "told": [(told, number(100 * told.done / found.list.total, 1)) for told in found.list.reported],
        "crumbs": [
            Link(_("Numbers of the country"), reverse("indicators:national")),
            Link(_("Services decided to go online"), reverse("indicators:lists")),
        ],
    }
    return render(request, "indicators/list.html", context)


@require_safe
def table(request: HttpRequest, list_id: str) -> HttpResponse:
    """The same as CSV: one line a service."""
    found = wanted(list_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.list.id}.csv"'
    response.write("\ufeff")  # tells spreadsheets that this is UTF-8
    lines = csv.writer(response)
    lines.writerow(COLUMNS)
    for one in found.services:
        lines.writerow(
            [
                one.service.number,
                one.service.name.said_in(language()),
                one.service.agency,
                one.due_on or "",
                one.stage,
                one.level.id if one.level else "",
                one.since or "",
                " ".join(one.service.codes),
                one.filed,
                one.filed_online,
            ]
        )
    return response


def wanted(list_id: str) -> ListProgress:
    """The progress of the list of this id, or 404."""
    found = service_list(list_id)
    if found is None:
        raise Http404
    return progress([found])[0]


def language() -> str:
    return get_language() or "vi"


def said(found: ListProgress) -> str:
    return found.list.name.said_in(language())


def level(one: Progress) -> str:
    return one.level.name.said_in(language()) if one.level else ""
