"""Follow a dossier: what happened, who has it and until when; add what is missing, take it back, rate the service."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.dossiers import actions
from motcua.dossiers.declaration import declared
from motcua.dossiers.models import Application, Attachment
from motcua.dossiers.states import State
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, may
from motcua.organisations.models import calendar_for
from motcua.people.middleware import ActorRequest
from motcua.portal import standing
from motcua.portal.forms import Rating, Supplement, Withdrawal
from motcua.portal.views.uploading import listed, own
from motcua.procedures.schema import Definition

VERDICTS = {
    State.NEW: gettext_lazy("Your dossier has been sent. The commune will receive it."),
    State.ACCEPTED: gettext_lazy("Your dossier has been received. The clock runs."),
    State.REFUSED: gettext_lazy("Your dossier was not received."),
    State.PROCESSING: gettext_lazy("Your dossier is being handled."),
    State.SUPPLEMENT: gettext_lazy("One thing is missing, and it is up to you."),
    State.FEE: gettext_lazy("Your dossier waits for the fee."),
    State.WITHDRAWN: gettext_lazy("You have withdrawn this dossier."),
    State.STOPPED: gettext_lazy("Work on this dossier has been stopped."),
    State.DONE: gettext_lazy("The result is signed and on its way to you."),
    State.RETURNED: gettext_lazy("It is done: the result is yours."),
}
WAIT, LATE = {State.SUPPLEMENT, State.FEE}, {State.REFUSED, State.STOPPED}


@dataclass(frozen=True)
class Moment:
    """One line of the story as `<c-moment>` draws it."""

    state: str
    title: str
    at: datetime | None
    note: str = ""


@login_required
@require_GET
def show(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The dossier as its applicant sees it; a draft goes on where it was left."""
    application = get_object_or_404(own(request), pk=pk)
    if application.is_draft:
        return redirect("portal:resume", pk)
    return shown(request, application)


@login_required
@require_http_methods(["POST"])
def supply(request: ActorRequest, pk: UUID) -> HttpResponse:
    """What the agency asked for goes to it."""
    return acted(
        request,
        pk,
        Supplement,
        "supplement",
        actions.supply,
        _("It is on its way. The clock starts anew when it arrives."),
    )


@login_required
@require_http_methods(["POST"])
def withdraw(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The dossier is taken back."""
    return acted(
        request,
        pk,
        Withdrawal,
        "withdrawal",
        actions.withdraw,
        _("The agency has been asked to give the dossier back."),
    )


@login_required
@require_http_methods(["POST"])
def rate(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The service is rated."""
    return acted(request, pk, Rating, "rating", actions.rate, _("Thank you. Your rating has been counted."))


def acted(
    request: ActorRequest,
    pk: UUID,
    form_class: type[forms.Form],
    name: str,
    act: Callable[..., object],
    done: str,
) -> HttpResponse:
    """Fill in one of the page's forms and do what it says."""
    application = get_object_or_404(own(request), pk=pk)
    form = form_class(request.POST)
    if form.is_valid():
        try:
            act(application, by=request.actor, **form.cleaned_data)
        except Invalid as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("portal:application", pk)
    return shown(request, application, forms_given={name: form}, status=422)


def shown(
    request: ActorRequest,
    application: Application,
    *,
    forms_given: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one dossier."""
    given, definition = forms_given or {}, application.version.definition
    language, actor = get_language() or "vi", request.actor
    papers = list(application.attachments.exclude(kind=Attachment.Kind.GIVEN).order_by("added_at", "id"))
    page = {
        "application": application,
        "name": definition.name.said_in(language),
        "verdict": verdict(application),
        "left": standing.row(application, calendar_for(application.agency), timezone.now()).left,
        "moments": story(application, definition, Entry.objects.about(application), language),
        "papers": papers,
        "results": [paper for paper in papers if paper.kind == Attachment.Kind.RESULT],
        "facts": declared(definition, application.case, application.answers),
        "asked": listed(application, {}) if application.is_waiting_for_citizen else [],
        "supplement": given.get("supplement") or Supplement() if application.is_waiting_for_citizen else None,
        "withdrawal": given.get("withdrawal") or Withdrawal() if may_withdraw(application, actor) else None,
        "rating": given.get("rating") or Rating() if may_rate(application, actor) else None,
        "tracking": reverse("tracking:show", args=[application.code]) if application.code else "",
    }
    return render(request, "portal/application/follow.html", page, status=status)


def may_withdraw(application: Application, actor: Any) -> bool:
    return application.withdrawal_asked_at is None and may(actor, "dossiers.withdraw", application)


def may_rate(application: Application, actor: Any) -> bool:
    return application.rating is None and may(actor, "dossiers.rate", application)


def verdict(application: Application) -> str:
    """The first sentence of the page: so what?"""
    if application.state == State.SUPPLEMENT and application.supplied_at:
        return _("You have sent what was missing. The commune is looking at it.")
    if application.withdrawal_asked_at and application.is_open:
        return _("You have asked to withdraw this dossier. The commune will confirm it.")
    return str(VERDICTS[State(application.state)])


def story(
    application: Application, definition: Definition, entries: Iterable[Entry], language: str
) -> list[Moment]:
    """What happened, oldest first; states and steps that repeat are told once; last, what is happening now."""
    moments: list[Moment] = []
    last: tuple[int, str] | None = None
    for entry in entries:
        if entry.event == "dossiers.ApplicationSent":
            moments.append(Moment("done", _("You sent the dossier"), entry.at))
        elif entry.event == "dossiers.ApplicationSupplied":
            moments.append(Moment("done", _("You sent what was missing"), entry.at))
        elif entry.event == "dossiers.NewsLearned" and (entry.facts["state"], entry.facts["step"]) != last:
            last = (entry.facts["state"], entry.facts["step"])
            moments.append(learned(entry, definition, language))
    if moments and application.is_open and not application.is_waiting_for_citizen:
        moments[-1] = Moment("now", moments[-1].title, moments[-1].at, moments[-1].note)
    return moments


def learned(entry: Entry, definition: Definition, language: str) -> Moment:
    """One piece of news in plain words: the step that goes on, or the state that was reached."""
    state, key = State(entry.facts["state"]), entry.facts["step"]
    steps = {step.id: step for step in definition.steps}
    if state == State.PROCESSING and key in steps:
        return Moment("done", steps[key].citizen_reads.said_in(language), entry.at)
    mark = "wait" if state in WAIT else "late" if state in LATE else "done"
    return Moment(mark, str(VERDICTS[state]), entry.at, entry.facts["reason"])
