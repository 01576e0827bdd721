"""The papers of an application: put in, looked at, taken out."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.documents import actions as documents
from motcua.documents.models import Document
from motcua.documents.serving import served
from motcua.dossiers import actions, proving
from motcua.dossiers.answering import Upload
from motcua.dossiers.models import Application
from motcua.exchange.calls import Denied, Unreachable
from motcua.lib.actions import Invalid
from motcua.people.middleware import ActorRequest
from motcua.portal import road
from motcua.portal.access import applicant, drafting
from motcua.portal.giving import listed
from motcua.portal.prefilling import provable, reader_of
from motcua.portal.views.applying import skeleton
from motcua.portal.views.following import shown as followed
from motcua.sharing.asking import NotKnown

ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


@require_GET
@drafting
def papers(request: ActorRequest, application: Application) -> HttpResponseBase:
    """What is needed, what is there, and what the state fetches by itself; where no paper is asked for, on to the check."""
    if not road.asks_for_papers(application):
        return redirect("portal:check", application.pk)
    return shown(request, application)


@require_POST
@applicant
def upload(request: ActorRequest, application: Application, paper: str) -> HttpResponseBase:
    """A file is checked by its content and added."""
    form = Upload(request.POST, request.FILES)
    if form.is_valid() and added(request, application, paper, form):
        messages.success(request, _("The file has been added."))
        return redirect(back(application))
    faults = {paper: " ".join(str(fault) for fault in form.errors.get("file", []))}
    page = shown if application.is_draft else followed
    return page(request, application, faults=faults, status=422)


@require_POST
@applicant
def read_paper(request: ActorRequest, application: Application, paper: str) -> HttpResponseBase:
    """With the person's consent a register is read in place of a paper; what it answers is laid in."""
    asked = next((one for one in provable(application) if one.paper.id == paper), None)
    if asked is None:
        raise Http404
    actions.consent(application, by=request.actor, service=asked.service, may_read=True)
    reader = reader_of(request, application)
    try:
        answer = proving.printed(asked, proving.ask(asked, reader), reader)
        actions.prove(application, by=request.actor, asked=asked, answer=answer)
    except (NotKnown, Invalid) as reason:
        messages.error(request, _("%(reason)s Give the paper yourself.") % {"reason": reason})
    except (Unreachable, Denied):
        words = _("The %(register)s does not answer just now. Try again, or give the paper yourself.")
        messages.error(request, words % {"register": asked.register})
    else:
        messages.success(request, _("It has been read; you need not send the paper."))
    return redirect(back(application))


def added(request: ActorRequest, application: Application, paper: str, form: Upload) -> bool:
    """Keep the file, then attach it; if it cannot be taken, the form says why."""
    file = form.cleaned_data["file"]
    try:
        kept = documents.keep(
            Document(title=file.name, about=application.urn, owner=request.actor.urn),
            by=request.actor,
            file=file.file,
        )
        actions.attach(
            application,
            by=request.actor,
            paper=paper,
            name=kept.title,
            media=kept.media,
            size=kept.size,
            digest=kept.digest,
        )
    except Invalid as refusal:
        form.add_error("file", str(refusal))
        return False
    return True


@require_GET
@applicant
def download(request: ActorRequest, application: Application, attachment: int) -> HttpResponseBase:
    """One's own file, or a paper the agency sent."""
    held = get_object_or_404(application.attachments, pk=attachment)
    ending = ENDINGS.get(held.media, "")
    name = held.name if held.name.lower().endswith((ending, ".jpeg")) else held.name + ending
    return served(held.digest, held.media, name)


@require_POST
@applicant
def remove(request: ActorRequest, application: Application, attachment: int) -> HttpResponseBase:
    """A file is taken out again."""
    held = get_object_or_404(application.attachments, pk=attachment)
    try:
        actions.detach(application, by=request.actor, attachment=held)
    except Invalid as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The file has been removed."))
    return redirect(back(application))


def back(application: Application) -> str:
    name = "portal:papers" if application.is_draft else "portal:application"
    return reverse(name, args=[application.pk])


def shown(
    request: ActorRequest,
    application: Application,
    *,
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    """The page of papers."""
    groups = road.groups_of(application)
    page = {
        **skeleton(application, "papers"),
        "papers": listed(application, faults or {}, by=request.actor),
        "back": road.page(application, groups[-1].id) if groups else road.before_check(application),
        "faults": faults,
    }
    return render(request, "portal/application/papers.html", page, status=status)
