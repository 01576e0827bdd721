"""Documents that come in: the list of what is to be done, the register of a year, one document and what can be decided."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from motcua.desk.access import led_by, officers
from motcua.desk.doing import Act, form_of
from motcua.desk.forms.dispatches import Assign, Reasoned
from motcua.dispatches import actions
from motcua.dispatches.models import Incoming
from motcua.dispatches.rules import OFFICERS
from motcua.documents.serving import served
from motcua.journal.models import Entry
from motcua.lib.actions import Can, Refused
from motcua.people.middleware import ActorRequest
from motcua.ui.forms import did

SHOWN, ENDED = 100, 20
ACTS = {
    "register": Act(actions.register, _("Entered in the register.")),
    "refuse": Act(actions.refuse, _("Refused; its sender is told why."), Reasoned),
    "assign": Act(actions.assign, _("Assigned."), Assign),
    "begin": Act(actions.begin, _("Work has begun.")),
    "finish": Act(actions.finish, _("Done; its sender sees so.")),
    "give_back": Act(actions.give_back, _("Given back to its sender.")),
    "keep_on": Act(actions.keep_on, _("Its sender is told that it is not given back."), Reasoned),
}


@require_safe
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """What has come and is not done, the most urgent first; below it what was done lately."""
    led_by(request, *OFFICERS)
    mine = Incoming.objects.visible_to(request.actor, *OFFICERS)
    page = {
        "waiting": list(mine.unended().order_by("-urgency", "due_at", "arrived_at", "pk")[:SHOWN]),
        "ended": list(mine.exclude(ended_at=None).order_by("-ended_at", "pk")[:ENDED]),
        "now": timezone.now(),
    }
    return render(request, "desk/dispatches/incoming.html", page)


@require_safe
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """One document: what it says of itself, its files, what is asked of us, what happened."""
    return shown(request, found(request, pk))


def shown(
    request: ActorRequest, document: Incoming, *, refused: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    can = Can(request.actor, document, "dispatches")
    offered = {verb: form for verb, form in forms_for(document).items() if can[verb]}
    if refused:
        offered[refused[0]] = refused[1]
    page = {
        "document": document,
        "offered": offered,
        "form": refused[1] if refused else None,
        "like": Incoming.objects.like(document).order_by("arrived_at").first(),
        "story": Entry.objects.about(document).order_by("pk"),
        "now": timezone.now(),
    }
    return render(request, "desk/dispatches/incoming_one.html", page, status=422 if refused else 200)


def forms_for(document: Incoming, typed: Any = None) -> dict[str, forms.Form]:
    """The form of each deed; only the one that assigns knows whose turn it could be."""
    made = {verb: form_of(ACTS, verb, typed) for verb in ACTS if verb != "assign"}
    return made | {"assign": Assign(typed, document=document, auto_id="id_assign_%s")}


@require_POST
@officers
def decide(request: ActorRequest, pk: UUID, verb: str) -> HttpResponseBase:
    """One decision about one document."""
    document = found(request, pk)
    if verb not in ACTS:
        raise Http404
    form, act = forms_for(document, request.POST)[verb], ACTS[verb]
    if form.is_valid():
        said = form.said if isinstance(form, Assign) else form.cleaned_data
        if did(form, lambda: act.do(document, by=request.actor, **said)):
            messages.success(request, str(act.done))
            return redirect("desk:incoming_one", document.pk)
    return shown(request, document, refused=(verb, form))


@require_safe
@officers
def file(request: ActorRequest, pk: UUID, number: int) -> HttpResponseBase:
    """A file that came with a document; the number after the last is the message itself, byte for byte."""
    document = found(request, pk)
    files = [
        *document.files,
        {"digest": document.message, "media": "application/xml", "name": f"{document.pk}.edxml"},
    ]
    if number >= len(files):
        raise Http404
    one = files[number]
    return served(one["digest"], one["media"], one["name"])


def found(request: ActorRequest, pk: UUID) -> Incoming:
    """A document one may see."""
    if not request.actor.holds(*OFFICERS):
        raise Refused(_("This page belongs to another post."))
    return get_object_or_404(Incoming.objects.visible_to(request.actor, *OFFICERS), pk=pk)
