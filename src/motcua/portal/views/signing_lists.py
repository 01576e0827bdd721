"""Sign a list once: the forms of many drafts as one paper, by the remote service or with one's own token."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from motcua.dossiers import actions
from motcua.dossiers.models import Batch, FormSignature
from motcua.people.middleware import ActorRequest
from motcua.portal.forms import SignedFile
from motcua.portal.views.batches import chosen_in, opened, shown
from motcua.portal.views.signing import ask, fetched, paper, printed, taken

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
    back_to = reverse("portal:list_sign_back", args=[batch.pk])
    ask(request, batch, lambda: laid_out(request, batch), back=back_to)
    return redirect(page(batch))


def laid_out(request: ActorRequest, batch: Batch) -> FormSignature:
    """The list of the drafts that were chosen."""
    return actions.print_list(batch, by=request.actor, chosen=chosen_in(request))


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
    return printed(request, lambda: laid_out(request, batch), page(batch))


@require_GET
@of_list
def form(request: ActorRequest, batch: Batch) -> HttpResponseBase:
    """The list: signed if it is, else the file to be signed."""
    return paper(batch, "danh-sach-to-khai.pdf")


@require_POST
@of_list
def upload(request: ActorRequest, batch: Batch) -> HttpResponseBase:
    """The list that was signed with one's own token comes back."""
    typed = SignedFile(request.POST, request.FILES)
    if taken(request, batch, typed):
        return redirect(page(batch))
    return shown(request, batch, signed_file=typed)
