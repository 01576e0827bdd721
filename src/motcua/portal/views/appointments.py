"""Appointments at a one-stop desk: choose a time, keep it, change it, give it up."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.dossiers import facts
from motcua.lib import qr
from motcua.lib.actions import Invalid, NotNow, may
from motcua.organisations.heirs import answering
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.portal import almanac
from motcua.portal.agencies import receiving
from motcua.portal.appointing import Free, Wish, free, office, verdict
from motcua.portal.forms import Where
from motcua.portal.views.applying import usual
from motcua.portal.views.catalogue import current
from motcua.portal.views.my import account
from motcua.portal.whose import Whose, whose
from motcua.procedures.models import Version
from motcua.queues import actions
from motcua.queues.models import Booking

# How many seconds the page waits before it looks again whether the agency has answered.
AGAIN = 3


@require_http_methods(["GET", "POST"])
@login_required
def choose(request: ActorRequest, code: str) -> HttpResponseBase:
    """Choose the agency, then the day, then the time."""
    version = current(code)
    if not version.is_offered:
        raise Http404
    agencies = receiving(version)
    asked = {"agency": usual(request, agencies), **request.GET.dict()}
    where = Where(request.GET if "agency" in request.GET else None, agencies=agencies, initial=asked)
    page: dict[str, Any] = {"version": version, "name": version.name_in(facts.language()), "where": where}
    if not where.is_bound or not where.is_valid():
        return render(request, "portal/appointment/where.html", page, status=422 if where.is_bound else 200)
    agency = where.cleaned_data["agency"]
    found, form = offered(request, agency.code, whose(version, by=request.actor))
    if form.is_bound and form.is_valid():
        try:
            booking = actions.book(wished(request, version, agency, form), by=request.actor)
        except Invalid as refusal:
            form.blame(refusal)
        else:
            return redirect("portal:appointment", booking.pk)
    page |= {"agency": agency, "free": found, "days": found.links(agency.code), "form": form}
    return render(request, "portal/appointment/choose.html", page, status=422 if form.is_bound else 200)


def offered(request: ActorRequest, agency: str, whom: Whose | None = None) -> tuple[Free, Wish]:
    """What the desk has free, and the form to choose from it."""
    typed = request.POST if request.method == "POST" else None
    found = free(agency, day=request.GET.get("day", ""), begins_at=request.POST.get("begins_at", ""))
    return found, Wish(typed, slots=found.slots, whose=whom)


def wished(request: ActorRequest, version: Version, agency: Agency, form: Wish) -> Booking:
    """The appointment that was chosen, not saved."""
    return Booking(
        pk=form.cleaned_data["key"],
        account=account(request),
        mandate=form.mandate,
        agency=agency.code,
        agency_name=agency.name_vi,
        procedure=version.code,
        name_vi=version.name_vi,
        name_en=version.name_in("en"),
        begins_at=form.slot.begins_at,
        ends_at=form.slot.ends_at,
    )


@require_GET
@login_required
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """How an appointment stands, and the code for who comes; while the agency is asked, the page looks again by itself."""
    booking = own(request, pk)
    is_ahead, is_mine = not booking.has_begun, booking.is_of(request.actor)
    page = {
        "booking": booking,
        "is_mine": is_mine,
        "verdict": verdict(booking, by=request.actor),
        "agency": office(booking.agency),
        "heir": answering(booking.agency),
        "qr": qr.svg(booking.code) if is_mine and booking.is_booked and booking.code else "",
        "may_change": is_ahead
        and may(request.actor, "queues.change_time", booking)
        and not booking.wanted_at,
        "may_cancel": is_ahead and may(request.actor, "queues.cancel", booking),
    }
    answer = render(request, "portal/appointment/show.html", page)
    if booking.is_asked and is_ahead:
        answer["Refresh"] = str(AGAIN)
    return answer


@require_http_methods(["GET", "POST"])
@login_required
def change(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Choose another time at the same desk."""
    booking = own(request, pk)
    if booking.has_begun or not may(request.actor, "queues.change_time", booking):
        return redirect("portal:appointment", pk)
    found, form = offered(request, booking.agency)
    if form.is_bound and form.is_valid():
        try:
            actions.change_time(booking, by=request.actor, begins_at=form.slot.begins_at)
        except Invalid as refusal:
            form.blame(refusal)
        else:
            return redirect("portal:appointment", pk)
    page = {
        "booking": booking,
        "name": booking.name,
        "agency": office(booking.agency),
        "free": found,
        "days": found.links(),
        "form": form,
    }
    return render(request, "portal/appointment/choose.html", page, status=422 if form.is_bound else 200)


@require_POST
@login_required
def cancel(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The person will not come; or for whom they come does not want it."""
    booking = own(request, pk)
    try:
        actions.cancel(booking, by=request.actor)
    except (Invalid, NotNow) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The appointment is cancelled. Somebody else can have the time now."))
    return redirect("portal:appointment", pk)


@require_GET
@login_required
def calendar(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The appointment, for one's own calendar; one that is not confirmed is none."""
    booking = own(request, pk)
    if not booking.is_booked or not booking.is_of(request.actor):
        raise Http404
    return HttpResponse(
        almanac.of_booking(booking, now=timezone.now()),
        content_type=almanac.MEDIA,
        headers={"Content-Disposition": 'attachment; filename="lich-hen.ics"'},
    )


def own(request: ActorRequest, pk: UUID) -> Booking:
    """One's own appointment, or one in one's stead; any other does not exist."""
    known = Booking.objects.visible_to(request.actor).select_related("mandate", "account")
    return get_object_or_404(known, pk=pk)
