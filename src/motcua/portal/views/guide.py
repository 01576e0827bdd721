"""The guide: one question a page, each answer a link, so that “back” works as everywhere."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.dossiers import facts
from motcua.portal import finding
from motcua.portal.guiding import Lost, Way
from motcua.portal.life import card
from motcua.procedures.life import Option, life_events
from motcua.procedures.models import Version
from motcua.procedures.search import current
from motcua.procedures.search.index import Index


@require_safe
def ask(request: HttpRequest, event: str, answers: str = "") -> HttpResponseBase:
    """The next question, or the procedure and the case to which the answers have led."""
    known = life_events().get(event)
    if known is None:
        raise Http404
    index = current.current()
    try:
        way = Way(known, [answer for answer in answers.split("/") if answer], index)
    except Lost as lost:
        raise Http404 from lost
    shown: dict[str, Any] = {"life": card(known), "way": way, "number": len(way.chosen) + 1}
    if way.question:
        shown |= {"ask": facts.said(way.question.ask), "hint": facts.said(way.question.hint)}
    elif way.end:
        shown |= {"advice": facts.said(way.end.advice)}
        shown |= found(way.end, index) if way.end.procedure else {}
    return render(request, "portal/guide.html", shown)


def found(end: Option, index: Index) -> dict[str, Any]:
    """The procedure, in the case that was found."""
    number = index.by_code[end.procedure or ""]
    version = Version.objects.select_related("procedure").get(pk=index.pks[number])
    definition = version.definition
    case = next((one for one in definition.cases if one.id == end.case), None)
    return {
        "found": finding.line(version, finding.brief(version, case.id if case else None)),
        "case": case,
        "case_name": facts.said(case.name) if case else "",
        "papers": len([one for one in definition.papers_for(case.id if case else None) if one.upload]),
        "summary": facts.said(definition.summary),
    }
