"""A document that came on paper is scanned and entered in the register of incoming documents."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from motcua.desk.access import led_by, officers
from motcua.desk.forms.scanning import TakePaper
from motcua.dispatches import actions
from motcua.dispatches.models import Incoming
from motcua.people.middleware import ActorRequest
from motcua.people.presence import is_present, prove
from motcua.ui.forms import did


@require_http_methods(["GET", "POST"])
@officers
def take(request: ActorRequest) -> HttpResponseBase:
    """What stands on the paper, and its scans; who puts the agency's signature on the copy shows first that it is they."""
    (agency, *_others) = led_by(request, "clerk")
    if not is_present(request):
        return prove(request, reverse("desk:take_paper"))
    form = TakePaper(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        typed = dict(form.cleaned_data)
        scans = typed.pop("scans")
        document = Incoming(agency=agency, **typed)
        if did(form, lambda: actions.take_paper(document, by=request.actor, scans=scans)):
            return redirect("desk:incoming_one", document.pk)
    status = 422 if form.is_bound else 200
    return render(request, "desk/dispatches/take_paper.html", {"form": form}, status=status)
