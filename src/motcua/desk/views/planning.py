"""Plans of reorganisations written by forms, one entry at a time; the file says the same."""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from motcua.desk.access import led_by, officers
from motcua.desk.choosing import offered
from motcua.desk.planning import (
    Allots,
    BeginsWithEnding,
    BeginsWithName,
    Ends,
    Entry,
    Facts,
    Newcomer,
    Posts,
)
from motcua.desk.views.reorganisations import DONE_WRITING, opened, place
from motcua.lib.actions import Invalid
from motcua.people.middleware import ActorRequest
from motcua.procedures.reading import Place
from motcua.reorganisations import actions
from motcua.reorganisations.editing import around, take_out
from motcua.reorganisations.models import Plan
from motcua.reorganisations.scheme import KINDS, Kind, Scheme
from motcua.ui.forms import did

FORMS: dict[str, tuple[type[Entry], Any]] = {
    "facts": (Facts, _("Name, decision and day")),
    "old": (Ends, _("An agency that ends")),
    "new": (Newcomer, _("An agency that begins or gets another name")),
    "dossiers": (Allots, _("Dossiers that go elsewhere")),
    "posts": (Posts, _("Posts and officers")),
}
AT = re.compile(r"(facts)|(old|new)-(\d{1,4}|add)|old-(\d{1,4})-(dossiers|posts)-(\d{1,4}|add)")


@require_http_methods(["GET", "POST"])
@officers
def begin(request: ActorRequest) -> HttpResponseBase:
    """A new plan: first what happens, then its facts with the first agency."""
    codes, kind = led_by(request, "administrator"), request.GET.get("kind", "")
    if kind not in set(Kind):
        return render(request, "desk/plan_kinds.html", {"kinds": KINDS.items()})
    made = BeginsWithName if kind == Kind.RENAME else BeginsWithEnding
    form = made(request.POST or None, codes=codes, kind=Kind(kind))
    if form.is_bound and form.is_valid() and (scheme := form.begun_plan()):
        try:
            plan = actions.write(place(request, scheme), by=request.actor, scheme=scheme)
        except Invalid as fault:
            form.add_error(None, str(fault))
        else:
            messages.success(request, DONE_WRITING)
            return redirect("desk:reorganisation", plan.pk)
    context = {"form": form, "plan": None, "title": KINDS[Kind(kind)], "agencies": offered(codes, None)}
    return render(request, "desk/plan_part.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@officers
def part(request: ActorRequest, pk: UUID, at: str) -> HttpResponseBase:
    """One entry of a plan, or one more."""
    plan, codes = opened(request, pk), led_by(request, "administrator")
    made, title = FORMS[name_of(at)]
    spot, known = known_at(plan.scheme, at)
    form = made(request.POST or None, codes=codes, scheme=plan.scheme, known=known)
    if form.is_bound and form.is_valid() and saved(request, plan, form, spot):
        return redirect("desk:reorganisation", pk)
    context = {
        "form": form,
        "plan": plan,
        "title": title,
        "seen": request.POST.get("seen") or plan.digest,
        "agencies": offered(codes, plan.scheme),
    }
    return render(request, "desk/plan_part.html", context, status=422 if form.is_bound else 200)


def saved(request: ActorRequest, plan: Plan, form: Entry, spot: Place) -> bool:
    """Whether the plan says now what the form says; one that says what it said is left alone."""
    if not form.has_changed():
        return True
    scheme, seen = form.changed(plan.scheme, spot), request.POST.get("seen", "")
    if scheme == plan.scheme:
        return True
    if scheme is None or not did(
        form, lambda: actions.rewrite(plan, by=request.actor, scheme=scheme, seen=seen)
    ):
        return False
    messages.success(request, DONE_WRITING)
    return True


@require_POST
@officers
def out(request: ActorRequest, pk: UUID, at: str) -> HttpResponse:
    """An entry is taken out of the plan."""
    plan = opened(request, pk)
    spot, known = known_at(plan.scheme, at)
    if not spot or known is None:
        raise Http404
    try:
        scheme = take_out(plan.scheme, spot)
        actions.rewrite(plan, by=request.actor, scheme=scheme, seen=request.POST.get("seen", "-"))
    except Invalid as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, DONE_WRITING)
    return redirect("desk:reorganisation", pk)


def name_of(at: str) -> str:
    """What kind of entry an address speaks of: “old-0-posts-1” → “posts”; Http404 if it is none."""
    if not (match := AT.fullmatch(at)):
        raise Http404
    return match[1] or match[2] or match[5]


def known_at(scheme: Scheme, at: str) -> tuple[Place, dict[str, Any] | None]:
    """The place in the plan an address means, and what stands there; None for one more."""
    name_of(at)
    content = scheme.as_content()
    if at == "facts":
        return (), content
    *steps, last = at.split("-")
    above: Place = tuple(int(step) if step.isdigit() else step for step in steps)
    try:
        entries, number = around(content, (*above, 0 if last == "add" else int(last)))
    except LookupError as fault:
        raise Http404 from fault
    if last == "add":
        return (*above, len(entries)), None
    if number >= len(entries):
        raise Http404
    return (*above, number), entries[number]
