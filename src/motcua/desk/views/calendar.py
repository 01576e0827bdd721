"""Working days and hours of the agencies one administers; what a change would move is shown before it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.desk.access import led_by, officers
from motcua.desk.forms import Day, Hours
from motcua.dossiers.clock import Shift, running, shifts
from motcua.lib.actions import Invalid
from motcua.organisations import actions
from motcua.organisations.decisions import Decisions, codes_above
from motcua.organisations.models import Agency, CalendarDay, OfficeHours, decided
from motcua.people.middleware import ActorRequest
from motcua.ui.words import WEEKDAYS
from motcua.ui.words import day as written

SHOWN = 100


@dataclass(frozen=True)
class Change:
    """One decision: in words, what would hold then, and how it is made."""

    says: str
    agency: str
    would: Decisions
    make: Callable[[], Any]


@require_GET
@officers
def show(request: ActorRequest) -> HttpResponseBase:
    """The days that differ from now on, the hours, and forms for another decision."""
    return page(request, of_day(request), Hours(agencies=led(request), today=today()))


@require_POST
@officers
def day(request: ActorRequest) -> HttpResponseBase:
    """A day is off, or worked."""
    form = of_day(request, request.POST)
    if not form.is_valid():
        return page(request, form, Hours(agencies=led(request), today=today()), status=422)
    given = form.cleaned_data
    agency, on, works = given["agency"], given["on"], given["works"] == "worked"
    decision = CalendarDay(agency=agency, date=on, works=works, name_vi=given["name"], source=given["source"])
    words = _("%(day)s is worked at %(agency)s.") if works else _("%(day)s is off at %(agency)s.")
    code = agency.code if agency else ""
    change = Change(
        words % {"day": written(on), "agency": agency.short_name if agency else _("the whole country")},
        code,
        decided().with_day(code, on, works=works),
        lambda: actions.set_day(decision, by=request.actor),
    )
    return weighed(request, change, form)


@require_POST
@officers
def hours(request: ActorRequest) -> HttpResponseBase:
    """Other hours from a day on."""
    form = Hours(request.POST, agencies=led(request), today=today())
    if not form.is_valid():
        return page(request, of_day(request), form, status=422)
    agency, since = form.cleaned_data["agency"], form.cleaned_data["since"]
    decision = OfficeHours(agency=agency, since=since, week=form.week, source=form.cleaned_data["source"])
    try:
        would = decided().with_week(agency.code, decision.as_week)
    except ValueError:
        form.add_error(
            None,
            _("Write each day like 07:30-11:30, 13:00-17:00, in order; at least one day is worked."),
        )
        return page(request, of_day(request), form, status=422)
    change = Change(
        _("From %(day)s on, %(agency)s has other hours.")
        % {"day": written(since), "agency": agency.short_name},
        agency.code,
        would,
        lambda: actions.set_hours(decision, by=request.actor),
    )
    return weighed(request, change, form)


@require_POST
@officers
def clear(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A decision on a day is taken back."""
    whose = Q(agency__in=led(request)) | (Q(agency=None) if is_national(request) else Q(pk__in=[]))
    own = CalendarDay.objects.filter(whose, date__gte=today())
    decision = get_object_or_404(own.select_related("agency"), pk=pk)
    agency = decision.agency
    code = agency.code if agency else ""
    change = Change(
        _("%(day)s is an ordinary day again at %(agency)s.")
        % {"day": written(decision.date), "agency": agency.short_name if agency else _("the whole country")},
        code,
        decided().without_day(code, decision.date),
        lambda: actions.clear_day(decision, by=request.actor),
    )
    return weighed(request, change, None)


@require_POST
@officers
def clear_hours(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Hours that have not begun yet are taken back; what holds before them holds on."""
    own = OfficeHours.objects.filter(agency__in=led(request), since__gte=today())
    decision = get_object_or_404(own.select_related("agency"), pk=pk)
    change = Change(
        _("The hours of %(agency)s do not change on %(day)s.")
        % {"day": written(decision.since), "agency": decision.agency.short_name},
        decision.agency_id,
        decided().without_week(decision.agency_id, decision.since),
        lambda: actions.clear_hours(decision, by=request.actor),
    )
    return weighed(request, change, None)


def weighed(request: ActorRequest, change: Change, form: forms.Form | None) -> HttpResponseBase:
    """Show which due dates would move; make the change once that has been seen."""
    if request.POST.get("confirm"):
        try:
            change.make()
        except Invalid as fault:
            messages.error(request, str(fault))
            return redirect("desk:calendar")
        messages.success(request, decided_words(change))
        return redirect("desk:calendar")
    moved = list(shifts(running(change.agency), change.would))
    again = [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
    context = {
        "change": change,
        "count": len(moved),
        "moved": [(shift, worth(shift)) for shift in moved[:SHOWN]],
        "again": again,
    }
    return render(request, "desk/whatif.html", context)


def decided_words(change: Change) -> str:
    """What follows: at this node, and where it is about the whole country, at all others."""
    if change.agency:
        return _("Decided. Due dates move now, and whoever follows them is told.")
    return _(
        "Decided for the whole country. Every agency's system is told; due dates move here and there, and whoever follows "
        "them is told."
    )


def worth(shift: Shift) -> int:
    """How many days on the wall the due date moves; earlier is below zero."""
    return (timezone.localdate(shift.after) - timezone.localdate(shift.before)).days


def page(request: ActorRequest, day: Day, hours: Hours, *, status: int = 200) -> HttpResponseBase:
    codes = list(led(request).values_list("code", flat=True))
    above = {one for code in codes for one in codes_above(code)}
    days = CalendarDay.objects.filter(Q(agency=None) | Q(agency__in=above), date__gte=today())
    context = {
        "days": [
            (one, one.agency_id in codes or (one.agency_id is None and is_national(request)))
            for one in days.select_related("agency").order_by("date")[:60]
        ],
        "hours": [
            (
                one,
                list(zip(WEEKDAYS, one.week, strict=True)),
                one.agency_id in codes and one.since >= today(),
            )
            for one in OfficeHours.objects.filter(agency__in=above)
            .select_related("agency")
            .order_by("-since")[:10]
        ],
        "day_form": day,
        "hours_form": hours,
        "errors": next((form for form in (day, hours) if form.is_bound and form.errors), None),
    }
    return render(request, "desk/calendar.html", context, status=status)


def led(request: ActorRequest) -> QuerySet[Agency]:
    return Agency.objects.filter(code__in=led_by(request, "administrator")).order_by("code")


def of_day(request: ActorRequest, typed: Any = None) -> Day:
    """The form for a day, with the whole country for who administers for the nation."""
    return Day(typed, agencies=led(request), today=today(), national=is_national(request))


def is_national(request: ActorRequest) -> bool:
    """Whether this officer decides on days of the whole country; that is done at the nation's node, which tells all others."""
    nation = settings.NODE.national
    return nation in settings.NODE.agencies and request.actor.holds("administrator", at=nation)


def today() -> Any:
    return timezone.localdate()
