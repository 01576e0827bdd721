"""Agencies merged, split, renamed or ended: plans written, tried, approved, and what came of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.desk.access import led_by, officers, places
from motcua.desk.doing import Act, forms_of, refused
from motcua.desk.forms import Change
from motcua.desk.reorganising import Written, entries_of, moved, picture
from motcua.lib.actions import Can, Invalid
from motcua.organisations.estates import ESTATES
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.reorganisations import actions
from motcua.reorganisations.example import blank
from motcua.reorganisations.models import Plan, place_of
from motcua.reorganisations.problems import problems
from motcua.reorganisations.scheme import Scheme, written
from motcua.reorganisations.trial import Trial
from motcua.ui.forms import did

SHOWN = 100
ACTS = {
    "authorise": Act(actions.authorise, gettext_lazy("Approved. It is carried out on its day by itself.")),
    "reopen": Act(
        actions.reopen, gettext_lazy("It can be changed again, and needs another approval."), Change
    ),
    "abandon": Act(actions.abandon, gettext_lazy("The plan is given up.")),
}


@require_GET
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """The plans of the agencies one administers."""
    led_by(request, "administrator")
    plans = Plan.objects.visible_to(request.actor).order_by("-on", "-begun_at").defer("content")
    return render(request, "desk/reorganisations.html", {"plans": plans[:SHOWN]})


@require_http_methods(["GET", "POST"])
@officers
def begin(request: ActorRequest) -> HttpResponseBase:
    """A new plan, written as a file."""
    codes = led_by(request, "administrator")
    form = Written(request.POST or None, initial={"text": blank(codes)})
    if form.is_bound and form.is_valid():
        try:
            plan = actions.write(place(request, form.content), by=request.actor, scheme=form.content)
        except Invalid as fault:
            form.add_error("text", str(fault))
        else:
            messages.success(request, DONE_WRITING)
            return redirect("desk:reorganisation", plan.pk)
    return render(
        request, "desk/reorganise.html", {"form": form, "plan": None}, status=422 if form.is_bound else 200
    )


def place(request: ActorRequest, scheme: Scheme) -> Agency:
    """The agency above all the plan speaks of, or the nearest above that one administers."""
    wanted = place_of(scheme)
    held = [code for code in places(request.actor, "administrator") if f"{wanted}.".startswith(f"{code}.")]
    code = max(held, key=len, default=places(request.actor, "administrator")[0])
    return Agency.objects.get(code=code)


@require_http_methods(["GET", "POST"])
@officers
def write(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The plan as a file, to be changed."""
    plan = opened(request, pk)
    form = Written(request.POST or None, initial={"text": written(plan.scheme)})
    if form.is_valid() and did(
        form, lambda: actions.rewrite(plan, by=request.actor, scheme=form.content), field="text"
    ):
        messages.success(request, DONE_WRITING)
        return redirect("desk:reorganisation", pk)
    return render(
        request, "desk/reorganise.html", {"form": form, "plan": plan}, status=422 if form.is_bound else 200
    )


DONE_WRITING = gettext_lazy("The plan is saved. Below is what it would do; nothing has moved.")


@require_GET
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A plan: before and after, what would move, what is in the way, and what can be done with it."""
    return render(request, "desk/reorganisation.html", page(request, opened(request, pk)))


@require_GET
@officers
def file(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The plan as its file."""
    plan = opened(request, pk)
    return HttpResponse(
        written(plan.scheme),
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="reorganisation-{plan.on}.yaml"'},
    )


@require_POST
@officers
def decide(request: ActorRequest, pk: UUID, verb: str) -> HttpResponseBase:
    """Approve a plan, take it back to be changed, or give it up."""
    plan = opened(request, pk)
    form = refused(request, ACTS, verb, plan)
    if form is None:
        return redirect("desk:reorganisation", pk)
    plan.refresh_from_db()
    shown = page(request, plan) | {"refused": form, verb: form}
    return render(request, "desk/reorganisation.html", shown, status=422)


def estates_of(found: Mapping[str, int]) -> list[tuple[str, int]]:
    """What else lies at the agencies that end, or has moved: its name and how much."""
    return [(str(ESTATES[key].name), number) for key, number in found.items() if number and key in ESTATES]


def opened(request: ActorRequest, pk: UUID) -> Plan:
    led_by(request, "administrator")
    return get_object_or_404(Plan.objects.visible_to(request.actor).select_related("agency"), pk=pk)


def page(request: ActorRequest, plan: Plan) -> dict[str, Any]:
    """All the page shows; of a plan that is done, what came of it."""
    trial = Trial(plan.scheme, limit=SHOWN)
    is_open = plan.state in {Plan.State.DRAFT, Plan.State.APPROVED}
    counts = trial.counts if is_open else moved(plan)
    found = problems(trial, plan=plan) if is_open else []
    return {
        "plan": plan,
        "is_open": is_open,
        "picture": picture(trial, counts, trial.officers),
        "moving": sum(counts.values()),
        "officers": [(one, trial.name(one.post.agency_id), trial.name(one.to)) for one in trial.transfers],
        "going": len([one for one in trial.transfers if one.to]),
        "dossiers": [(one, trial.name(one.old), trial.name(one.new)) for one in trial.dossiers]
        if is_open
        else [],
        "blocking": [one for one in found if one.blocks],
        "warnings": [one for one in found if not one.blocks],
        "owed": [(trial.name(code), number, amount) for code, (number, amount) in trial.owed.items()],
        "estates": estates_of(trial.estates if is_open else plan.report.get("estates", {})),
        "values": len([one for one in trial.overlays if one.agency_id in trial.endings]),
        **entries_of(plan, trial),
        "can": Can(request.actor, plan, "reorganisations"),
        **forms_of(ACTS),
    }
