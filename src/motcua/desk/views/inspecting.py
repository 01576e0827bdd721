"""Inspect one dossier, drawn in a sample or by itself, and write down what was found."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.desk import process
from motcua.desk.access import officers
from motcua.desk.forms import Inspected
from motcua.desk.views.dossier import opened
from motcua.dossiers import actions
from motcua.lib.actions import Refused, may
from motcua.people.middleware import ActorRequest
from motcua.ui.forms import did


@require_http_methods(["GET", "POST"])
@officers
def inspect(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """What was found; it leads back to the sample the dossier was drawn in, which its address names."""
    dossier = opened(request, pk)
    if not may(request.actor, "dossiers.inspect", dossier):
        raise Refused(_("Only the head and the auditors of the agency inspect, and never their own dossier."))
    form = Inspected(request.POST if request.method == "POST" else None)
    if form.is_valid() and did(form, lambda: actions.inspect(dossier, by=request.actor, **form.cleaned_data)):
        messages.success(request, _("What was found is written down; it stands in the story of the dossier."))
        sample = request.GET.urlencode()
        return redirect(
            f"{reverse('desk:inspection')}?{sample}" if sample else reverse("desk:dossier", args=[pk])
        )
    page = {
        "dossier": dossier,
        "form": form,
        "name": process.name_of(dossier),
        "sample": request.GET.urlencode(),
    }
    return render(request, "desk/inspect.html", page, status=422 if form.is_bound else 200)
