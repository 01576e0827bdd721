"""Who holds which post at the agencies one administers."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.desk.access import led_by, officers
from motcua.desk.forms import Appoint, Leave
from motcua.lib.actions import Invalid
from motcua.organisations.models import Post
from motcua.people import actions
from motcua.people.middleware import ActorRequest
from motcua.people.models import Appointment


@require_http_methods(["GET", "POST"])
@officers
def show(request: ActorRequest) -> HttpResponseBase:
    """Everyone who holds a post, and a form to appoint one more."""
    codes, today = led_by(request, "administrator"), timezone.localdate()
    posts = (
        Post.objects.filter(agency__in=codes).select_related("agency").order_by("agency", "role", "title_vi")
    )
    form = Appoint(request.POST if request.method == "POST" else None, posts=posts, today=today)
    if form.is_bound and appointed(request, form):
        messages.success(request, _("The person holds the post."))
        return redirect("desk:people")
    page = {"appointments": holding(codes), "form": form, "today": today}
    return render(request, "desk/people.html", page, status=422 if form.is_bound else 200)


def appointed(request: ActorRequest, form: Appoint) -> bool:
    """Whether the appointment could be made; if not, the form says what to mend."""
    if not form.is_valid() or form.account is None:
        return False
    given = form.cleaned_data
    try:
        actions.appoint(given["post"], by=request.actor, account=form.account, since=given["since"])
    except Invalid as fault:
        form.add_error("number" if fault.field == "account" else None, str(fault))
        return False
    return True


@require_http_methods(["GET", "POST"])
@officers
def end(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A person leaves a post at the end of a day."""
    appointment = get_object_or_404(holding(led_by(request, "administrator")), pk=pk)
    form = Leave(request.POST if request.method == "POST" else None, initial={"on": timezone.localdate()})
    if form.is_bound and ended(request, appointment, form):
        messages.success(request, _("The last day is noted. After it, this door is closed to the person."))
        return redirect("desk:people")
    page: dict[str, Any] = {"appointment": appointment, "form": form}
    return render(request, "desk/end.html", page, status=422 if form.is_bound else 200)


def ended(request: ActorRequest, appointment: Appointment, form: Leave) -> bool:
    """Whether the last day could be noted."""
    if not form.is_valid():
        return False
    try:
        actions.end_appointment(appointment, by=request.actor, on=form.cleaned_data["on"])
    except Invalid as fault:
        form.add_error(fault.field or None, str(fault))
        return False
    return True


def holding(codes: list[str]) -> QuerySet[Appointment]:
    """Appointments that hold today or will, in the order of agencies and roles."""
    return (
        Appointment.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=timezone.localdate()), post__agency__in=codes
        )
        .select_related("account", "post__agency")
        .order_by("post__agency", "post__role", "account__name", "pk")
    )
