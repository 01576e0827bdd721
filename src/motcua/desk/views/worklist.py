"""The work list: what waits, by time left."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_GET

from motcua.desk import counting, filters, worklist
from motcua.desk.access import READERS, chosen, officers, places
from motcua.desk.bulk import offered
from motcua.desk.context import named
from motcua.desk.counting import Heap, counted
from motcua.desk.filters import Asked
from motcua.desk.headline import headline
from motcua.desk.process import ELSEWHERE, office, title_of
from motcua.desk.routed import several_to_sign, waiting_for
from motcua.desk.rows import lines
from motcua.desk.worklist import Days
from motcua.dossiers.models import Dossier
from motcua.dossiers.rules import COLLEAGUES
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency, calendar_for
from motcua.people.middleware import ActorRequest
from motcua.ui.words import WEEKDAYS


@require_GET
@officers
def show(request: ActorRequest) -> HttpResponseBase:
    """The list with its counts; those who read no dossiers are led to what they look after."""
    actor, now = request.actor, timezone.now()
    codes, acts = places(actor, *READERS), actor.holds(*worklist.ACTING)
    if not codes:
        return redirect("desk:people")
    shown, asked = chosen(request, codes), filters.asked(request, acts=acts)
    calendars = {code: calendar_for(code) for code in shown}
    calendar = calendars[shown[0]]
    days = Days.of(calendar, now)
    counts = counting.counts(codes, days, by=actor, wanted=asked.facets)
    tally = tallied([heap for heap in counts.heaps if heap.agency in shown], actor, whose=asked.show)
    rows, after = listed(actor, shown, asked, days)
    next_day = capfirst(str(WEEKDAYS[calendar.next_working_day(timezone.localdate(now)).weekday()]))
    drafts = waiting_for(actor, now) if counts.drafts else []
    page = {
        "now": now,
        "headline": headline(tally, acts=acts),
        "tabs": filters.tabs(asked, counts, tally, acts=acts),
        "pills": filters.pills(asked, tally, next_day=next_day) if is_open(asked) else [],
        "agencies": filters.agencies(asked, counts.agencies),
        "chosen": filters.chosen(asked, counts, steps=titles(rows, asked.step)),
        "may_save": is_open(asked)
        and bool(asked.facets or asked.due != "all")
        and not is_saved(asked, counts),
        "facets": asked.wanted.items(),
        "asked": asked,
        "here": asked.address,
        "all": "all" in request.GET,
        "to_sign": tally["sign"] if actor.holds("chair") else 0,
        "rows": lines(rows, by=actor, now=now, calendars=calendars, offices=offices(rows)),
        "first": replace(asked, after="").address if asked.after else "",
        "next": replace(asked, after=after).address if after else "",
        "place": named(list(counts.agencies)),
        "unread": counts.unread,
        "lent": counts.lent,
        "may_register": actor.holds(*COLLEAGUES),
        "drafts": drafts,
        "sign_drafts": several_to_sign(drafts),
        "deeds": offered(actor) if rows and asked.show != "closed" else [],
    }
    return render(request, "desk/worklist.html", page)


def is_saved(asked: Asked, counts: counting.Counts) -> bool:
    """Whether exactly this stands among the saved filters."""
    return any(asked.wanted == one.wanted for one in counts.saved)


def titles(dossiers: Sequence[Dossier], key: str) -> dict[str, str]:
    """The step that was chosen, as the procedures of these dossiers call it."""
    return {key: title_of(dossiers[0], key)} if key and dossiers else {}


def is_open(asked: Asked) -> bool:
    """Whether the list shows open dossiers by deadline; not what was searched for, nor what ended."""
    return asked.show != "closed" and not asked.text


def tallied(heaps: Sequence[Heap], actor: Actor, *, whose: str) -> dict[str, int]:
    """The pills of this tab with what was chosen, the tabs as a whole, and what the headline says."""
    mine = [heap for heap in heaps if heap.lies_with(actor)]
    shown = [heap for heap in (mine if whose == "mine" else heaps) if heap.is_wanted]
    return {
        **{pill: counted(heap for heap in shown if heap.is_under(pill)) for pill in filters.PILLS},
        "mine": counted(mine),
        "agency": counted(heaps),
        "my_late": counted(heap for heap in mine if heap.due == "late"),
        "my_today": counted(heap for heap in mine if heap.due == "today"),
        "my_unreceived": counted(heap for heap in mine if heap.is_overlooked),
    }


def offices(dossiers: Sequence[Dossier]) -> dict[str, str]:
    """Names of the other agencies at whose steps these dossiers stand, by code."""
    codes = {step["agency"] for dossier in dossiers for step in dossier.standing if step["kind"] in ELSEWHERE}
    return {agency.code: office(agency) for agency in Agency.objects.filter(code__in=codes)} if codes else {}


def listed(actor: Actor, shown: Sequence[str], asked: Asked, days: Days) -> tuple[list[Any], str]:
    """What was searched for anywhere, what ended, or what is open under this pill; and where the next page begins."""
    if asked.text:
        return worklist.found(asked.text, shown, facets=asked.facets, after=asked.after)
    if asked.show == "closed":
        return worklist.ended(shown, facets=asked.facets, after=asked.after, now=days.now)
    return worklist.page_of(
        actor, shown, days, show=asked.show, due=asked.due, facets=asked.facets, after=asked.after
    )
