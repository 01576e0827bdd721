"""Sign the form: by a remote service, confirmed there, or with one's own token, the file downloaded and sent back."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.documents.intake import PDF
from motcua.documents.remote import NoCertificate, Remote, Unanswered, the_remote
from motcua.documents.serving import served
from motcua.dossiers import actions
from motcua.dossiers.actions.signing import prepared_for
from motcua.dossiers.models import Application, Batch, FormSignature
from motcua.lib.actions import Invalid
from motcua.people.middleware import ActorRequest
from motcua.portal.access import answering
from motcua.portal.forms import SignedFile
from motcua.portal.views.applying import checked
from motcua.portal.views.my import account
from motcua.ui.forms import did


def page(application: Application) -> str:
    """Where the signature stands."""
    where = "portal:check" if application.is_draft else "portal:application"
    return reverse(where, args=[application.pk]) + "#signature"


def provider() -> Remote:
    """The remote service; without one there is no such page."""
    remote = the_remote()
    if remote is None:
        raise Http404
    return remote


@require_POST
@answering
def start(request: ActorRequest, application: Application) -> HttpResponseBase:
    """Ask the remote service for a signature; it is confirmed on the service's own page or telephone."""
    back_to = reverse("portal:sign_back", args=[application.pk])
    ask(request, application, lambda: actions.print_form(application, by=request.actor), back=back_to)
    return redirect(page(application))


def ask(
    request: ActorRequest, subject: Application | Batch, lay_out: Callable[[], FormSignature], *, back: str
) -> None:
    """Ask for one signature on what is laid out; whatever hinders it is told, and nothing waits."""
    remote = provider()
    try:
        begin(request, subject, remote, lay_out(), back=back)
    except Invalid as refusal:
        messages.error(request, str(refusal))
    except NoCertificate:
        messages.error(
            request,
            _(
                "The signing service knows no certificate of yours. Sign with your own token, or get one there first."
            ),
        )
    except Unanswered:
        messages.error(
            request, _("The signing service does not answer. Try again later, or sign with your own token.")
        )
    else:
        messages.info(request, _("Confirm the signature at the signing service, then come back here."))


def begin(
    request: ActorRequest,
    subject: Application | Batch,
    remote: Remote,
    signature: FormSignature,
    *,
    back: str,
) -> None:
    """Ask whose certificate it will be, and begin the transaction: the network waits for no lock."""
    if signature.is_signed:
        raise Invalid(_("The form is signed already."))
    signer = account(request)
    certificate = remote.certificate(signer.username)
    prepared = prepared_for(signature, certificate, name=signer.name, at=timezone.now())
    transaction = remote.start(
        prepared.digest,
        signer.username,
        words=subject.definition.name.vi[:200],
        back=settings.NODE.web_url + back,
    )
    actions.begin_signing(
        subject, by=request.actor, prepared=prepared, certificate=certificate, transaction=transaction
    )


@require_GET
@answering
def back(request: ActorRequest, application: Application) -> HttpResponseBase:
    """Back from the service: it is asked what became of the signature; what the browser brings along counts for nothing."""
    return fetched(request, application, page(application))


@require_POST
@answering
def look(request: ActorRequest, application: Application) -> HttpResponseBase:
    """The person says that they have confirmed: the service is asked."""
    return fetched(request, application, page(application))


def fetched(request: ActorRequest, subject: Application | Batch, page: str) -> HttpResponseBase:
    """Ask the service, take what it answers, say what came of it."""
    waiting = subject.signatures.filter(state=FormSignature.State.WAITING).first()
    if waiting is None:
        return redirect(page)
    try:
        found = provider().fetch(waiting.transaction)
    except Unanswered:
        messages.error(
            request, _("The signing service does not answer. Your question to it is kept; look again later.")
        )
        return redirect(page)
    why = actions.take_signature(subject, by=request.actor, found=found)
    if why:
        messages.error(request, why)
    elif subject.signatures.live().signed().exists():
        messages.success(request, signed(subject))
    else:
        messages.info(request, _("The signing service still waits for you to confirm."))
    return redirect(page)


def signed(subject: Application | Batch) -> str:
    """What is said when it is."""
    if isinstance(subject, Batch):
        return _("The list is signed. You can send its dossiers now.")
    return _("The form is signed. You can send the dossier now.")


@require_POST
@answering
def print_form(request: ActorRequest, application: Application) -> HttpResponseBase:
    """Lay the form out to be signed with one's own token."""
    return printed(request, lambda: actions.print_form(application, by=request.actor), page(application))


def printed(request: ActorRequest, lay_out: Callable[[], object], page: str) -> HttpResponseBase:
    """What is to be signed is laid out; what hinders it is told."""
    try:
        lay_out()
    except Invalid as refusal:
        messages.error(request, str(refusal))
    return redirect(page)


@require_GET
@answering
def form(request: ActorRequest, application: Application) -> HttpResponseBase:
    """The form: signed if it is, else the file to be signed."""
    return paper(application, "to-khai.pdf")


def paper(subject: Application | Batch, name: str) -> HttpResponseBase:
    """The paper as it is now: signed if it is, else as it is to be signed."""
    signature = get_object_or_404(subject.signatures.live())
    return served(signature.file or signature.base, PDF, name)


@require_POST
@answering
def upload(request: ActorRequest, application: Application) -> HttpResponseBase:
    """The form that was signed with one's own token comes back."""
    typed = SignedFile(request.POST, request.FILES)
    if taken(request, application, typed):
        return redirect(page(application))
    if not application.is_draft:
        messages.error(request, " ".join(map(str, typed.errors["file"])))
        return redirect(page(application))
    return checked(request, application, typed=typed, status=422)


def taken(request: ActorRequest, subject: Application | Batch, typed: SignedFile) -> bool:
    """Whether it is signed now; if not, the form says why."""

    def take() -> None:
        actions.take_signed(subject, by=request.actor, file=typed.cleaned_data["file"].file)

    if not (typed.is_valid() and did(typed, take, field="file")):
        return False
    messages.success(request, signed(subject))
    return True
