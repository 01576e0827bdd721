"""Who may open queues, call tickets, say what is offered by appointment, and book."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule
from motcua.mandates.rules import principal
from motcua.organisations.models import Agency
from motcua.queues.models import Booking, Place


@rule(_("the one-stop officers of the agency"))
def caller(actor: Actor, subject: Any) -> bool:
    """Asked of a queue, a ticket, an appointment or an agency."""
    return actor.holds("receiver", "registrar", at=agency_of(subject))


@rule(_("administrators of the agency"))
def keeper(actor: Actor, subject: Any) -> bool:
    return actor.holds("administrator", at=agency_of(subject))


@rule(_("the person whose appointment it is, or who holds the mandate to come for them"))
def booker(actor: Actor, booking: Booking) -> bool:
    mandate = booking.mandate
    return booking.is_of(actor) and (mandate is None or mandate.agent_id == booking.account_id)


@rule(_("for whom somebody comes, or who represents the business"))
def stood_in_for(actor: Actor, booking: Booking) -> bool:
    return booking.mandate is not None and principal(actor, booking.mandate)


@rule(_("the system of the agency that booked it"))
def reserver(actor: Actor, place: Place) -> bool:
    """An appointment made at a portal is the person's: no system of the desk gives it away."""
    return bool(place.booked_by) and actor.urn == place.booked_by


def agency_of(subject: Any) -> str:
    return subject.code if isinstance(subject, Agency) else str(subject.agency)
