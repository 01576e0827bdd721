"""Electronic identity of level 2: a person stands at the counter with their card."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.desk.access import led_by, officers
from motcua.desk.forms import Shown
from motcua.lib.actions import Refused
from motcua.people import actions
from motcua.people.middleware import ActorRequest


@require_http_methods(["GET", "POST"])
@officers
def confirm(request: ActorRequest) -> HttpResponseBase:
    """The officer has seen the person and the card; the account is of level 2 from now on (decree 69/2024)."""
    led_by(request, "receiver")
    form = Shown(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.confirm_identity(form.cleaned_data["number"], by=request.actor)
        except Refused:
            form.add_error("number", _("Nobody confirms themselves. A colleague does it."))
        else:
            messages.success(request, _("Confirmed: the electronic identity is of level 2."))
            return redirect("desk:identity")
    return render(request, "desk/identity.html", {"form": form}, status=422 if form.is_bound else 200)
