"""One copy of a document: what it is a copy of, its file, and sending it on as a document of its own."""

from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from motcua.desk.access import officers
from motcua.desk.dispatching import decided, found, offered, opened, seen
from motcua.desk.doing import Act
from motcua.desk.forms.dispatches import Forward
from motcua.dispatches import actions
from motcua.dispatches.models import Copy
from motcua.documents.models import basic_among
from motcua.people.middleware import ActorRequest

ACTS = {"send_copy": Act(actions.send_copy, _("The copy is on its way to its receivers."), Forward)}


@require_safe
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """What it is a copy of, who made it, and where it went."""
    copy = found(request, Copy, pk)
    seen(request, copy.of, copy.number)
    return shown(request, copy, {})


def shown(request: ActorRequest, copy: Copy, failed: dict[str, forms.Form]) -> HttpResponse:
    page = {
        "document": copy,
        "of": copy.of,
        "basic": basic_among([copy.file["digest"]]),
        "offered": {} if copy.sent_id else offered(request, copy, ACTS, failed),
        "form": next(iter(failed.values()), None),
    }
    return render(request, "desk/dispatches/copy.html", page, status=422 if failed else 200)


@require_POST
@officers
def decide(request: ActorRequest, pk: UUID, verb: str) -> HttpResponseBase:
    """Sending it on."""
    return decided(request, found(request, Copy, pk), verb, ACTS, shown)


@require_safe
@officers
def file(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The copy itself."""
    copy = found(request, Copy, pk)
    return opened(request, copy.of, [copy.file], 0)
