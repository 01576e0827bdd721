"""The wallet: one's papers, put in, described, taken out; and handed in again."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.documents import actions as documents
from motcua.documents.models import Document
from motcua.documents.serving import served
from motcua.dossiers import actions as dossiers
from motcua.dossiers.models import Application, Attachment
from motcua.lib.actions import Invalid
from motcua.people.middleware import ActorRequest
from motcua.portal.access import applicant
from motcua.portal.holdings import doubts, line, lines, uses
from motcua.portal.keeping import FACTS, Added, form_for
from motcua.portal.views.my import ON_A_PAGE, account, tabs
from motcua.portal.views.uploading import ENDINGS, back
from motcua.procedures.kinds import OTHER
from motcua.ui.forms import did
from motcua.wallets import actions
from motcua.wallets.models import Holding


@login_required
@require_safe
def show(request: ActorRequest) -> HttpResponseBase:
    """All papers of one's own, the newest first."""
    held = Holding.objects.visible_to(request.actor)
    page = Paginator(held.newest_first(), ON_A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "tabs": tabs(request, "wallet"),
        "page": page,
        "lines": lines(page, by=request.actor, today=timezone.localdate()),
    }
    return render(request, "portal/my/wallet.html", shown)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: ActorRequest) -> HttpResponseBase:
    """A paper is uploaded once, to be used wherever it is asked for."""
    form = Added(request.POST, request.FILES) if request.method == "POST" else Added()
    if form.is_bound and form.is_valid() and (held := added(request, form)):
        messages.success(request, _("The paper is in your wallet."))
        return redirect("portal:holding", held.pk)
    page = {"form": form, "tabs": tabs(request, "wallet")}
    return render(request, "portal/my/add_paper.html", page, status=422 if form.is_bound else 200)


def added(request: ActorRequest, form: Added) -> Holding | None:
    """Keep the file and put it into the wallet; if it cannot be taken, the form says why."""
    file = form.cleaned_data["file"]
    holding = Holding(owner=account(request).username, **{name: form.cleaned_data[name] for name in FACTS})
    try:
        kept = documents.keep(
            Document(title=file.name, about=holding.urn, owner=request.actor.urn),
            by=request.actor,
            file=file.file,
        )
        holding.media, holding.size, holding.digest = kept.media, kept.size, kept.digest
        return actions.add(holding, by=request.actor)
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


@login_required
@require_http_methods(["GET", "POST"])
def holding(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """One paper: what it is, how long it holds, where it was used; and the form to correct it."""
    held = own(request, pk)
    form = form_for(held, request.POST if request.method == "POST" else None)
    if (
        form.is_bound
        and form.is_valid()
        and did(
            form, lambda: actions.describe(held, by=request.actor, said=actions.Said(**form.cleaned_data))
        )
    ):
        messages.success(request, _("Saved."))
        return redirect("portal:holding", pk)
    shown = own(request, pk) if form.is_bound else held
    page = {
        "holding": shown,
        "line": line(shown, timezone.localdate(), uses({shown.digest}, by=request.actor).get(shown.digest)),
        "doubts": doubts(shown),
        "form": form,
        "tabs": tabs(request, "wallet"),
    }
    return render(request, "portal/my/holding.html", page, status=422 if form.is_bound else 200)


@login_required
@require_safe
def download(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The file of a paper."""
    held = own(request, pk)
    ending = ENDINGS.get(held.media, "")
    name = held.name if held.name.lower().endswith((ending, ".jpeg")) else held.name + ending
    return served(held.digest, held.media, name)


@login_required
@require_POST
def remove(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A paper is taken out; dossiers keep what they hold."""
    actions.remove(own(request, pk), by=request.actor)
    messages.success(request, _("The paper is no longer in your wallet. Dossiers that hold it keep it."))
    return redirect("portal:wallet")


@require_POST
@applicant
def reuse(request: ActorRequest, application: Application, paper: str) -> HttpResponseBase:
    """A paper of the wallet is handed in with one click."""
    held = own(request, as_uuid(request.POST.get("holding", "")))
    try:
        dossiers.reuse(application, by=request.actor, paper=paper, holding=held)
    except Invalid as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("“%(name)s” was taken from your wallet.") % {"name": held.name})
    return redirect(back(application))


@require_POST
@applicant
def keep(request: ActorRequest, application: Application) -> HttpResponseBase:
    """Papers uploaded for a dossier go into the wallet as well, to be used again."""
    kinds = {paper.id: paper.kinds[0] for paper in application.definition.papers if paper.kinds}
    chosen = application.attachments.filter(kind=Attachment.Kind.GIVEN, pk__in=numbers(request))
    try:
        kept = [
            actions.add(
                Holding(
                    owner=application.principal_number,
                    kind=kinds.get(one.paper, OTHER),
                    name=one.name,
                    media=one.media,
                    size=one.size,
                    digest=one.digest,
                    about=application.urn,
                ),
                by=request.actor,
            )
            for one in chosen
        ]
    except Invalid as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext(
            "%(count)s paper is in your wallet now.", "%(count)s papers are in your wallet now.", len(kept)
        )
        messages.success(request, said % {"count": len(kept)})
    return redirect("portal:application", application.pk)


def own(request: ActorRequest, pk: UUID) -> Holding:
    """A paper of one's own; anyone else's does not exist."""
    return get_object_or_404(Holding.objects.visible_to(request.actor), pk=pk)


def numbers(request: ActorRequest) -> list[int]:
    """What was ticked, as far as it can be read."""
    return [int(text) for text in request.POST.getlist("file") if text.isdecimal() and len(text) < 19]


def as_uuid(text: str) -> UUID:
    """The identifier meant; the one nothing bears, if it is none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
