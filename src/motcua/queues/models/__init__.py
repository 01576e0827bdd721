"""Queues and tickets of a day; what an agency offers by appointment, and the times that were booked."""

from motcua.queues.models.bookings import Booking, BookingQuerySet, Reason
from motcua.queues.models.places import MOST, Offer, Place, offer_of
from motcua.queues.models.tickets import Queue, Ticket

__all__ = ["MOST", "Booking", "BookingQuerySet", "Offer", "Place", "Queue", "Reason", "Ticket", "offer_of"]
