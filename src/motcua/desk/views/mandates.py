"""Claims of representation: a parent or who speaks for a business has sent a paper; an officer compares it with the books."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from motcua.desk.access import led_by, officers
from motcua.desk.forms import Reason
from motcua.documents.serving import served
from motcua.lib.actions import Invalid, may
from motcua.mandates import actions
from motcua.mandates.models import Claim
from motcua.people.middleware import ActorRequest

OFFICERS = ("receiver", "registrar")
SHOWN = 100


@require_safe
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """What waits to be looked at, the oldest first."""
    waiting = Claim.objects.waiting(desks(request))[:SHOWN]
    return render(request, "desk/mandates.html", {"claims": waiting})


@require_http_methods(["GET", "POST"])
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """One claim with its paper: confirm it, or say why not."""
    claim = opened(request, pk)
    form = Reason(request.POST if "reason" in request.POST else None)
    if request.method == "POST" and answered(request, claim, form):
        return redirect("desk:mandates")
    may_answer = may(request.actor, "mandates.uphold", claim)
    page = {"claim": claim, "form": form, "may_answer": may_answer}
    return render(request, "desk/mandate.html", page, status=422 if form.is_bound else 200)


def answered(request: ActorRequest, claim: Claim, form: Reason) -> bool:
    """Whether it was confirmed, or refused with a reason."""
    if not form.is_bound:
        actions.uphold(claim, by=request.actor)
        messages.success(
            request, _("Confirmed. The person may now apply for %(name)s.") % {"name": claim.principal_name}
        )
        return True
    if not form.is_valid():
        return False
    try:
        actions.dismiss(claim, by=request.actor, reason=form.cleaned_data["reason"])
    except Invalid as fault:
        form.add_error("reason", str(fault))
        return False
    messages.success(request, _("Not confirmed. The person is told your reason."))
    return True


@require_safe
@officers
def paper(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The paper that is to prove it."""
    claim = opened(request, pk)
    actions.open_proof(claim, by=request.actor)
    held = claim.paper
    return served(held["digest"], held["media"], held["name"])


def opened(request: ActorRequest, pk: UUID) -> Claim:
    """A claim at an agency where one of the one-stop roles is held; others do not exist."""
    return get_object_or_404(Claim, pk=pk, agency__in=desks(request))


def desks(request: ActorRequest) -> list[str]:
    """The agencies whose claims this officer decides: their own, and those these have followed."""
    led_by(request, *OFFICERS)
    return request.actor.answers_for(*OFFICERS)
