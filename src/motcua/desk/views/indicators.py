"""The nine indicators of circular 01/2018 for the head: page, table, sheet to print, and the sample for inspection."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods

from motcua.desk.access import LEADERS, chosen, led_by, officers, places
from motcua.desk.forms import Declared
from motcua.desk.process import name_of
from motcua.documents import papers
from motcua.documents.lines import IndicatorLine, OfficerLine
from motcua.documents.press import print_paper
from motcua.dossiers.events import DossierInspected
from motcua.dossiers.filing import office_of
from motcua.dossiers.inspections import Outcome
from motcua.dossiers.models import Dossier
from motcua.indicators import actions
from motcua.indicators.circular import Score
from motcua.indicators.models import Declaration
from motcua.indicators.nine import Assessment, Period, Sheet, lately, sample
from motcua.journal.actions import name_of as event_name
from motcua.journal.models import Entry
from motcua.lib.actors import called
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.ui.context import Link
from motcua.ui.forms import did
from motcua.ui.words import number

SIZES = (10, 20, 50)
TAGS = {Outcome.SOUND: "ok", Outcome.LACKING: "soon", Outcome.WRONG: "late"}


@require_http_methods(["GET", "POST"])
@officers
def show(request: ActorRequest) -> HttpResponseBase:
    """The indicators of a quarter or year; the head declares what only people know."""
    agency, period = asked(request)
    known = Declaration.objects.filter(agency=agency.code, year=period.year, quarter=period.quarter).first()
    form = Declared(request.POST if request.method == "POST" else None, known=known)
    if form.is_bound and declared(request, form, agency, period):
        messages.success(request, _("Declared. The indicators are counted with it."))
        return redirect(f"{request.path}?{query(agency, period)}")
    context = {
        "found": lately(agency, period),
        "agency": agency,
        "period": period,
        "periods": [Link(said(one), f"?{query(agency, one)}", one == period) for one in recent(period)],
        "query": query(agency, period),
        "form": form if agency.code in places(request.actor, "chair") else None,
    }
    return render(request, "desk/indicators.html", context, status=422 if form.is_bound else 200)


def declared(request: ActorRequest, form: Declared, agency: Agency, period: Period) -> bool:
    """Whether it could be declared; if not, the form says what to mend."""
    if not form.is_valid():
        return False
    made = Declaration(agency=agency.code, year=period.year, quarter=period.quarter, **form.cleaned_data)
    return did(form, lambda: actions.declare(made, by=request.actor))


@require_GET
@officers
def table(request: ActorRequest) -> HttpResponseBase:
    """The same as CSV: a line for the agency, a line for each officer."""
    agency, period = asked(request)
    found = lately(agency, period)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="indicators_{agency.code}_{period}.csv"'
    response.write("\ufeff")  # tells spreadsheets that this is UTF-8
    writer = csv.writer(response)
    writer.writerow(
        ["who", "dossiers", *(f"indicator_{number}" for number in range(1, 10)), "total", "class"]
    )
    writer.writerows(line(sheet) for sheet in (found.sheet, *found.officers))
    return response


@require_GET
@officers
def printed(request: ActorRequest) -> HttpResponseBase:
    """The same on paper, digit for digit; it is printed anew each time and not kept."""
    agency, period = asked(request)
    with override("vi"):  # the wording of papers is the law's, whatever language the reader's screen speaks
        paper = on_paper(lately(agency, period))
    answer = HttpResponse(print_paper(paper, at=timezone.now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="indicators_{agency.code}_{period}.pdf"'
    return answer


def on_paper(found: Assessment) -> papers.Indicators:
    """The assessment with every number as the page writes it."""
    sheet, address = found.sheet, f"{settings.NODE.web_url}/desk/agency/indicators/"
    officers = [
        OfficerLine(
            one.name,
            number(one.counted),
            tuple(points(score, "–") for score in one.scores),
            number(float(one.total), 1),
            str(one.classed),
        )
        for one in found.officers
    ]
    return papers.Indicators(
        office=office_of(found.agency.code),
        on=timezone.localdate(),
        period=said(found.period),
        counted=number(sheet.counted),
        most=str(sheet.most),
        total=number(float(sheet.total), 1),
        classed=str(sheet.classed),
        lines=tuple(
            IndicatorLine(str(score.number), str(score.name), points(score, "–")) for score in sheet.scores
        ),
        columns=tuple(str(score.number) for score in found.officers[0].scores) if officers else (),
        officers=tuple(officers),
        check=papers.Check(url=address, shown=address),
    )


def points(score: Score, nothing: str) -> str:
    """The points of one indicator, as the page writes them."""
    return nothing if score.points is None else number(float(score.points), 1)


def line(sheet: Sheet) -> list[object]:
    """One line of the table; an indicator without data is empty."""
    points = {score.number: score.points for score in sheet.scores}
    scores = ["" if points.get(number) is None else points[number] for number in range(1, 10)]
    return [sheet.name, sheet.counted, *scores, sheet.total, sheet.classed]


@require_GET
@officers
def inspection(request: ActorRequest) -> HttpResponseBase:
    """A sample of dossiers, drawn by a seed that anyone can draw with again."""
    agency, period = asked(request)
    size = next((n for n in SIZES if request.GET.get("size") == str(n)), SIZES[0])
    seed = request.GET.get("seed", "")[:60].replace("\0", "").strip()
    drawn = sample(agency.code, period, seed=seed, size=size) if seed else []
    known = findings(drawn)
    context = {
        "agency": agency,
        "period": period,
        "said": said(period),
        "seed": seed,
        "size": size,
        "sizes": SIZES,
        "drawn": [(dossier, name_of(dossier), known.get(dossier.urn)) for dossier in drawn],
        "sample": urlencode({"agency": agency.code, "period": str(period), "seed": seed, "size": str(size)}),
        "query": query(agency, period),
    }
    return render(request, "desk/sample.html", context)


@dataclass(frozen=True)
class Finding:
    """What was found last of a dossier: as state class and words, with the sentence, by whom and when."""

    tag: str
    words: str
    finding: str
    who: str
    at: datetime


def findings(dossiers: Sequence[Dossier]) -> dict[str, Finding]:
    """What inspections found, by the dossier; one query for all."""
    told = Entry.objects.of(event_name(DossierInspected)).filter(about__in=[one.urn for one in dossiers])
    return {
        one.about: Finding(
            TAGS[Outcome(one.facts["found"])],
            str(Outcome(one.facts["found"]).label),
            one.facts["finding"],
            called(one.actor),
            one.at,
        )
        for one in told.order_by("id")
    }


def asked(request: ActorRequest) -> tuple[Agency, Period]:
    """The agency of the address (one of those led) and the period."""
    codes = led_by(request, *LEADERS)
    agency = get_object_or_404(Agency, code=chosen(request, codes)[0])
    return agency, Period.read(request.GET.get("period", ""), timezone.localdate())


def query(agency: Agency, period: Period) -> str:
    return urlencode({"agency": agency.code, "period": str(period)})


def said(period: Period) -> str:
    """“Quý III/2026”, “Năm 2026”"""
    if not period.quarter:
        return _("Year %(year)s") % {"year": period.year}
    numeral = ("I", "II", "III", "IV")[period.quarter - 1]
    return _("Quarter %(quarter)s/%(year)s") % {"quarter": numeral, "year": period.year}


def recent(shown: Period) -> list[Period]:
    """The last five quarters, this year and the one before; and the period that is shown."""
    today: date = timezone.localdate()
    now = today.year * 4 + (today.month - 1) // 3
    quarters = [Period(place // 4, place % 4 + 1) for place in range(now, now - 5, -1)]
    known = [*quarters, Period(today.year), Period(today.year - 1)]
    return known if shown in known else [*known, shown]
