"""The head's page: how the agency is doing."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from motcua.desk import flow, overview, worklist
from motcua.desk.access import LEADERS, chosen, led_by, officers
from motcua.desk.context import named
from motcua.desk.deadlines import TimeLeft, time_left
from motcua.desk.process import name_of, office
from motcua.desk.ratings import ratings
from motcua.dossiers.models import Dossier, DossierQuerySet
from motcua.lib.working_time import Calendar
from motcua.organisations.models import Agency, calendar_for
from motcua.people.middleware import ActorRequest
from motcua.queues.figures import Waiting, waiting
from motcua.ui.context import Link

LATEST = 10


@require_GET
@officers
def show(request: ActorRequest) -> HttpResponseBase:
    """Numbers, heaps, hands, and what is overdue."""
    codes, now = led_by(request, *LEADERS), timezone.now()
    shown = chosen(request, codes)
    tonight = worklist.midnight(after=timezone.localdate(now))
    counts = overview.numbers(shown, now=now, tonight=tonight)
    heaps, agencies = overview.heaps(shown, counts, now=now), list(Agency.objects.filter(code__in=codes))
    calendar = calendar_for(shown[0])
    known = Dossier.objects.filter(agency__in=shown)
    page = {
        "title": named([agency for agency in agencies if agency.code in shown]),
        "now": now,
        "verdict": verdict(counts, heaps),
        "counts": counts,
        "on_time": overview.share_on_time(counts),
        "heaps": heaps,
        "hands": overview.hands(shown, now=now, tonight=tonight),
        "ratings": ratings(shown, now=now),
        "waiting": waits(agencies, shown, now),
        **drawn(request, shown, now),
        "late": lines(known.overdue(now), calendar, now) if counts["late"] else [],
        "unreceived": lines(known.unreceived(now), calendar, now) if counts["new_late"] else [],
        "agencies": links(agencies, shown) if len(codes) > 1 else [],
        "place": named(agencies),
    }
    return render(request, "desk/agency.html", page)


def lines(dossiers: DossierQuerySet, calendar: Calendar, now: datetime) -> list[tuple[Any, str, TimeLeft]]:
    """The first of them by time left, each with its name and its delay."""
    return [
        (dossier, name_of(dossier), time_left(dossier, calendar, now=now, began=dossier.began_at))
        for dossier in dossiers.by_time_left()[:LATEST]
    ]


def drawn(request: ActorRequest, shown: list[str], now: datetime) -> dict[str, Any]:
    """The process of the procedure asked for, or of the busiest; and links to the others."""
    found = flow.passages(shown, now=now)
    codes = flow.busiest(found)
    asked = request.GET.get("procedure", "")
    code = asked if asked in codes else (codes[0] if codes else "")
    where = {"agency": shown[0]} if len(shown) == 1 and "agency" in request.GET else {}
    return {
        "flow": flow.flow_of(found, code, offices=flow.offices_in(found)) if code else None,
        "procedures": [Link(one, f"?{urlencode({**where, 'procedure': one})}", one == code) for one in codes]
        if len(codes) > 1
        else [],
    }


def waits(agencies: list[Agency], shown: list[str], now: datetime) -> list[tuple[str, Waiting]]:
    """How long people waited and were served at each agency today."""
    names = {agency.code: office(agency) for agency in agencies}
    return [(names[one.agency], one) for one in waiting(shown, timezone.localdate(now))]


def verdict(counts: dict[str, int], heaps: list[overview.Heap]) -> str:
    """So what? What is late, and where most of the work waits."""
    late = counts["late"]
    said = (
        [ngettext("%(count)s dossier is late.", "%(count)s dossiers are late.", late) % {"count": late}]
        if late
        else []
    )
    if not late:
        said.append(_("Nothing is late."))
    if new := counts["new_late"]:
        said.append(
            ngettext(
                "%(count)s dossier was not received in time.",
                "%(count)s dossiers were not received in time.",
                new,
            )
            % {"count": new}
        )
    if heaps:
        said.append(_("Most waits at: %(place)s.") % {"place": heaps[0].label})
    return " ".join(said)


def links(agencies: list[Agency], shown: list[str]) -> list[Link]:
    """All agencies, or one."""
    one = shown[0] if len(shown) == 1 else ""
    return [
        Link(_("All agencies"), "?", not one),
        *(Link(office(agency), f"?agency={agency.code}", agency.code == one) for agency in agencies),
    ]
