"""What holds where and when: working days, promised days, local values; drafts of procedures; the nine indicators."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from motcua.api.door import Call
from motcua.api.operations import operation
from motcua.api.pages import paged
from motcua.api.problems import unreadable
from motcua.api.scopes import Scope
from motcua.api.shapes import rules as shapes
from motcua.dossiers.clock import ends
from motcua.indicators.nine import Period, assessment
from motcua.lib.actions import Invalid
from motcua.organisations.decisions import write_spans
from motcua.organisations.models import Agency, calendar_for
from motcua.procedures.actions import bring
from motcua.procedures.models import Draft, Overlay, Version
from motcua.procedures.schema import Definition

MOST_DAYS = 366
MONTH = timedelta(days=30)
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


@operation(
    "GET",
    "/agencies/{agency}/calendar",
    gettext_lazy(
        "Which days an agency works, and when: holidays, swapped days and its own hours reckoned in"
    ),
    about="catalogue",
    scope=Scope.CATALOGUE,
    query=shapes.Days,
    gives=shapes.WorkingDays,
)
def show_calendar(call: Call, agency: str) -> shapes.WorkingDays:
    """As it has been decided today."""
    found = Agency.objects.in_force().get(code=agency)
    first = call.query.first or timezone.localdate()
    last = call.query.last or first + MONTH
    if not first <= last < first + timedelta(days=MOST_DAYS) or not EARLIEST <= first <= last <= LATEST:
        raise Invalid(_("From one day to a later one, at most %(most)d days.") % {"most": MOST_DAYS})
    calendar = calendar_for(found)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    items = [
        shapes.WorkingDay(
            date=day,
            works=(works := calendar.is_working_day(day)),
            hours=write_spans(calendar.hours_on(day)) if works else "",
        )
        for day in days
    ]
    return shapes.WorkingDays(agency=found.code, items=items)


@operation(
    "GET",
    "/agencies/{agency}/promise",
    gettext_lazy(
        "Until when a result would be due that is received at a moment: the term, the cut-off and the calendar"
    ),
    about="catalogue",
    scope=Scope.CATALOGUE,
    query=shapes.Promise,
    gives=shapes.Promised,
)
def show_promise(call: Call, agency: str) -> shapes.Promised:
    """As the procedure holds at the agency, with its local values."""
    asked: shapes.Promise = call.query
    found = Agency.objects.in_force().get(code=agency)
    at = asked.received_at or timezone.now()
    day = timezone.localdate(at)
    version = (
        Version.objects.in_force(timezone.localdate())
        .select_related("procedure")
        .get(procedure__code=asked.procedure)
    )
    definition, calendar = version.at(found.code, day), calendar_for(found)
    cases = [one.id for one in definition.cases]
    case = asked.case or next(iter(cases), None)
    if case not in {*cases, None}:
        raise Invalid(_("Choose one of: %(expected)s.") % {"expected": ", ".join(cases)}, field="case")
    began = calendar.opens_after(at, definition.cut_off_time)
    # Whoever brings it by post is received as at the counter; the term is that of the counter.
    term = definition.term_for(case, "online" if asked.channel == "online" else "direct")
    return shapes.Promised(
        agency=found.code,
        procedure=version.code,
        case=case,
        received_at=at,
        begins_at=began,
        due_at=ends(term, calendar, began),
    )


@operation(
    "GET",
    "/overlays",
    gettext_lazy(
        "What places have set for themselves today, beside the nation's value, and by which decision"
    ),
    about="catalogue",
    scope=Scope.CATALOGUE,
    query=shapes.Overlays,
    gives=shapes.OverlayPage,
)
def list_overlays(call: Call) -> shapes.OverlayPage:
    """Of one agency and those below it, or of all."""
    asked = call.query
    rows = Overlay.objects.in_force(timezone.localdate()).select_related("procedure")
    rows = rows.below(asked.under) if asked.under else rows
    rows = rows.filter(procedure__code=asked.procedure) if asked.procedure else rows
    found, after = paged(call, rows, by="set_at", among=Overlay.objects.all())
    names = ("key", "case", "channel", "step", "value", "decision", "effective_from", "effective_until")
    items = [
        shapes.Overlay(
            id=one.pk,
            procedure=one.procedure.code,
            agency=one.agency_id,
            **{name: getattr(one, name) for name in names},
        )
        for one in found
    ]
    return shapes.OverlayPage(items=items, next=after)


@operation(
    "GET",
    "/drafts",
    gettext_lazy("Drafts of the procedures that belong to the agency"),
    about="drafts",
    scope=Scope.DRAFTS,
    query=shapes.Drafts,
    gives=shapes.DraftPage,
)
def list_drafts(call: Call) -> shapes.DraftPage:
    """The oldest first."""
    asked, own = call.query, drafts(call)
    rows = own.filter(state=asked.state) if asked.state else own
    found, after = paged(call, rows.defer("content"), by="begun_at", among=own)
    return shapes.DraftPage(items=[shapes.DraftLine(**line(one)) for one in found], next=after)


@operation(
    "GET",
    "/drafts/{draft}",
    gettext_lazy("One draft, whole"),
    about="drafts",
    scope=Scope.DRAFTS,
    gives=shapes.Draft,
)
def show_draft(call: Call, draft: UUID) -> shapes.Draft:
    """With what whoever was to approve wants changed."""
    return in_full(drafts(call).get(pk=draft))


@operation(
    "POST",
    "/drafts",
    gettext_lazy("Bring in a procedure as a draft; people at the desk propose and approve it"),
    about="drafts",
    scope=Scope.DRAFTS,
    body=shapes.NewDraft,
    gives=shapes.Draft,
    status=201,
    is_deed=True,
)
def bring_draft(call: Call) -> shapes.Draft:
    """What the open draft of its procedure says from now on, or the next version, or a procedure not there yet."""
    try:
        definition = Definition.from_content(call.body.definition)
    except ValidationError as fault:
        raise unreadable(fault, where="#/definition") from fault
    with call.once() as is_first:
        if not is_first:
            return in_full(drafts(call).get(pk=call.made_before))
        draft = bring(definition, owner=owner(call), by=call.actor)
        call.made(draft.pk)
        return in_full(draft)


def owner(call: Call) -> str:
    """Whose procedures the machine's agency writes: the national agency those of all, written as nothing."""
    agency = call.client.agency
    return "" if agency == settings.NODE.national else agency


def drafts(call: Call) -> QuerySet[Draft]:
    return Draft.objects.filter(owner=owner(call))


def line(one: Draft) -> dict[str, Any]:
    names = ("code", "owner", "state", "author", "begun_at", "proposed_at", "approved_at")
    return {"id": one.pk, **{name: getattr(one, name) for name in names}}


def in_full(one: Draft) -> shapes.Draft:
    return shapes.Draft(**line(one), content=one.content, reason=one.reason)


@operation(
    "GET",
    "/indicators/nine",
    gettext_lazy("The agency's nine indicators of circular 01/2018 over a quarter or a year"),
    about="indicators",
    scope=Scope.INDICATORS,
    query=shapes.OfPeriod,
    gives=shapes.Nine,
)
def show_nine(call: Call) -> shapes.Nine:
    """Of the agency alone; those of its officers are for its head."""
    agency = Agency.objects.get(code=call.agency)
    period = Period.read(call.query.period or "", timezone.localdate())
    sheet = assessment(agency, period).sheet
    scores = [
        shapes.Score(
            number=one.number,
            name=one.name,
            points=None if one.points is None else float(one.points),
            counted=one.counted,
        )
        for one in sheet.scores
    ]
    return shapes.Nine(
        agency=agency.code,
        period=str(period),
        first=period.first,
        last=period.last,
        scores=scores,
        total=float(sheet.total),
        most=sheet.most,
        **{"class": sheet.classed},
        counted=sheet.counted,
    )
