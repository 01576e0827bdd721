"""The papers of an application: put in, looked at, taken out."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.documents import actions as documents
from motcua.documents.models import Document
from motcua.documents.serving import served
from motcua.dossiers import actions
from motcua.dossiers.models import Application, ApplicationQuerySet, Attachment
from motcua.lib.actions import Invalid
from motcua.people.middleware import ActorRequest
from motcua.portal.forms import Upload
from motcua.portal.views.applying import groups_of, own_draft, skeleton

EXTENSIONS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


@login_required
@require_GET
def papers(request: ActorRequest, pk: UUID) -> HttpResponse:
    """What is needed, what is there, and what the state fetches by itself."""
    return shown(request, own_draft(request, pk))


@login_required
@require_POST
def upload(request: ActorRequest, pk: UUID, paper: str) -> HttpResponse:
    """A file is checked by its content and added."""
    application = get_object_or_404(own(request), pk=pk)
    form = Upload(request.POST, request.FILES)
    back = "portal:papers" if application.is_draft else "portal:application"
    if form.is_valid():
        try:
            add(request, application, paper, form)
        except Invalid as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("The file has been added."))
            return redirect(back, pk)
    fault = " ".join(form.errors.get("file", []))
    if application.is_draft:
        return shown(request, application, faults={paper: fault}, status=422)
    messages.error(request, fault)
    return redirect(back, pk)


def add(request: ActorRequest, application: Application, paper: str, form: Upload) -> None:
    """Keep the file, then attach it."""
    file = form.cleaned_data["file"]
    kept = documents.keep(
        Document(title=file.name, about=application.urn, owner=request.actor.urn),
        by=request.actor,
        file=file.file,
    )
    actions.attach(
        application,
        by=request.actor,
        paper=paper,
        name=kept.file_name,
        media=kept.media,
        size=kept.size,
        digest=kept.digest,
    )


@login_required
@require_GET
def download(request: ActorRequest, pk: UUID, attachment: int) -> HttpResponse:
    """One's own file, or a paper the agency sent."""
    held = get_object_or_404(Attachment, pk=attachment, application__in=own(request).filter(pk=pk))
    extension = EXTENSIONS.get(held.media, "")
    name = held.name if held.name.lower().endswith(extension) else held.name + extension
    return served(held.digest, held.media, name)


@login_required
@require_POST
def remove(request: ActorRequest, pk: UUID, attachment: int) -> HttpResponse:
    """A file is taken out again."""
    application = get_object_or_404(own(request), pk=pk)
    held = get_object_or_404(Attachment, pk=attachment, application=application)
    try:
        actions.detach(application, by=request.actor, attachment=held)
    except Invalid as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The file has been removed."))
    return redirect("portal:papers" if application.is_draft else "portal:application", pk)


def shown(
    request: ActorRequest,
    application: Application,
    *,
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of papers."""
    place = len(groups_of(application)) + 1
    page = {
        **skeleton(application, place),
        "papers": listed(application, faults or {}),
        "form": None,
        "back": reverse("portal:answer", args=[application.pk, groups_of(application)[-1].id]),
    }
    return render(request, "portal/application/papers.html", page, status=status)


def listed(application: Application, faults: dict[str, str]) -> list[dict[str, object]]:
    """Each paper of the procedure with the files given for it."""
    language = get_language() or "vi"
    given = list(application.attachments.filter(kind=Attachment.Kind.GIVEN).order_by("added_at", "id"))
    return [
        {
            "id": paper.id,
            "name": paper.name.said_in(language),
            "required": paper.required,
            "upload": paper.upload,
            "register": bool(paper.unnecessary_if),
            "files": [file for file in given if file.paper == paper.id],
            "fault": faults.get(paper.id, ""),
            "url": reverse("portal:upload", args=[application.pk, paper.id]),
        }
        for paper in application.version.definition.papers_for(application.case, "online")
    ]


def own(request: ActorRequest) -> ApplicationQuerySet:
    """One's own applications."""
    return Application.objects.visible_to(request.actor).select_related("version__procedure", "account")
