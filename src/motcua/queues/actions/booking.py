"""Book a time at a one-stop desk, choose another, give it up; learn what the agency says. The agency holds the time itself."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.exchange import actions as exchange
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.mandates.models import Mandate
from motcua.mandates.words import in_words
from motcua.procedures.models import Version
from motcua.queues.events import BookingAsked, BookingCancelled, BookingLearned
from motcua.queues.models import Booking, Reason
from motcua.queues.rules import booker, stood_in_for


@action(who=booker, locks=False)
def book(booking: Booking, *, by: Actor) -> Booking:
    """A person asks for a time at an agency's one-stop desk; sent twice it is one wish."""
    if known := Booking.objects.filter(pk=booking.pk).first():
        return known
    now = timezone.now()
    check_ahead(booking.begins_at, now)
    check_mandate(booking, booking.begins_at)
    others = Booking.objects.open().filter(
        account=booking.account, mandate=booking.mandate, agency=booking.agency, procedure=booking.procedure
    )
    # What has passed without a word from the agency stands in nobody's way.
    others.filter(ends_at__lt=now).update(state=Booking.State.OVER)
    if others.exists():
        raise Invalid(already(), field="begins_at")
    booking.asked_at = now
    try:
        with transaction.atomic():
            booking.save(force_insert=True)
    except IntegrityError as conflict:  # sent twice at once: the other one stands
        if known := Booking.objects.filter(pk=booking.pk).first():
            return known
        raise Invalid(already(), field="begins_at") from conflict
    ask(booking, booking.begins_at)
    record(
        BookingAsked(booking.agency, booking.procedure, booking.begins_at.isoformat()), about=booking, by=by
    )
    return booking


@action(who=booker)
def change_time(booking: Booking, *, by: Actor, begins_at: datetime) -> None:
    """The person would rather come at another time; until the agency agrees, the one they have stands."""
    if begins_at in {booking.begins_at, booking.wanted_at}:
        return
    check_ahead(booking.begins_at, timezone.now())
    check_ahead(begins_at, timezone.now())
    check_mandate(booking, begins_at)
    if booking.wanted_at is not None:
        raise Invalid(_("The agency has not answered your last wish yet. Wait a moment."), field="begins_at")
    booking.wanted_at, booking.reason = begins_at, ""
    booking.save()
    ask(booking, begins_at)
    record(BookingAsked(booking.agency, booking.procedure, begins_at.isoformat()), about=booking, by=by)


@action(who=booker | stood_in_for | system)
def cancel(booking: Booking, *, by: Actor, reason: str = "") -> None:
    """The person will not come, may not any more, or is not wanted any more; somebody else can have the time."""
    check_ahead(booking.begins_at, timezone.now())
    if not reason and not booking.is_of(by):
        reason = Reason.PRINCIPAL
    booking.wanted_at, booking.reason = None, reason
    booking.save()
    send("booking.cancelled", booking, {})
    record(BookingCancelled(booking.agency, booking.begins_at.isoformat()), about=booking, by=by)


@action(who=system, locks=False)
def follow_mandate(mandate: Mandate, *, by: Actor) -> None:
    """A mandate has ended: nobody comes by it any more, and whatever of it has not begun is cancelled."""
    ahead = Booking.objects.open().filter(mandate=mandate, begins_at__gt=timezone.now())
    for booking in ahead.order_by("pk"):
        cancel(booking, by=by, reason=Reason.MANDATE)


@action(who=system)
def learn(booking: Booking, *, by: Actor, news: dict[str, Any]) -> None:
    """The agency says what became of it; news that repeats itself, or comes after one has cancelled, changes nothing."""
    if booking.state == Booking.State.CANCELLED:
        return
    begins_at, ends_at = (datetime.fromisoformat(news[name]) for name in ("begins_at", "ends_at"))
    told = (Booking.State(news["state"]), begins_at, ends_at, news["code"], news["reason"], None)
    fields = ("state", "begins_at", "ends_at", "code", "reason", "wanted_at")
    if told == tuple(getattr(booking, name) for name in fields):
        return
    for name, value in zip(fields, told, strict=True):
        setattr(booking, name, value)
    booking.save()
    learned = BookingLearned(booking.agency, booking.state, begins_at.isoformat(), news["wanted_at"])
    record(learned, about=booking, by=by)


def check_ahead(begins_at: datetime, now: datetime) -> None:
    """Only what has not begun yet can be booked, changed or given up."""
    if begins_at <= now:
        raise Invalid(_("This time has begun already."), field="begins_at")


def check_mandate(booking: Booking, begins_at: datetime) -> None:
    """Who comes for another person may do so today and then, in this procedure. Raises Invalid, saying why not."""
    mandate = booking.mandate
    if mandate is None:
        return
    version = Version.objects.in_force(timezone.localdate()).filter(procedure__code=booking.procedure).first()
    if version is None or (words := mandate.why_not(version)):
        raise Invalid(words if version else _("This procedure is not in force."), field="whom")
    if mandate.valid_until and timezone.localdate(begins_at) > mandate.valid_until:
        told = {"number": mandate.number, "day": f"{mandate.valid_until:%d/%m/%Y}"}
        raise Invalid(
            _("%(number)s holds until %(day)s only. Choose a time before its end.") % told, field="begins_at"
        )


def already() -> str:
    return _("You have an appointment there for this procedure already. Change its time instead.")


def ask(booking: Booking, begins_at: datetime) -> None:
    """Bring the wish to the agency; it is worth nothing once the time has come."""
    body = {
        "procedure": booking.procedure,
        "name_vi": booking.name_vi,
        "name_en": booking.name_en,
        **parties(booking),
        "begins_at": begins_at.isoformat(),
    }
    send("booking.asked", booking, body, expires=max(begins_at, timezone.now() + timedelta(minutes=1)))


def parties(booking: Booking) -> dict[str, Any]:
    """Whose matter it is, and who comes in their stead."""
    account, mandate = booking.account, booking.mandate
    comes = {"name": account.name, "number": account.username}
    if mandate is None:
        return {"person": comes}
    whose = {"name": mandate.principal_name, "number": mandate.principal_number}
    return {"person": whose, "bringer": {**comes, "phone": account.phone, "authority": in_words(mandate)}}


def send(kind: str, booking: Booking, body: dict[str, Any], *, expires: datetime | None = None) -> None:
    exchange.send(
        kind,
        json.dumps({"booking": str(booking.pk), **body}, ensure_ascii=False).encode(),
        sender=settings.NODE.agency,
        recipient=booking.agency,
        stream=f"booking:{booking.pk}",
        correlation=str(booking.pk),
        expires=expires,
    )
