"""Procedures, life events, agencies: what anyone may read, for machines."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.api import forms
from motcua.api.door import Call
from motcua.api.operations import operation
from motcua.api.pages import cut, next_page
from motcua.api.scopes import Scope
from motcua.api.shapes import catalogue as shapes
from motcua.organisations.models import Agency
from motcua.procedures.folding import fold
from motcua.procedures.life import life_events
from motcua.procedures.models import Version
from motcua.procedures.online_levels import rules_on
from motcua.procedures.schema import Definition
from motcua.procedures.search import ranking
from motcua.procedures.search.current import current
from motcua.procedures.words import term_in_words

ABOUT = "catalogue"


@operation(
    "GET",
    "/procedures",
    _("Procedures in force today: all of them by code, or the best finds for the words in `q`"),
    about=ABOUT,
    scope=Scope.CATALOGUE,
    query=shapes.Procedures,
    gives=shapes.ProcedurePage,
)
def list_procedures(call: Call) -> shapes.ProcedurePage:
    """With words the best come first and there is no next page; the search reads over diacritics and slips."""
    asked = call.query
    if asked.q:
        return shapes.ProcedurePage(items=found(asked.q, asked.limit), next=None)
    rows = in_force().order_by("procedure__code").defer("content")
    if asked.after:
        rows = rows.filter(procedure__code__gt=asked.after)
    versions, more = cut(list(rows[: asked.limit + 1]), asked.limit)
    after = next_page(call, after=versions[-1].code) if more else None
    return shapes.ProcedurePage(items=[shapes.ProcedureLine(**line(one)) for one in versions], next=after)


def found(text: str, limit: int) -> list[shapes.ProcedureLine]:
    index = current()
    ranked = ranking.search(index, text)
    pks = [index.pks[one] for one in ranked.page(0, limit, within=ranked.everything)]
    versions = Version.objects.select_related("procedure").defer("content").in_bulk(pks)
    return [shapes.ProcedureLine(**line(versions[pk])) for pk in pks if pk in versions]


@operation(
    "GET",
    "/procedures/{procedure}",
    _(
        "One procedure: cases, papers, fees, terms, results, legal basis, how far it is online and why no further"
    ),
    about=ABOUT,
    scope=Scope.CATALOGUE,
    gives=shapes.Procedure,
)
def show_procedure(call: Call, procedure: str) -> shapes.Procedure:
    """As it holds today for the whole country."""
    version = in_force().get(procedure__code=procedure)
    definition, language = version.definition, get_language() or "vi"
    return shapes.Procedure(
        **line(version),
        readiness=readiness(version),
        online_level=online_level(version, language),
        channels=[str(one.value) for one in definition.channels],
        audience=[str(one.value) for one in definition.audience.who],
        levels=[str(one.value) for one in definition.levels],
        summary=definition.summary.said_in(language) if definition.summary else "",
        cases=[shapes.Case(id=one.id, name=one.name.said_in(language)) for one in definition.cases],
        papers=papers(definition, language),
        fees=[
            shapes.Fee(
                amount=one.amount,
                per=one.per,
                note=one.note.said_in(language) if one.note else one.raw,
                **for_some(one),
            )
            for one in definition.fees
        ],
        terms=[
            shapes.Term(
                value=one.value,
                unit=one.unit.value if one.unit else None,
                words=term_in_words(one),
                **for_some(one),
            )
            for one in definition.terms
        ],
        results=[shapes.Result(code=one.code, name=one.name.said_in(language)) for one in definition.results],
        legal_basis=[shapes.Basis(number=one.number, title=one.title) for one in definition.legal_basis],
    )


@operation(
    "GET",
    "/procedures/{procedure}/form",
    _("The questions of a procedure and case as JSON Schema, for `answers` of a new dossier"),
    about=ABOUT,
    scope=Scope.CATALOGUE,
    query=shapes.OfCase,
    gives=shapes.Form,
)
def show_form(call: Call, procedure: str) -> shapes.Form:
    """Without a case, those of the first one."""
    definition = in_force().get(procedure__code=procedure).definition
    cases = [one.id for one in definition.cases]
    case = call.query.case or next(iter(cases), None)
    if case and case not in cases:
        raise Http404
    answers = forms.json_schema(definition, case, get_language() or "vi")
    return shapes.Form(procedure=definition.code, case=case, answers=answers)


@operation(
    "GET",
    "/life-events",
    _("What happens in a life or a business, and the procedures it takes"),
    about=ABOUT,
    scope=Scope.CATALOGUE,
    gives=shapes.LifeEvents,
)
def list_life_events(call: Call) -> shapes.LifeEvents:
    """In the order of the portal's front page."""
    language = get_language() or "vi"
    items = [
        shapes.LifeEvent(
            id=one.id,
            who=one.who,
            name=one.name.said_in(language),
            hint=one.hint.said_in(language),
            procedures=list(one.procedures),
        )
        for one in life_events().values()
    ]
    return shapes.LifeEvents(items=items)


@operation(
    "GET",
    "/agencies",
    _("Agencies of today by code, under one of them, or by words of their name"),
    about=ABOUT,
    scope=Scope.CATALOGUE,
    query=shapes.Agencies,
    gives=shapes.AgencyPage,
)
def list_agencies(call: Call) -> shapes.AgencyPage:
    """Names are compared without diacritics, by the words they hold."""
    asked = call.query
    rows = Agency.objects.in_force().order_by("code")
    if asked.under:
        rows = rows.under(asked.under)
    if asked.q:
        words = set(fold(asked.q).split())
        named = [office.code for office in current().named_offices(words)]
        rows = rows.filter(code__in=named)
    if asked.after:
        rows = rows.filter(code__gt=asked.after)
    agencies, more = cut(list(rows[: asked.limit + 1]), asked.limit)
    items = [agency_shown(one) for one in agencies]
    return shapes.AgencyPage(items=items, next=next_page(call, after=agencies[-1].code) if more else None)


@operation(
    "GET",
    "/agencies/{agency}",
    _("One agency"),
    about=ABOUT,
    scope=Scope.CATALOGUE,
    gives=shapes.Agency,
)
def show_agency(call: Call, agency: str) -> shapes.Agency:
    """As it is today."""
    return agency_shown(Agency.objects.in_force().get(code=agency))


def in_force() -> Any:
    return Version.objects.in_force(timezone.localdate()).select_related("procedure")


def line(version: Version) -> dict[str, Any]:
    language = get_language() or "vi"
    return {
        "code": version.code,
        "name": version.name_in(language),
        "field": version.field_in(language),
        "online": version.online,
        "can_be_filed": version.is_offered,
        "effective_from": version.effective_from,
    }


def readiness(version: Version) -> shapes.Readiness:
    judgement = version.judgement
    hindrances = [
        shapes.Hindrance(
            code=one.hindrance, weight=one.weight, says=one.says, where=one.where, change=one.change
        )
        for one in judgement.reasons
    ]
    return shapes.Readiness(verdict=judgement.verdict, hindrances=hindrances)


def online_level(version: Version, language: str) -> shapes.OnlineLevel:
    rules = rules_on(timezone.localdate())
    level = rules.level_of(version)
    return shapes.OnlineLevel(id=level.id, name=level.name.said_in(language), basis=rules.basis[0].number)


def papers(definition: Definition, language: str) -> list[shapes.NeededPaper]:
    return [
        shapes.NeededPaper(
            id=one.id,
            name=one.name.said_in(language),
            required=one.required,
            originals=one.originals,
            copies=one.copies,
            known_to=one.unnecessary_if,
            media=list(one.media),
            **for_some(one),
        )
        for one in definition.papers
    ]


def for_some(part: Any) -> dict[str, list[str]]:
    """For which cases and ways of filing a line holds; for all where it names none."""
    return {"cases": list(part.cases), "channels": [str(one.value) for one in part.channels]}


def agency_shown(agency: Agency) -> shapes.Agency:
    return shapes.Agency(
        code=agency.code,
        name=agency.name,
        short_name=agency.short_name,
        level=agency.level,
        parent=agency.parent_id,
        address=agency.address,
        phone=agency.phone,
    )
