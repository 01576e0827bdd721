"""The agency's side of an appointment: what is offered, a time held, given back, lost to the calendar, taken or not."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.exchange import actions as exchange
from motcua.exchange.sending import Draft
from motcua.journal.actions import record, record_many
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.estates import Passing
from motcua.organisations.models import Agency, decided
from motcua.queues.actions.booking import check_ahead
from motcua.queues.actions.calling import draw
from motcua.queues.events import (
    OfferSet,
    PlaceDeclined,
    PlaceFreed,
    PlaceHeld,
    PlaceLost,
    PlaceMoved,
    PlaceTaken,
    PlaceUnused,
)
from motcua.queues.models import Booking, Offer, Place, Queue, Reason, Ticket, offer_of
from motcua.queues.rules import caller, keeper, reserver
from motcua.queues.slots import is_offered, is_worked

BATCH = 500
# Letters and digits nobody takes one for another.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
# What an offer says besides its queue.
NUMBERS = ("is_open", "minutes", "persons", "days_ahead", "late_minutes")
# So many appointments one person may have at one desk, so that nobody fills it alone.
MOST_HELD = 5
# How long before its time an appointment's ticket goes before all others.
FIRST = timedelta(minutes=5)


@action(who=keeper | system)
def set_offer(offer: Offer, *, by: Actor) -> Offer:
    """An agency says whether and how its one-stop desk takes appointments; those that were made stand."""
    try:
        offer.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as fault:
        field, (words, *_others) = next(iter(fault.message_dict.items()))
        raise Invalid(words, field=field) from fault
    decided_, _is_new = Offer.objects.update_or_create(
        agency=offer.agency, defaults={name: getattr(offer, name) for name in (*NUMBERS, "queue")}
    )
    told = OfferSet(offer.agency, offer.is_open, offer.minutes, offer.persons, offer.days_ahead)
    record(told, about=decided_, by=by)
    return decided_


@action(who=system, locks=False)
def pass_on_offer(passing: Passing, *, by: Actor) -> None:
    """An agency ends: who follows it, and has said nothing itself, takes appointments as the old one did."""
    old = Offer.objects.select_related("queue").filter(agency=passing.old).first()
    if old is None or Offer.objects.filter(agency=passing.new).exists():
        return
    same_letter = Queue.objects.filter(agency=passing.new, letter=old.queue.letter if old.queue else "")
    kept = {name: getattr(old, name) for name in NUMBERS}
    set_offer(Offer(agency=passing.new, queue=same_letter.first(), **kept), by=by)


@action(who=system)
def hold(offer: Offer, *, by: Actor, place: Place) -> None:
    """The desk holds a time for a person, or says why not; who has one already and wants another keeps it until then.

    The offer is locked: wishes for one desk are weighed one after another, so a time is never given once too often.
    """
    wanted = place.begins_at
    place.ends_at = wanted + timedelta(minutes=offer.minutes)
    before = Place.objects.select_for_update().filter(pk=place.pk).first()
    if before is not None and (before.state != Place.State.HELD or before.begins_at == wanted):
        exchange.leave([news_of(before)])
        return
    held = before or place
    if reason := seat_at(offer, held, wanted, by=by):
        record(PlaceDeclined(place.agency, place.procedure, wanted.isoformat()), about=place, by=by)
        exchange.leave([news_of(held, reason=reason, wanted_at=wanted, is_held=before is not None)])
        return
    exchange.leave([news_of(held)])


def seat_at(offer: Offer, place: Place, wanted: datetime, *, by: Actor) -> str:
    """Give the place this time, the offer being locked; or say why it cannot be given, and leave the place as it is."""
    now, until = timezone.now(), wanted + timedelta(minutes=offer.minutes)
    seat = free_seat(offer, place, wanted, until)
    if reason := hindrance(offer, place, wanted, seat, now=now):
        return reason
    happened = PlaceHeld if place._state.adding else PlaceMoved
    place.begins_at, place.ends_at, place.seat = wanted, until, seat or 0
    place.code, place.booked_at = place.code or fresh_code(place.agency), now
    place.save()
    record(happened(place.agency, place.procedure, wanted.isoformat()), about=place, by=by)
    return ""


def hindrance(offer: Offer, place: Place, wanted: datetime, seat: int | None, *, now: datetime) -> str:
    """Why this time cannot be given; nothing if it can."""
    agency = Agency.objects.get(code=place.agency)
    others = Place.objects.held().filter(agency=place.agency, person_number=place.person_number)
    others = others.exclude(pk=place.pk)
    if not offer.is_open or not agency.is_in_force():
        return Reason.CLOSED
    if not is_offered(offer, agency, wanted, now=now):
        return Reason.NOT_OFFERED
    if others.filter(procedure=place.procedure).exists():
        return Reason.TWICE
    if others.count() >= MOST_HELD:
        return Reason.MANY
    return Reason.FULL if seat is None else ""


def free_seat(offer: Offer, place: Place, begins: datetime, ends: datetime) -> int | None:
    """The first seat nobody has for any of this time; None if as many come as may."""
    held = Place.objects.occupying(place.agency, begins, ends).exclude(pk=place.pk)
    taken = set(held.values_list("seat", flat=True))
    if len(taken) >= offer.persons:
        return None
    return next(seat for seat in range(offer.persons) if seat not in taken)


def fresh_code(agency: str) -> str:
    """Six letters and digits no other appointment held there bears."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _letter in range(6))
        if not Place.objects.held().filter(agency=agency, code=code).exists():
            return code


@action(who=system | reserver)
def free(place: Place, *, by: Actor) -> None:
    """The person has given the time back, where they booked it or at the system that booked it for them."""
    if place.booked_by:  # of what was booked at a portal, the portal has looked
        check_ahead(place.begins_at, timezone.now())
    place.save()
    record(PlaceFreed(place.agency, place.begins_at.isoformat()), about=place, by=by)


@action(who=caller)
def welcome(place: Place, *, by: Actor) -> None:
    """Whoever has an appointment today has come to the counter."""
    check_today(place)
    arrive(place, by=by)


@action(who=caller | system)
def check_in(place: Place, *, by: Actor) -> Ticket:
    """Whoever has an appointment today gets a ticket at the door, called before others at its time; twice, the same one.

    From five minutes before its time it stands first. Who comes later than the agency waits has a ticket as any other.
    """
    if place.ticket is not None:
        return place.ticket
    check_today(place)
    offer = offer_of(place.agency)
    queue = offer.queue or Queue.objects.filter(agency=place.agency).first()
    if queue is None or place.state not in {Place.State.HELD, Place.State.COME}:
        raise Invalid(
            _("No appointment of today bears this code. Look at it again, or draw a ticket."), field="code"
        )
    in_time = timezone.now() <= place.begins_at + timedelta(minutes=offer.late_minutes)
    place.ticket = draw(queue, by=by, first_from=place.begins_at - FIRST if in_time else None)
    if place.state == Place.State.HELD:
        place.state = Place.State.COME
        arrive(place, by=by)
    else:
        place.save()
    return place.ticket


def arrive(place: Place, *, by: Actor) -> None:
    """Note that the person is there, and tell where they booked."""
    place.came_at = timezone.now()
    place.save()
    record(PlaceTaken(place.agency, place.begins_at.isoformat()), about=place, by=by)
    if not place.booked_by:
        exchange.leave([news_of(place)])


def check_today(place: Place) -> None:
    day = timezone.localdate(place.begins_at)
    if day != timezone.localdate():
        raise Invalid(
            _("This appointment is on %(day)s. Come back then.") % {"day": day.strftime("%d/%m/%Y")},
            field="code",
        )


@action(who=system)
def follow_calendar(agency: str, *, by: Actor, after: UUID | None = None) -> UUID | None:
    """Times on which the agency (and those below it) no longer works, or no longer exists, are lost, and whoever had them is told.

    Some hundred at once, in a fixed number of statements; return where to go on, None at the end.
    """
    ahead = Place.objects.held().filter(under(agency), begins_at__gt=timezone.now()).order_by("pk")
    if after:
        ahead = ahead.filter(pk__gt=after)
    found, decisions = list(ahead.select_for_update()[:BATCH]), decided()
    agencies = Agency.objects.in_bulk({one.agency for one in found})
    lost: dict[str, list[Place]] = {Reason.ENDED: [], Reason.CALENDAR: []}
    for place in found:
        if not agencies[place.agency].is_in_force(timezone.localdate(place.begins_at)):
            lost[Reason.ENDED].append(place)
        elif not is_worked(decisions.calendar(place.agency), place.begins_at, place.ends_at):
            lost[Reason.CALENDAR].append(place)
    for reason, places in lost.items():
        end(places, Place.State.LOST, PlaceLost, by=by, reason=reason)
    return found[-1].pk if len(found) == BATCH else None


@action(who=system)
def close_days(before: datetime, *, by: Actor) -> int:
    """Whoever was expected on a day that is over did not come; some hundred at once, return how many."""
    over = Place.objects.held().filter(begins_at__lt=before).order_by("pk")
    places = list(over.select_for_update()[:BATCH])
    end(places, Place.State.UNUSED, PlaceUnused, by=by)
    return len(places)


def end(
    places: Sequence[Place],
    state: Place.State,
    event: type[PlaceLost | PlaceUnused],
    *,
    by: Actor,
    reason: str = "",
) -> None:
    """Many places end alike: one statement each for their rows, their events and their news."""
    for place in places:
        place.state = state
    Place.objects.bulk_update(places, ["state"])
    if places:
        record_many([(event(one.agency, one.begins_at.isoformat()), one.urn) for one in places], by=by)
        exchange.leave([news_of(one, reason=reason) for one in places if not one.booked_by])


def under(agency: str) -> Q:
    """Places of the agency of this code and those below it; all without a code."""
    return Q(agency=agency) | Q(agency__startswith=f"{agency}.") if agency else Q()


# What a place's state is called where it was booked.
TOLD = {
    Place.State.HELD: Booking.State.BOOKED,
    Place.State.COME: Booking.State.CAME,
    Place.State.UNUSED: Booking.State.UNUSED,
    Place.State.LOST: Booking.State.LOST,
    Place.State.FREED: Booking.State.CANCELLED,
}


def news_of(
    place: Place, *, reason: str = "", wanted_at: datetime | None = None, is_held: bool = True
) -> Draft:
    """What the portal is told of a place: where it stands now, and why a wish was not met."""
    body: dict[str, Any] = {
        "booking": str(place.pk),
        "state": TOLD[Place.State(place.state)] if is_held else Booking.State.DECLINED,
        "begins_at": place.begins_at.isoformat(),
        "ends_at": place.ends_at.isoformat(),
        "code": place.code,
        "reason": reason,
        "wanted_at": wanted_at.isoformat() if wanted_at else "",
    }
    return exchange.drafted(
        "booking.news",
        json.dumps(body).encode(),
        sender=place.agency,
        recipient=place.origin,
        stream=f"booking:{place.pk}",
        correlation=str(place.pk),
    )
