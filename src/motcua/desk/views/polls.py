"""What the users of a service were asked before it goes online, and what they answered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.desk.access import KEEPERS, led_by, officers
from motcua.desk.polling import Ask, CountAnswers
from motcua.lib.actions import may
from motcua.people.middleware import ActorRequest
from motcua.procedures import actions
from motcua.procedures.models import Draft, Procedure
from motcua.procedures.polls import Poll
from motcua.ui.forms import did

SHOWN = 50


@require_http_methods(["GET", "POST"])
@officers
def index(request: ActorRequest, code: str) -> HttpResponseBase:
    """The polls about one procedure, the last first; and a new one, where none is open."""
    led_by(request, *KEEPERS)
    procedure = get_object_or_404(Procedure, code=code)
    form = Ask(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if form.is_valid() and did(form, lambda: actions.open_poll(form.poll(procedure), by=request.actor)):
        messages.success(request, _("They are being asked. Count the answers after the last day."))
        return redirect("desk:polls", code)
    polls = list(Poll.objects.coded(code).order_by("-ends_on", "-opened_at")[:SHOWN])
    may_ask = may(request.actor, "procedures.open_poll", Poll(procedure=procedure))
    context: dict[str, Any] = {
        "code": code,
        "name": name_of(procedure),
        "polls": polls,
        "form": form,
        "may_ask": may_ask and not any(poll.state == Poll.State.OPEN for poll in polls),
        "may_count": may_ask,
    }
    return render(request, "desk/polls.html", context, status=422 if form.is_bound else 200)


def name_of(procedure: Procedure) -> str:
    """What it is called, also while it is only being written."""
    version = procedure.versions.latest().defer("content").first()
    named = version or Draft.objects.open().filter(code=procedure.code).first()
    return named.name_in(get_language() or "vi") if named else procedure.code


@require_http_methods(["GET", "POST"])
@officers
def count(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The answers of a poll, typed once."""
    led_by(request, *KEEPERS)
    poll = get_object_or_404(Poll.objects.select_related("procedure"), pk=pk)
    form = CountAnswers(request.POST if request.method == "POST" else None)
    if form.is_valid() and did(form, lambda: actions.count_poll(poll, by=request.actor, **form.cleaned_data)):
        messages.success(request, _("Counted. Everybody reads it beside the procedure."))
        return redirect("desk:polls", poll.procedure.code)
    context = {"form": form, "poll": poll}
    return render(request, "desk/count_poll.html", context, status=422 if form.is_bound else 200)
