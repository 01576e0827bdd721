"""What comes to a dossier after it was taken: papers the applicant brings, and notes of colleagues."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from motcua.desk import process
from motcua.desk.access import officers
from motcua.desk.forms import Jotting, Later
from motcua.desk.mending import Mended
from motcua.desk.views.dossier import opened
from motcua.documents import actions as documents
from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.actions.applying import InvalidAnswers
from motcua.dossiers.models import Dossier
from motcua.lib.actions import Invalid, Refused, may
from motcua.people.middleware import ActorRequest


@require_http_methods(["GET", "POST"])
@officers
def add(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Add one paper, ticked or scanned; when all that was missing is there, the clock starts again."""
    dossier = opened(request, pk)
    if not may(request.actor, "dossiers.file_paper", dossier):
        raise Refused(
            _("Only the one-stop officers of the agency add papers, and never to their own dossier.")
        )
    waits = may(request.actor, "dossiers.resume", dossier)
    # Where answers are to be put right as well, the clock goes on from their page.
    asks = waits and bool(dossier.asked_pages)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = Later(*sent, papers=papers_of(dossier), waits=waits and not asks)
    if form.is_bound and added(request, dossier, form):
        messages.success(request, _("The paper is in the dossier."))
        return redirect("desk:answers" if asks else "desk:dossier", pk)
    page = {"dossier": dossier, "form": form, "name": process.name_of(dossier), "waits": waits, "asks": asks}
    return render(request, "desk/papers.html", page, status=422 if form.is_bound else 200)


def added(request: ActorRequest, dossier: Dossier, form: Later) -> bool:
    """Whether the paper is in the dossier; if not, the form says what to mend."""
    if not form.is_valid():
        return False
    given = form.cleaned_data
    paper = {"paper": given["paper"], "copy": given["copy"], "media": "", "size": 0, "digest": ""}
    try:
        if given["file"]:
            paper |= kept(request, given["file"], about=f"papers:{dossier.pk}", agency=dossier.agency)
        paper["name"] = dict(papers_of(dossier))[given["paper"]][:200]
        actions.file_paper(dossier, by=request.actor, paper=paper)
        if given.get("complete"):
            actions.resume(dossier, by=request.actor, papers=[], note="", sent_at=timezone.now())
    except Invalid as fault:
        form.add_error(fault.field if fault.field in form.fields else None, str(fault))
    return not form.errors


@require_http_methods(["GET", "POST"])
@officers
def answers(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Enter the answers the applicant has put right on paper; when all that was missing is here, the clock starts again."""
    dossier = opened(request, pk)
    if not may(request.actor, "dossiers.enter_answers", dossier):
        raise Refused(
            _(
                "Answers are entered by the one-stop officers of the agency where the dossier was filed, while it waits for "
                "them, and never in their own dossier."
            )
        )
    form = Mended(dossier, request.POST if request.method == "POST" else None)
    if form.is_bound and entered(request, dossier, form):
        messages.success(request, _("The answers are entered; what stood there before is kept beside them."))
        return redirect("desk:dossier", pk)
    page = {
        "dossier": dossier,
        "form": form,
        "own": form["all-here"],
        "name": process.name_of(dossier),
    }
    return render(request, "desk/answers.html", page, status=422 if form.is_bound else 200)


def entered(request: ActorRequest, dossier: Dossier, form: Mended) -> bool:
    """Whether the answers hold and are kept; if not, the form says what to mend, and nothing has changed."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            actions.enter_answers(dossier, by=request.actor, typed=form.typed())
            if form.cleaned_data["all-here"]:
                actions.resume(dossier, by=request.actor, papers=[], note="", sent_at=timezone.now())
    except InvalidAnswers as fault:
        form.blame(fault.faults)
    return not form.errors


def papers_of(dossier: Dossier) -> list[tuple[str, str]]:
    """The papers of the procedure, and any other."""
    language = get_language() or "vi"
    asked = dossier.definition.papers_for(dossier.case)
    return [*((one.id, one.name.said_in(language)) for one in asked), ("other", _("Another paper"))]


def kept(request: ActorRequest, file: Any, *, about: str, agency: str) -> dict[str, Any]:
    """The file checked by its content and kept, as a dossier names it. Raises Invalid."""
    found = documents.keep(
        Document(title=file.name, about=about, agency=agency), by=request.actor, file=file.file
    )
    return {"name": found.title, "media": found.media, "size": found.size, "digest": found.digest}


@require_POST
@officers
def note(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Leave a note for colleagues."""
    dossier, form = opened(request, pk), Jotting(request.POST)
    if form.is_valid():
        actions.note(dossier, by=request.actor, text=form.cleaned_data["text"])
        return redirect("desk:dossier", pk)
    page = {"dossier": dossier, "form": form, "name": process.name_of(dossier)}
    return render(request, "desk/note.html", page, status=422)
