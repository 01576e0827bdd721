"""What happened to tickets and to appointments."""

from motcua.queues.events.appointments import (
    BookingAsked,
    BookingCancelled,
    BookingLearned,
    OfferSet,
    PlaceDeclined,
    PlaceFreed,
    PlaceHeld,
    PlaceLost,
    PlaceMoved,
    PlaceTaken,
    PlaceUnused,
)
from motcua.queues.events.tickets import QueueOpened, TicketCalled, TicketDrawn, TicketGone, TicketServed

__all__ = [
    "BookingAsked",
    "BookingCancelled",
    "BookingLearned",
    "OfferSet",
    "PlaceDeclined",
    "PlaceFreed",
    "PlaceHeld",
    "PlaceLost",
    "PlaceMoved",
    "PlaceTaken",
    "PlaceUnused",
    "QueueOpened",
    "TicketCalled",
    "TicketDrawn",
    "TicketGone",
    "TicketServed",
]
