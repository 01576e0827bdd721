"""Several dossiers from the work list in one go: chosen, looked over, done one by one, and told row by row."""

from dataclasses import asdict
from typing import Any
from uuid import uuid4

from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.desk.access import officers, readable
from motcua.desk.bulk import (
    DEEDS,
    MOST,
    Deed,
    Line,
    Outcome,
    carry_out,
    colleagues,
    lines,
    offered,
    receipts,
    uuids,
)
from motcua.desk.forms import HandOn
from motcua.desk.once import is_done_already, keep, one_at_a_time
from motcua.desk.process import name_of
from motcua.documents.actions import outgoing
from motcua.documents.binding import bound
from motcua.dossiers.states import OPEN
from motcua.people.middleware import ActorRequest

KEPT = "bulk"


@require_http_methods(["GET", "POST"])
@officers
def show(request: ActorRequest, verb: str = "") -> HttpResponseBase:
    """What will happen to each dossier that was chosen; the green button does it, once."""
    deed = deed_of(request, verb or request.GET.get("verb", ""))
    if request.method == "GET":
        return looked_over(request, deed)
    with one_at_a_time(request):
        if is_done_already(request, KEPT):
            return redirect("desk:bulk_done")
        return looked_over(request, deed)


def looked_over(request: ActorRequest, deed: Deed) -> HttpResponseBase:
    """The chosen dossiers with what hinders each; done, if the button was pressed and something can be."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = chosen_of(request, asked.getlist("dossier"), all_held="held" in asked)
    found = lines(deed, chosen, by=request.actor)
    form = form_of(request, deed)
    if request.method == "POST" and form.is_valid() and any(not line.hindrance for line in found):
        return done(request, deed, found, form.cleaned_data)
    page = {
        "deed": deed,
        "lines": found,
        "ready": [line for line in found if not line.hindrance],
        "form": form,
        "token": request.POST.get("token") or uuid4(),
    }
    return render(request, "desk/bulk.html", page, status=422 if form.is_bound else 200)


def deed_of(request: ActorRequest, name: str) -> Deed:
    """The deed, if this officer's posts may do it."""
    found = next((deed for deed in offered(request.actor) if deed.name == name), None)
    if found is None:
        raise Http404
    return found


def chosen_of(request: ActorRequest, texts: list[str], *, all_held: bool) -> list[Any]:
    """The dossiers named, or all this officer has in hand; what they may not read is not among them."""
    found = readable(request.actor).with_procedures().with_owners().select_related("extension", "assigned_to")
    whose = in_hand(request) if all_held else Q(pk__in=uuids(texts))
    return list(found.filter(whose).prefetch_related("steps").order_by("urgency", "deadline", "pk")[:MOST])


def in_hand(request: ActorRequest) -> Q:
    """What was given to this officer, or what they were the last to take in hand, while it is open."""
    account = request.actor.urn.removeprefix("person:")
    return Q(state__in=OPEN) & (Q(assigned_to=account) | Q(assigned_to=None, held_by=account))


def form_of(request: ActorRequest, deed: Deed) -> Any:
    typed = request.POST if request.method == "POST" else None
    if deed.form is not HandOn:
        return deed.form(typed)
    return HandOn(typed, colleagues=colleagues(request.actor))


def done(request: ActorRequest, deed: Deed, found: list[Line], given: dict[str, Any]) -> HttpResponseBase:
    """Do it, and keep with the visit what came of it."""
    outcomes = carry_out(deed, found, by=request.actor, given=given)
    keep(request, KEPT, verb=deed.name, outcomes=[asdict(one) for one in outcomes])
    return redirect("desk:bulk_done")


@require_GET
@officers
def result(request: ActorRequest) -> HttpResponseBase:
    """Row by row, what was done and what was not, and why."""
    kept = request.session.get(KEPT)
    if not kept:
        return redirect("desk:worklist")
    told = {one["dossier"]: Outcome(**one) for one in kept["outcomes"]}
    dossiers = (
        readable(request.actor).with_procedures().filter(pk__in=told).order_by("urgency", "deadline", "pk")
    )
    rows = [(one, name_of(one), told[str(one.pk)].trouble) for one in dossiers]
    well = sum(not trouble for _one, _name, trouble in rows)
    page = {"deed": DEEDS[kept["verb"]], "rows": rows, "well": well, "badly": len(rows) - well}
    return render(request, "desk/bulk_done.html", page)


@require_GET
@officers
def print_receipts(request: ActorRequest) -> HttpResponseBase:
    """The receipts of the chosen dossiers as one file to be printed."""
    deed_of(request, "receipts")
    dossiers = chosen_of(request, request.GET.getlist("dossier"), all_held=False)
    found = receipts(dossiers)
    ordered = [outgoing(found[one.urn]) for one in dossiers if one.urn in found]
    if not ordered:
        raise Http404(_("There is no receipt of this dossier."))
    answer = HttpResponse(bound(ordered), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="receipts.pdf"'
    return answer
