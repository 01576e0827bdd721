"""The work list: what waits, by time left."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_GET

from motcua.desk import filters, worklist
from motcua.desk.access import READERS, chosen, officers, places, readable
from motcua.desk.context import named
from motcua.desk.filters import Asked
from motcua.desk.headline import headline
from motcua.desk.rows import lines
from motcua.dossiers.models import DossierQuerySet
from motcua.organisations.models import calendar_for
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
    by_due, turn = worklist.pills(calendar, now=now), worklist.turn_of(actor)
    whose = turn if asked.show == "mine" else worklist.EVERYTHING
    agencies = list(worklist.tallied(codes, counts(by_due, whose=whose, turn=turn)))
    tally = summed([agency for agency in agencies if agency.code in shown])
    dossiers = readable(actor).filter(agency__in=shown)
    rows, after = listed(dossiers, asked, whose & by_due[asked.due], now)
    next_day = capfirst(str(WEEKDAYS[calendar.next_working_day(timezone.localdate(now)).weekday()]))
    page = {
        "now": now,
        "headline": headline(tally, acts=acts),
        "tabs": filters.tabs(asked, tally, acts=acts),
        "pills": filters.pills(asked, tally, next_day=next_day) if is_open(asked) else [],
        "agencies": filters.agencies(asked, agencies),
        "asked": asked,
        "rows": lines(rows, by=actor, now=now, calendars=calendars),
        "first": replace(asked, after="").address if asked.after else "",
        "next": replace(asked, after=after).address if after else "",
        "place": named(agencies),
    }
    return render(request, "desk/worklist.html", page)


def is_open(asked: Asked) -> bool:
    """Whether the list shows open dossiers by deadline; not what was searched for, nor what ended."""
    return asked.show != "closed" and not asked.text


def counts(by_due: dict[str, Q], *, whose: Q, turn: Q) -> dict[str, Q]:
    """What is counted: the pills of this tab, the tabs, and what the headline says."""
    return {
        **{name: whose & having for name, having in by_due.items()},
        "mine": turn,
        "agency": worklist.EVERYTHING,
        "my_late": turn & by_due["late"],
        "my_today": turn & by_due["today"],
    }


def summed(agencies: Sequence[Any]) -> dict[str, int]:
    """The counts of several agencies together; one without open dossiers has none."""
    tallies = [agency.tally for agency in agencies if agency.tally]
    names = {name for tally in tallies for name in tally}
    return {name: sum(tally[name] for tally in tallies) for name in names}


def listed(dossiers: DossierQuerySet, asked: Asked, having: Q, now: datetime) -> tuple[list[Any], str]:
    """What was searched for anywhere, what ended, or what is open under this pill; and where the next page begins."""
    if asked.text:
        return worklist.page_of(worklist.found(dossiers, asked.text), asked.after)
    if asked.show == "closed":
        return worklist.closed(dossiers, now=now), ""
    return worklist.page_of(dossiers.open().filter(having), asked.after)
