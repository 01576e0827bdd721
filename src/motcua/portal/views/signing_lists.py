"""Sign a list once: the forms of many drafts as one paper, by the remote service or with one's own token."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from motcua.documents.intake import PDF
from motcua.documents.serving import served
from motcua.dossiers import actions
from motcua.dossiers.models import Batch, FormSignature
from motcua.lib.actions import Invalid
from motcua.people.middleware import ActorRequest
from motcua.portal.forms import SignedFile
from motcua.portal.views.batches import chosen_in, opened, shown
from motcua.portal.views.signing import ask, fetched, signed

type View = Callable[[ActorRequest, Batch], HttpResponseBase]


def of_list(view: View) -> Callable[..., HttpResponseBase]:
    """`view(request, batch)` for whose list it is; for others there is none."""

    @wraps(view)
    def answer(request: ActorRequest, pk: UUID) -> HttpResponseBase:
        return view(request, opened(request, pk))

    return login_required(answer)


def page(batch: Batch) -> str:
    """Where the signature stands."""
    return reverse("portal:batch", args=[batch.pk]) + "#signature"


@require_POST
@of_list
def start(request: ActorRequest, batch: Batch) -> HttpResponseBase:
    """Ask the remote service for one signature on the list of the chosen drafts."""

    def lay_out() -> FormSignature:
        return actions.print_list(batch, by=request.actor, chosen=chosen_in(request))

    ask(request, batch, lay_out, back=reverse("portal:list_sign_back", args=[batch.pk]))
    return redirect(page(batch))


@require_GET
@of_list
def back(request: ActorRequest, batch: Batch) -> HttpResponseBase:
    """Back from the service: it is asked what became of the signature."""
    return fetched(request, batch, page(batch))


@require_POST
@of_list
def look(request: ActorRequest, batch: Batch) -> HttpResponseBase:
    """The person says that they have confirmed: the service is asked."""
    return fetched(request, batch, page(batch))


@require_POST
@of_list
def print_list(request: ActorRequest, batch: Batch) -> HttpResponseBase:
    """Lay the list of the chosen drafts out to be signed with one's own token."""
    try:
        actions.print_list(batch, by=request.actor, chosen=chosen_in(request))
    except Invalid as refusal:
        messages.error(request, str(refusal))
    return redirect(page(batch))


@require_GET
@of_list
def form(request: ActorRequest, batch: Batch) -> HttpResponseBase:
    """The list: signed if it is, else the file to be signed."""
    signature = get_object_or_404(batch.signatures.live())
    return served(signature.file or signature.base, PDF, "danh-sach-to-khai.pdf")


@require_POST
@of_list
def upload(request: ActorRequest, batch: Batch) -> HttpResponseBase:
    """The list that was signed with one's own token comes back."""
    typed = SignedFile(request.POST, request.FILES)
    if typed.is_valid():
        try:
            actions.take_signed(batch, by=request.actor, file=typed.cleaned_data["file"].file)
        except Invalid as refusal:
            typed.add_error("file", str(refusal))
        else:
            messages.success(request, signed(batch))
            return redirect(page(batch))
    return shown(request, batch, signed_file=typed)
