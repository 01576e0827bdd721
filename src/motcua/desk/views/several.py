"""Several documents of a list in one go: chosen, looked over, done one by one in the order they came, and told row by row."""

from dataclasses import asdict
from typing import Any
from uuid import uuid4

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from motcua.desk.access import led_by, officers
from motcua.desk.bulk import uuids
from motcua.desk.dispatching import signing_as
from motcua.desk.forms.dispatches import Assign, Signing
from motcua.desk.once import is_done_already, keep, one_at_a_time
from motcua.desk.several import DEEDS, Deed, Line, Outcome, address, carry_out, chosen, lines
from motcua.dispatches.models import Incoming, Outgoing
from motcua.dispatches.rules import OFFICERS
from motcua.people.middleware import ActorRequest
from motcua.people.presence import is_present, prove

KEPT = "several"
VERSION = "version-"


@require_http_methods(["GET", "POST"])
@officers
def show(request: ActorRequest, verb: str = "") -> HttpResponseBase:
    """What will happen to each document that was chosen; the green button does it, once. Who signs shows first that it is they."""
    deed = deed_of(request, verb or request.GET.get("verb", ""))
    led_by(request, *OFFICERS)
    if request.method == "GET":
        return looked_over(request, deed)
    if deed.signs and not is_present(request):
        keys = uuids(request.POST.getlist("document"))
        return prove(request, address(deed.name, keys))
    with one_at_a_time(request):
        if is_done_already(request, KEPT):
            return redirect("desk:several_done")
        return looked_over(request, deed)


def deed_of(request: ActorRequest, name: str) -> Deed:
    """The deed, if this officer's posts may do it."""
    deed = DEEDS.get(name)
    if deed is None or not request.actor.holds(*deed.roles):
        raise Http404
    return deed


def looked_over(request: ActorRequest, deed: Deed) -> HttpResponseBase:
    """The chosen documents with what is to be looked at; done, if the button was pressed and something can be."""
    typed = request.POST if request.method == "POST" else None
    asked = request.GET if typed is None else typed
    found = lines(deed, chosen(deed, asked.getlist("document"), by=request.actor), by=request.actor)
    ready = [line for line in found if not line.hindrance]
    form = form_of(request, deed, ready or found, typed)
    if typed is not None and ready and form.is_valid():
        return done(request, deed, found, form.cleaned_data)
    page = {
        "deed": deed,
        "lines": found,
        "ready": ready,
        "watched": sum(bool(line.remarks) for line in ready),
        "form": form,
        "token": asked.get("token") or uuid4(),
    }
    return render(request, "desk/dispatches/several.html", page, status=200 if typed is None else 422)


def form_of(request: ActorRequest, deed: Deed, found: list[Line], typed: QueryDict | None) -> forms.Form:
    """What is asked for once for all; of whom one can choose, and in which post one signs, is said by the first."""
    if not found:
        return forms.Form(typed)
    about = found[0].document
    if deed.form is Assign and isinstance(about, Incoming):
        return Assign(typed, about=about)
    if deed.form is Signing:
        return Signing(typed, initial=signing_as(request.actor, about.agency))
    return deed.form(typed)


def done(request: ActorRequest, deed: Deed, found: list[Line], given: dict[str, Any]) -> HttpResponseBase:
    """Do it, and keep with the visit what came of it."""
    seen = {
        name.removeprefix(VERSION): int(value)
        for name, value in request.POST.dict().items()
        if name.startswith(VERSION) and isinstance(value, str) and value.isdecimal()
    }
    outcomes = carry_out(deed, found, by=request.actor, given=given, seen=seen)
    keep(request, KEPT, verb=deed.name, outcomes=[asdict(one) for one in outcomes])
    return redirect("desk:several_done")


@require_GET
@officers
def result(request: ActorRequest) -> HttpResponse:
    """Row by row, which number each was given, or why nothing was done."""
    led_by(request, *OFFICERS)
    kept = request.session.get(KEPT)
    if not kept:
        return redirect("desk:incoming")
    deed = DEEDS[kept["verb"]]
    told = {one["document"]: Outcome(**one) for one in kept["outcomes"]}
    kind: Any = Incoming if deed.kind is Incoming else Outgoing
    found = {
        str(one.pk): one for one in kind.objects.visible_to(request.actor, *OFFICERS).filter(pk__in=told)
    }
    rows = [(found[pk], outcome.trouble) for pk, outcome in told.items() if pk in found]
    well = [one for one, trouble in rows if not trouble]
    serials = sorted(one.serial for one in well if one.serial) if deed.name == "register" else []
    page = {
        "deed": deed,
        "rows": rows,
        "well": len(well),
        "badly": len(rows) - len(well),
        "first": serials[0] if serials else None,
        "last": serials[-1] if serials else None,
    }
    return render(request, "desk/dispatches/several_done.html", page)
