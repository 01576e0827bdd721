"""Finding out: the list of procedures, and one procedure."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from motcua.people.models import Account
from motcua.portal import facts, finding
from motcua.portal.context import tracking_address
from motcua.portal.favourites import is_marked
from motcua.portal.life import moment
from motcua.procedures.drift import differences
from motcua.procedures.models import Version
from motcua.procedures.offered import holding_under, last_poll, may_begin, overlays_of
from motcua.procedures.schema import Case, Definition
from motcua.ui.context import Link

FILTERS = (("who", _("Who it is for")), ("level", _("Who handles it")), ("online", _("How far it is online")))


@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """What was found; the code of a dossier leads to the dossier."""
    asked = finding.wanted(request)
    if asked.text and finding.is_dossier_code(asked.text):
        return redirect(f"{tracking_address()}?code={asked.text}")
    found = finding.Finding(asked)
    page = found.page(request.GET.get("page", ""))
    lines = finding.lines(page.pks)
    respelled = finding.respelled(found.ranked, asked.text, lines[0] if lines else None)
    best = lines.pop(0) if asked.text and page.number == 1 and lines and lines[0].is_offered else None
    shown = {
        "asked": asked,
        "life": moment(asked.life),
        "agency": found.agency,
        "moments": found.moments,
        "agencies": found.agencies,
        "page": page,
        "best": best,
        "lines": lines,
        "filters": [(name, heading, found.choices(name)) for name, heading in FILTERS],
        "fields": found.fields(),
        "offered": found.offered_count,
        "respelled": respelled,
    }
    return render(request, "portal/search.html", shown)


@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponseBase:
    """One procedure: who, which papers, how long, how much, who does what."""
    version, today = current(code), timezone.localdate()
    definition = version.definition
    case = chosen_case(request, definition)
    case_id = case.id if case else None
    shown = {
        "version": version,
        "definition": definition,
        "name": version.name_in(facts.language()),
        "field": version.field_in(facts.language()),
        "summary": facts.said(definition.summary),
        "way": facts.first_way(definition, case_id),
        "ways": facts.ways(definition, case_id),
        "grid": facts.grid(definition, case_id),
        "audience": facts.audience(definition),
        "conditions": facts.said(definition.conditions),
        "papers": facts.papers(definition, case_id),
        "steps": facts.process(definition, case_id, facts.offices_of(definition))
        if definition.is_offered
        else [],
        "has_parallel": facts.has_parallel(definition, case_id),
        "route": facts.said(definition.process),
        "agency": facts.said(definition.agency),
        "results": [
            facts.said(one.name) for one in definition.results if not one.cases or case_id in one.cases
        ],
        "cases": case_links(definition, case),
        "case": case,
        "questions": facts.asked(definition, case_id),
        "kept": facts.kept_texts(definition),
        "reach": facts.reach(definition),
        "poll": last_poll.first(code),
        "online_level": facts.online_level(version),
        "is_marked": isinstance(request.user, Account) and is_marked(request.user, version),
        "differences": list(differences(overlays_of(version.procedure_id, today), today)),
        "may_begin": may_begin(version, today),
        "life": moment(version.life_events[0]) if version.life_events else None,
    }
    return render(request, "portal/procedure.html", shown)


def current(code: str) -> Version:
    """The version of a procedure that holds today."""
    version = holding_under.first(code, timezone.localdate())
    if version is None:
        raise Http404
    return version


def chosen_case(request: HttpRequest, definition: Definition) -> Case | None:
    """The case asked for, or the first."""
    wanted = request.GET.get("case", "")
    named = [case for case in definition.cases if case.id == wanted]
    return next(iter(named or definition.cases), None)


def case_links(definition: Definition, case: Case | None) -> list[Link]:
    """A choice only where there is one."""
    if len(definition.cases) < 2:
        return []
    return [Link(facts.said(one.name), f"?case={one.id}", one is case) for one in definition.cases]
