"""Ask an agency about a reading of one's data; complain about a dossier to the agency's head."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from motcua.dossiers.models import Application
from motcua.lib.actions import Invalid
from motcua.people.middleware import ActorRequest
from motcua.petitions import actions
from motcua.petitions.forms import Complaint
from motcua.petitions.models import DAYS, LONGEST, Kind, Petition
from motcua.portal.access import applicant
from motcua.portal.agencies import answering
from motcua.portal.mandating import Once
from motcua.portal.opened import PAPERS, told_of
from motcua.portal.readings import LAST, ask, place
from motcua.portal.readings import register as told_by
from motcua.portal.represented import represented_by, subject_of
from motcua.portal.views.my import account

SALT = "portal.petitions.reading"


class Question(Once):
    """What someone wants to know of a reading; the reading comes with the page, signed."""

    reading = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Your question"),
        widget=forms.Textarea({"rows": 5}),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Write what you want to ask.")},
    )


class Complaining(Once, Complaint):
    """What someone complains of; pressed twice it is one."""


@login_required
@require_http_methods(["GET", "POST"])
def question(request: ActorRequest, register: str) -> HttpResponseBase:
    """Ask the agency that read why it did."""
    if request.method == "POST":
        form = Question(request.POST)
        told = unsigned(request.POST.get("reading", ""))
        if form.is_valid():
            asked = Petition(
                pk=form.cleaned_data["key"],
                kind=Kind.QUESTION,
                account=account(request),
                agency=told["agency"],
                agency_name=told["agency_name"],
                about=told,
                text=form.cleaned_data["text"],
            )
            actions.petition(asked, by=request.actor)
            words = _("Your question is on its way to %(agency)s. The answer comes here.")
            messages.success(request, words % {"agency": told["agency_name"]})
            return redirect("portal:data")
    else:
        told = found(request, register, request.GET.get("at", ""))
        form = Question(initial={"reading": signing.dumps(told, salt=SALT)})
    page = {
        "form": form,
        "told": told,
        "at": datetime.fromisoformat(told["at"]),
        "register": register,
        "days": DAYS[Kind.QUESTION],
    }
    return render(request, "portal/my/question.html", page, status=422 if form.is_bound else 200)


def found(request: ActorRequest, register: str, at: str) -> dict[str, Any]:
    """The reading of this moment in one's own record or of whom one represents, as the register tells it now; no other.

    Of papers that were opened at an agency `at` is the number of the line.
    """
    subject = subject_of(account(request), request.GET.get("of", ""), represented_by(request.actor))
    rest = {"register": register, "of": subject.name, "number": subject.number if subject.mandate else ""}
    if register == PAPERS:
        told = told_of(account(request), subject, at, answering())
        if told is None:
            raise Http404
        return told | rest
    if register not in subject.registers:
        raise Http404
    upto = place(f"{at}~{LAST}")
    answer = ask(register, subject, request.actor, upto) if upto else None
    readings = told_by(register, subject, answer).readings
    one = next((one for one in readings if one.at.isoformat() == at), None)
    if one is None or not answering()(one.code):
        raise Http404
    return rest | {
        "at": one.at.isoformat(),
        "who": one.who,
        "agency": one.code,
        "agency_name": one.agency,
        "what": one.what,
        "purpose": one.purpose,
        "dossier": one.dossier,
    }


def unsigned(text: str) -> dict[str, Any]:
    """The reading that came with the page; what was changed on the way is none."""
    try:
        told: dict[str, Any] = signing.loads(text, salt=SALT)
    except signing.BadSignature as fault:
        raise Http404 from fault
    return told


@applicant
@require_http_methods(["GET", "POST"])
def complain(request: ActorRequest, application: Application) -> HttpResponseBase:
    """Complain about a dossier that was sent; the agency's head answers."""
    if application.is_draft:
        raise Http404
    form = Complaining(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        filed = Petition(
            pk=form.cleaned_data["key"],
            kind=Kind.COMPLAINT,
            account=account(request),
            application=application,
            agency=application.agency,
            agency_name=application.agency_name,
            about={"code": application.code, "procedure": application.definition.name.vi},
            text=form.cleaned_data["text"],
        )
        try:
            actions.petition(filed, by=request.actor)
        except Invalid as refusal:
            form.blame(refusal)
        else:
            messages.success(request, _("Your complaint is on its way to the head of the agency."))
            return redirect("portal:application", application.pk)
    page = {"form": form, "application": application, "days": DAYS[Kind.COMPLAINT]}
    return render(request, "portal/application/complain.html", page, status=422 if form.is_bound else 200)
