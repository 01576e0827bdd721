"""Times that one of the agency's own systems books at its desk for a person: held at once or not at all, and told to no portal."""

from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.queues.actions.booking import check_ahead
from motcua.queues.actions.holding import seat_at
from motcua.queues.models import Offer, Place, Reason
from motcua.queues.rules import caller, reserver

# What is said of the person to who books for them; all else is of the time, and said as to anyone.
OF_PERSON: dict[str, Promise] = {
    Reason.TWICE: _(
        "This person has an appointment here for this procedure already. It can be moved where it was booked."
    ),
    Reason.MANY: _("This person has five appointments here already. One of them must be cancelled first."),
}


@action(who=caller)
def reserve(offer: Offer, *, by: Actor, place: Place) -> None:
    """A system of the agency books for a person; raises Invalid, saying why the time cannot be given.

    Weighed under the lock of the offer, as every wish from a portal is: no time is given once too often.
    """
    check_ahead(place.begins_at, timezone.now())
    place.agency, place.origin, place.booked_by = offer.agency, offer.agency, by.urn
    hold_to(seat_at(offer, place, place.begins_at, by=by))


@action(who=reserver)
def shift(place: Place, *, by: Actor, begins_at: datetime) -> None:
    """The system that booked wants another time; raises Invalid where it cannot be given, and then the first one stands."""
    if begins_at == place.begins_at:
        return
    check_ahead(place.begins_at, timezone.now())
    check_ahead(begins_at, timezone.now())
    offer = Offer.objects.select_for_update().filter(agency=place.agency).first()
    hold_to(seat_at(offer or Offer(agency=place.agency, is_open=False), place, begins_at, by=by))


def hold_to(reason: str) -> None:
    """Raise Invalid with the words of a reason, if there is one."""
    if reason:
        words = OF_PERSON.get(reason) or Reason(reason).label
        raise Invalid(str(words), field="person" if reason in OF_PERSON else "begins_at")
