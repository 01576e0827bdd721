"""Documents that go out: the list, writing one, and where one stands at each of its receivers."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.desk.access import led_by, officers
from motcua.desk.doing import Act, form_of
from motcua.desk.forms.dispatches import Reasoned, Signing, Write
from motcua.desk.standing import stages
from motcua.dispatches import actions
from motcua.dispatches.models import Incoming, Outgoing
from motcua.dispatches.rules import OFFICERS
from motcua.documents.serving import served
from motcua.lib.actions import Can, Refused
from motcua.people.middleware import ActorRequest
from motcua.ui.forms import did

SHOWN = 100
ACTS = {
    "submit": Act(actions.submit, _("It is with the head of the agency to be signed.")),
    "hand_back": Act(actions.hand_back, _("Handed back to be changed."), Reasoned),
    "sign": Act(actions.sign, _("Signed; it has its number."), Signing),
    "issue": Act(actions.issue, _("Issued; it is on its way to its receivers.")),
    "void": Act(actions.void, _("It is not issued; its number stays with it."), Reasoned),
    "recall": Act(actions.recall, _("It is asked back from all who have it."), Reasoned),
}


@require_safe
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """What is being written, signed, or to be issued; below it what was sent lately, with where it stands."""
    led_by(request, *OFFICERS)
    mine = Outgoing.objects.visible_to(request.actor, *OFFICERS)
    page = {
        "open": list(
            mine.filter(state__in=["draft", "submitted", "signed"]).order_by("-urgency", "drafted_at", "pk")[
                :SHOWN
            ]
        ),
        "sent": list(
            mine.filter(issued_at__isnull=False)
            .prefetch_related("deliveries")
            .order_by("-issued_at", "pk")[:SHOWN]
        ),
    }
    return render(request, "desk/dispatches/outgoing.html", page)


@require_http_methods(["GET", "POST"])
@officers
def write(request: ActorRequest) -> HttpResponseBase:
    """A new document; an answer to one that came in is begun with its sender and its words."""
    led_by(request, *OFFICERS)
    answered = asked(request)
    form = Write(request.POST or None, initial=begun(answered))
    if form.is_bound and form.is_valid():
        document = Outgoing(agency=writing_for(request, answered), responds_to=answered, **form.cleaned_data)
        if did(form, lambda: actions.draft(document, by=request.actor)):
            return redirect("desk:outgoing_one", document.pk)
    page = {"form": form, "answered": answered}
    return render(request, "desk/dispatches/write.html", page, status=422 if form.is_bound else 200)


def asked(request: ActorRequest) -> Incoming | None:
    """What the new document answers, if it was begun from there."""
    key = request.GET.get("answers", "")
    mine = Incoming.objects.visible_to(request.actor, *OFFICERS)
    try:
        return mine.filter(pk=UUID(key)).first() if key else None
    except ValueError as fault:
        raise Http404 from fault


def begun(answered: Incoming | None) -> dict[str, Any]:
    return (
        {"receivers": answered.sender, "subject": f"Trả lời văn bản số {answered.number}"} if answered else {}
    )


def writing_for(request: ActorRequest, answered: Incoming | None) -> str:
    """The agency in whose name it is written."""
    return answered.agency if answered else led_by(request, *OFFICERS)[0]


@require_safe
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """One document: how far it is here, and where it stands at each receiver."""
    return shown(request, found(request, pk))


def shown(
    request: ActorRequest, document: Outgoing, *, refused: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    can = Can(request.actor, document, "dispatches")
    offered = {verb: form_of(ACTS, verb) for verb in ACTS if can[verb]}
    if refused:
        offered[refused[0]] = refused[1]
    page = {
        "document": document,
        "offered": offered,
        "form": refused[1] if refused else None,
        "deliveries": [(one, stages(one)) for one in document.deliveries.order_by("agency_name")],
    }
    return render(request, "desk/dispatches/outgoing_one.html", page, status=422 if refused else 200)


@require_POST
@officers
def decide(request: ActorRequest, pk: UUID, verb: str) -> HttpResponseBase:
    """One decision about one document."""
    document = found(request, pk)
    if verb not in ACTS:
        raise Http404
    form, act = form_of(ACTS, verb, request.POST), ACTS[verb]
    if form.is_valid() and did(form, lambda: act.do(document, by=request.actor, **form.cleaned_data)):
        messages.success(request, str(act.done))
        return redirect("desk:outgoing_one", document.pk)
    return shown(request, document, refused=(verb, form))


@require_safe
@officers
def file(request: ActorRequest, pk: UUID, number: int) -> HttpResponseBase:
    """A file of a document."""
    document = found(request, pk)
    if number >= len(document.files):
        raise Http404
    one = document.files[number]
    return served(one["digest"], one["media"], one["name"])


def found(request: ActorRequest, pk: UUID) -> Outgoing:
    """A document one may see."""
    if not request.actor.holds(*OFFICERS):
        raise Refused(_("This page belongs to another post."))
    return get_object_or_404(Outgoing.objects.visible_to(request.actor, *OFFICERS), pk=pk)
