"""Full-text search over the documents one may see, with and without diacritics."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.desk.access import led_by, officers
from motcua.dispatches.models import Incoming, Outgoing
from motcua.dispatches.rules import OFFICERS
from motcua.dispatches.wording import query_of
from motcua.people.middleware import ActorRequest

SHOWN = 50


@require_safe
@officers
def show(request: ActorRequest) -> HttpResponseBase:
    """What came in and what went out that has every word typed, the newest first."""
    led_by(request, *OFFICERS)
    typed = request.GET.get("q", "").strip()[:200]
    query = query_of(typed, request.actor.answers_for(*OFFICERS))
    page: dict[str, object] = {"typed": typed, "asked": bool(query)}
    if query:
        came = Incoming.objects.visible_to(request.actor, *OFFICERS).saying(query)
        went = Outgoing.objects.visible_to(request.actor, *OFFICERS).saying(query)
        page["came"] = list(came.order_by("-arrived_at", "pk")[:SHOWN])
        page["went"] = list(went.order_by("-drafted_at", "pk")[:SHOWN])
    return render(request, "desk/dispatches/search.html", page)
