"""Results that wait at the counter: find whoever came for one."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.desk.access import led_by, officers
from motcua.desk.filters import asked
from motcua.desk.process import name_of
from motcua.dossiers.models import Dossier
from motcua.people.middleware import ActorRequest

DESK = ("receiver", "registrar")
SHOWN = 50


@require_safe
@officers
def show(request: ActorRequest) -> HttpResponseBase:
    """What waits the longest first, or what is found by code or name; each is handed over on its own page."""
    text = asked(request, acts=True).text
    waiting = Dossier.objects.filter(agency__in=led_by(request, *DESK)).to_hand_over().with_procedures()
    found = list((waiting.found(text) if text else waiting)[: SHOWN + 1])
    page = {
        "lines": [(one, name_of(one)) for one in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "text": text,
    }
    return render(request, "desk/collect.html", page)
