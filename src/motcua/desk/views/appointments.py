"""Appointments of the one-stop desk: who is expected today, and what the agency offers."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.desk.access import chosen, led_by, officers, places
from motcua.lib.actions import Invalid, NotNow
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.queues import actions
from motcua.queues.models import Offer, Place, Queue, offer_of
from motcua.ui import words
from motcua.ui.context import Link
from motcua.ui.forms import did

DESK = ("receiver", "registrar")
ON_A_PAGE = 50
# What is on the list: not what was given back or lost, for nobody comes then.
TAGS = {
    Place.State.HELD: "plain",
    Place.State.COME: "ok",
    Place.State.UNUSED: "plain",
}


class Offering(forms.ModelForm):  # type: ignore[type-arg]
    """Whether and how the desk takes appointments."""

    use_required_attribute = False

    class Meta:
        model = Offer
        fields = ("is_open", "minutes", "persons", "days_ahead", "late_minutes", "queue")
        labels = {
            "is_open": gettext_lazy("People may book appointments at this desk"),
            "minutes": gettext_lazy("Minutes for each appointment"),
            "persons": gettext_lazy("Persons at the same time"),
            "days_ahead": gettext_lazy("How many days ahead one may book"),
            "late_minutes": gettext_lazy("Minutes one may be late and still be called first"),
            "queue": gettext_lazy("Queue in which they get their ticket"),
        }
        help_texts = {
            "persons": gettext_lazy(
                "As many as counters serve people with appointments; leave some for the others."
            ),
        }

    def __init__(self, typed: object = None, *, offer: Offer) -> None:
        super().__init__(typed, instance=offer)  # type: ignore[arg-type]
        queue = self.fields["queue"]
        assert isinstance(queue, forms.ModelChoiceField)  # noqa: S101 — for the type checker
        queue.queryset, queue.required = Queue.objects.filter(agency=offer.agency), False
        queue.empty_label = _("The first queue")


@require_safe
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """Who is expected on a day, by time; today unless another is asked for."""
    if not places(request.actor, *DESK) and places(request.actor, "administrator"):
        return redirect("desk:offer")
    codes, today = led_by(request, *DESK), timezone.localdate()
    day = asked_day(request.GET.get("day", "")) or today
    begins = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    of_day = Place.objects.visible_to(request.actor).filter(
        state__in=TAGS, begins_at__gte=begins, begins_at__lt=begins + timedelta(days=1)
    )
    page = Paginator(of_day.order_by("begins_at", "pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(place, TAGS[Place.State(place.state)]) for place in page],
        "expected": of_day.held().count(),
        "day": day,
        "is_today": day == today,
        "days": days(codes, today, day),
        "agencies": {one.code: one.short_name for one in Agency.objects.filter(code__in=codes)}
        if len(codes) > 1
        else {},
        "may_offer": bool(places(request.actor, "administrator")),
    }
    return render(request, "desk/appointments/index.html", context)


def days(codes: list[str], today: date, shown: date) -> list[Link]:
    """Today and the coming days on which somebody is expected."""
    known = Place.objects.held().filter(agency__in=codes, begins_at__gt=timezone.now())
    coming = {timezone.localdate(at) for at in known.datetimes("begins_at", "day")}
    return [
        Link(words.weekday(day), f"?day={day.isoformat()}", day == shown)
        for day in sorted({today, *coming, shown})
    ]


def asked_day(text: str) -> date | None:
    """The day asked for; None for what is none."""
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_POST
@officers
def welcome(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Whoever has an appointment today stands at the counter."""
    place = get_object_or_404(Place.objects.visible_to(request.actor), pk=pk)
    try:
        actions.welcome(place, by=request.actor)
    except (Invalid, NotNow) as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:appointments")


@require_http_methods(["GET", "POST"])
@officers
def offer(request: ActorRequest) -> HttpResponseBase:
    """The administrator says whether and how the desk takes appointments."""
    codes = led_by(request, "administrator")
    code = chosen(request, codes)[0]
    form = Offering(request.POST if request.method == "POST" else None, offer=offer_of(code))
    if form.is_valid() and did(
        form, lambda: actions.set_offer(Offer(agency=code, **form.cleaned_data), by=request.actor)
    ):
        messages.success(request, _("Saved. It holds for appointments booked from now on."))
        return redirect(f"{reverse('desk:offer')}?agency={code}")
    agencies = list(Agency.objects.filter(code__in=codes).order_by("code"))
    links = [Link(one.short_name, f"?agency={one.code}", one.code == code) for one in agencies]
    page = {
        "form": form,
        "agency": next(one for one in agencies if one.code == code),
        "agencies": links if len(links) > 1 else [],
    }
    return render(request, "desk/appointments/offer.html", page, status=422 if form.is_bound else 200)
