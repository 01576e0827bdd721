"""Opinions of other agencies: asked from a dossier, and given to who asks us."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.desk import process
from motcua.desk.access import led_by, officers
from motcua.desk.forms import Ask, Give
from motcua.desk.views.dossier import opened
from motcua.desk.views.papers import kept
from motcua.documents.serving import served
from motcua.dossiers import actions as dossiers
from motcua.dossiers.declaration import in_one, titled
from motcua.dossiers.models import Dossier
from motcua.lib.actions import Invalid, Refused, may
from motcua.opinions import actions
from motcua.opinions.models import Inquiry, Question
from motcua.opinions.rules import OFFICERS
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest

LATEST = 100


@require_http_methods(["GET", "POST"])
@officers
def ask(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Which agencies, what, with which papers, until when."""
    dossier = opened(request, pk)
    if not may(request.actor, "dossiers.consult", dossier):
        raise Refused(_("Only whoever's turn it is asks other agencies, and never about their own dossier."))
    given = titled(dossier.definition, dossier.papers.exclude(digest="").order_by("added_at", "pk"))
    papers = [(str(one.pk), in_one(title, one.name)) for title, one in given]
    typed = request.POST if request.method == "POST" else None
    form = Ask(typed, agencies=askable(dossier), papers=papers)
    if form.is_bound and asked(request, dossier, form):
        messages.success(request, _("The question is on its way."))
        return redirect("desk:dossier", pk)
    page = {"dossier": dossier, "form": form, "name": process.name_of(dossier)}
    return render(request, "desk/ask.html", page, status=422 if form.is_bound else 200)


def askable(dossier: Dossier) -> list[Agency]:
    """The agencies of the same province or ministry, and all ministries and provinces."""
    top = dossier.agency.split(".", 1)[0]
    near = Agency.objects.in_force().under(top) | Agency.objects.in_force().at_level(1)
    return list(near.exclude(code=dossier.agency).order_by("short_name"))


def asked(request: ActorRequest, dossier: Dossier, form: Ask) -> bool:
    """Whether they could be asked; if not, the form says what to mend."""
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        dossiers.consult(
            dossier,
            by=request.actor,
            agencies=form.agencies,
            question=given["question"],
            papers=[int(paper) for paper in given["papers"]],
            days=given["days"],
            one_is_enough=given["waits"] == "any",
        )
    except Invalid as fault:
        form.add_error("agency1" if fault.field == "agencies" else fault.field or None, str(fault))
        return False
    return True


@require_GET
@officers
def letter(request: ActorRequest, pk: UUID, inquiry: UUID) -> HttpResponseBase:
    """The letter that came with an opinion."""
    dossier = opened(request, pk)
    found = get_object_or_404(Inquiry.objects.about(dossier), pk=inquiry)
    if found.file:
        dossiers.open_letter(dossier, by=request.actor, inquiry=found)
    return handed_out(found.file)


@require_GET
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """What other agencies ask us, the most urgent first; below it what we answered lately."""
    questions = asked_of(request)
    waiting = questions.filter(state=Question.State.WAITING).order_by("due_at", "pk")[:LATEST]
    given = questions.filter(state=Question.State.GIVEN).order_by("-answered_at", "pk")[:20]
    page = {"waiting": list(waiting), "given": list(given), "now": timezone.now()}
    return render(request, "desk/asked.html", page)


@require_http_methods(["GET", "POST"])
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """One question, with its papers, and the form for the opinion."""
    question = get_object_or_404(asked_of(request), pk=pk)
    actions.open_question(question, by=request.actor)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = Give(*sent)
    if form.is_bound and answered(request, question, form):
        messages.success(request, _("The opinion is on its way to who asked."))
        return redirect("desk:asked")
    page = {
        "question": question,
        "form": form if may(request.actor, "opinions.answer_question", question) else None,
        "now": timezone.now(),
    }
    return render(request, "desk/asked_one.html", page, status=422 if form.is_bound else 200)


def answered(request: ActorRequest, question: Question, form: Give) -> bool:
    """Whether the opinion could be given; if not, the form says what to mend."""
    if not form.is_valid():
        return False
    given: dict[str, Any] = form.cleaned_data
    if not may(request.actor, "opinions.answer_question", question):
        raise Refused(
            _("Examining officers and the head of the agency answer, once, and never in their own matter.")
        )
    try:
        file = (
            kept(request, given["file"], about=question.urn, agency=question.agency)
            if given["file"]
            else None
        )
        actions.answer_question(
            question, by=request.actor, verdict=given["verdict"], answer=given["answer"], file=file
        )
    except Invalid as fault:
        form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        return False
    return True


@require_GET
@officers
def paper(request: ActorRequest, pk: UUID, number: int) -> HttpResponseBase:
    """A paper that came with a question; the number after the last is our own letter."""
    question = get_object_or_404(asked_of(request), pk=pk)
    files = [*question.papers, question.file]
    if number >= len(files):
        raise Http404
    if file := files[number]:
        actions.open_enclosure(question, by=request.actor, digest=file["digest"])
    return handed_out(file)


def handed_out(file: dict[str, Any]) -> HttpResponseBase:
    if not file:
        raise Http404
    return served(file["digest"], file["media"], file["name"])


def asked_of(request: ActorRequest) -> QuerySet[Question]:
    """The questions to agencies where this officer works on dossiers, and to those these have followed."""
    led_by(request, *OFFICERS)
    return Question.objects.filter(agency__in=request.actor.answers_for(*OFFICERS))
