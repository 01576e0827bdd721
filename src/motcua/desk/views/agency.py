"""The head's page: how the agency is doing."""

import csv
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
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
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import State
from motcua.organisations.models import Agency, calendar_for
from motcua.people.middleware import ActorRequest
from motcua.queues.figures import Waiting, waiting
from motcua.ui.context import Link

# As the country's own table of ratings names them.
RATED = (
    *("procedure", "name", "ratings", "satisfied_percent"),
    *("overall", "convenience", "timeliness_rated", "attitude"),
)
type Line = tuple[Dossier, str, TimeLeft]


@require_GET
@officers
def show(request: ActorRequest) -> HttpResponseBase:
    """Numbers, heaps, hands, and what is overdue."""
    codes, now = led_by(request, *LEADERS), timezone.now()
    shown = chosen(request, codes)
    tonight = worklist.midnight(after=timezone.localdate(now))
    held, steps = overview.held(shown, now=now, tonight=tonight), overview.at_steps(shown, now=now)
    passages = flow.passages(shown, steps, now=now)
    holders = {step["agency"] for step in steps} | {one.holder for one in passages}
    known = overview.with_acting({*codes, *holders})
    agencies, offices = [one for one in known if one.code in codes], {one.code: office(one) for one in known}
    counts = overview.numbers(held)
    heaps = overview.heaps(steps, counts, offices=offices)
    unreceived, late = lines(shown, now) if counts["late"] or counts["new_late"] else ([], [])
    page = {
        "title": named([agency for agency in agencies if agency.code in shown]),
        "now": now,
        "verdict": verdict(counts, heaps),
        "counts": counts,
        "on_time": overview.share_on_time(counts),
        "heaps": heaps,
        "hands": overview.hands(held, overview.acting(known)),
        "ratings": ratings(shown, now=now),
        "ratings_csv": reverse("desk:ratings_table") + (f"?agency={shown[0]}" if len(shown) == 1 else ""),
        "waiting": waits(agencies, shown, now),
        **drawn(request, shown, passages, offices),
        "late": late,
        "unreceived": unreceived,
        "agencies": links(agencies, shown) if len(codes) > 1 else [],
        "place": named(agencies),
    }
    return render(request, "desk/agency.html", page)


@require_GET
@officers
def ratings_table(request: ActorRequest) -> HttpResponseBase:
    """What the applicants answered, as CSV: one line per procedure, the least liked first; plain numbers."""
    shown, now = chosen(request, led_by(request, *LEADERS)), timezone.now()
    where = shown[0] if len(shown) == 1 else "agencies"
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ratings_{where}_{timezone.localdate(now)}.csv"'
    response.write("\ufeff")  # tells spreadsheets that this is UTF-8
    writer = csv.writer(response)
    writer.writerow(RATED)
    writer.writerows(
        [
            *(one.code, one.name, one.count),
            *(
                f"{part:.2f}"
                for part in (one.satisfied, one.overall, one.convenience, one.timeliness, one.attitude)
            ),
        ]
        for one in ratings(shown, now=now)
    )
    return response


def lines(shown: list[str], now: datetime) -> tuple[list[Line], list[Line]]:
    """The first by time left of what nobody received in time, and of what is overdue, each with its name and its delay."""
    calendar = calendar_for(shown[0])
    found: tuple[list[Line], list[Line]] = ([], [])
    for dossier in overview.pressing(tuple(shown), now):
        left = time_left(dossier, calendar, now=now, began=dossier.began_at)
        found[dossier.state != State.NEW].append((dossier, name_of(dossier), left))
    return found


def drawn(
    request: ActorRequest, shown: list[str], found: list[flow.Passage], offices: dict[str, str]
) -> dict[str, Any]:
    """The process of the procedure asked for, or of the busiest; and links to the others."""
    codes = flow.busiest(found)
    versions = flow.latest(codes) if codes else {}
    asked = request.GET.get("procedure", "")
    code = asked if asked in codes else (codes[0] if codes else "")
    where = {"agency": shown[0]} if len(shown) == 1 and "agency" in request.GET else {}
    return {
        "flow": flow.flow_of(found, code, offices=offices, versions=versions) if code else None,
        "procedures": [
            Link(name, f"?{urlencode({**where, 'procedure': one})}", one == code)
            for one, name in flow.called(codes, versions).items()
        ]
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
