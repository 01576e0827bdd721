"""A person stands at the counter with their card: level 2, an account, a new password."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.desk.access import led_by, officers
from motcua.desk.forms import Shown
from motcua.enrolments import actions
from motcua.enrolments.models import Enrolment
from motcua.enrolments.passwords import LIFE
from motcua.lib.actions import Invalid, Refused
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest


@never_cache
@require_http_methods(["GET", "POST"])
@officers
def confirm(request: ActorRequest) -> HttpResponseBase:
    """The officer has seen the person and the card (decree 69/2024); a one-time password is shown once, to be printed."""
    counters = led_by(request, "receiver")
    form = Shown(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        enrolment = Enrolment(
            agency=counters[0],
            number=form.cleaned_data["number"],
            name=form.cleaned_data["name"],
            gives_password=form.gives_password,
            drops_second_step=form.cleaned_data["lost"],
        )
        if answer := written_down(request, enrolment, form):
            return answer
    page = {"form": form, "latest": list(Enrolment.objects.latest_at(counters))}
    return render(request, "desk/identity.html", page, status=422 if form.is_bound else 200)


def written_down(request: ActorRequest, enrolment: Enrolment, form: Shown) -> HttpResponseBase | None:
    """What follows once it is done; None if it was refused, with the reason beside the field."""
    try:
        password = actions.show(enrolment, by=request.actor)
    except Refused:
        form.add_error("number", _("Nobody confirms themselves. A colleague does it."))
        return None
    except Invalid as fault:
        form.add_error(fault.field or None, str(fault))
        return None
    if not password:
        messages.success(request, _("Written down: the electronic identity is of level 2."))
        return redirect("desk:identity")
    slip = {
        "enrolment": enrolment,
        "password": password,
        "until": timezone.localtime(enrolment.shown_at + LIFE),
        "agency": Agency.objects.get(code=enrolment.agency),
    }
    return render(request, "desk/one_time_password.html", slip)
