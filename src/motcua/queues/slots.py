"""Which times an agency's working calendar makes, and how many persons each still takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from motcua.lib.working_time import Calendar
from motcua.organisations.models import Agency, calendar_for
from motcua.queues.models import Offer, Place


@dataclass(frozen=True)
class Slot:
    """One time: from when to when, and how many persons may still come then."""

    begins_at: datetime
    ends_at: datetime
    free: int


def slots_on(calendar: Calendar, day: date, minutes: int) -> Iterator[tuple[datetime, datetime]]:
    """The times of a day, one after another; each lies whole within the hours worked, none goes over a break."""
    step = timedelta(minutes=minutes)
    for opening, closing in calendar.hours_on(day):
        begins = datetime.combine(day, opening, calendar.zone)
        closes = datetime.combine(day, closing, calendar.zone)
        while begins + step <= closes:
            yield begins, begins + step
            begins += step


def is_worked(calendar: Calendar, begins_at: datetime, ends_at: datetime) -> bool:
    """Whether the agency works from the first to the last minute of a time."""
    begins, ends = begins_at.astimezone(calendar.zone), ends_at.astimezone(calendar.zone)
    hours = calendar.hours_on(begins.date())
    return begins.date() == ends.date() and any(
        opening <= begins.time() and ends.time() <= closing for opening, closing in hours
    )


def offered_days(offer: Offer, agency: Agency, now: datetime) -> Iterator[date]:
    """The days one may book: from today on, as many as the offer says, while the agency exists."""
    today = timezone.localdate(now)
    if not offer.is_open:
        return
    for ahead in range(offer.days_ahead + 1):
        day = today + timedelta(days=ahead)
        if agency.is_in_force(day):
            yield day


def free_slots(offer: Offer, agency: Agency, *, now: datetime) -> list[Slot]:
    """Every time that has not begun and still takes somebody: two small queries."""
    days, calendar = list(offered_days(offer, agency, now)), calendar_for(agency)
    if not days:
        return []
    last = datetime.combine(days[-1] + timedelta(days=1), datetime.min.time(), calendar.zone)
    held: dict[date, list[tuple[datetime, datetime, int]]] = {}
    for row in Place.objects.occupying(agency.code, now, last).values_list("begins_at", "ends_at", "seat"):
        held.setdefault(timezone.localdate(row[0]), []).append(row)
    return [
        Slot(begins, ends, left)
        for day in days
        for begins, ends in slots_on(calendar, day, offer.minutes)
        if begins > now and (left := offer.persons - len(seats(held.get(day, ()), begins, ends))) > 0
    ]


def seats(held: Sequence[tuple[datetime, datetime, int]], begins: datetime, ends: datetime) -> set[int]:
    """The seats that are taken for some of this time."""
    return {seat for begun, ended, seat in held if begun < ends and ended > begins}


def is_offered(offer: Offer, agency: Agency, begins_at: datetime, *, now: datetime) -> bool:
    """Whether one may ask for this time at all, however many have."""
    day = timezone.localdate(begins_at)
    times = slots_on(calendar_for(agency), day, offer.minutes)
    return (
        begins_at > now
        and day in offered_days(offer, agency, now)
        and begins_at in (begins for begins, _ends in times)
    )
