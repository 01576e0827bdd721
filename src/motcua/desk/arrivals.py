"""Who stands at the counter: a ticket that was called, an appointment that was kept; reception begins with what they say."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from motcua.desk.access import places
from motcua.desk.reception import Reception
from motcua.dossiers.states import Way
from motcua.lib.actions import Invalid, NotNow
from motcua.lib.actors import Actor
from motcua.people.middleware import ActorRequest
from motcua.queues import actions
from motcua.queues.models import Place, Ticket


@dataclass(frozen=True)
class Arrival:
    """A called ticket, an appointment of today, both, or neither."""

    ticket: Ticket | None = None
    place: Place | None = None

    @property
    def known(self) -> dict[str, Any]:
        """What the first form of the counter is filled in with."""
        if self.place is None:
            return {"agency": self.ticket.agency} if self.ticket else {}
        return {
            "procedure": f"{self.place.procedure} {self.place.name}",
            "agency": self.place.agency,
            "who": self.place.person_number,
            "way": Way.PROXY if self.place.bringer else Way.SELF,
        }

    def note(self, reception: Reception) -> None:
        """The reception knows with which ticket it began, and who was to come instead of the person."""
        if self.place:
            reception.bringer = self.place.bringer
        if self.ticket:
            reception.ticket, reception.ticket_label = self.ticket.pk, self.ticket.label

    def welcome(self, *, by: Actor) -> None:
        """Whoever has an appointment today has come; that they were welcomed before is no obstacle."""
        if self.place:
            with suppress(NotNow, Invalid):
                actions.welcome(self.place, by=by)


def arrival(request: ActorRequest) -> Arrival:
    """The ticket and the appointment the address names, if they are of this officer's desk and of today; others are nobody's."""
    tickets = Ticket.objects.filter(
        agency__in=places(request.actor, "receiver", "registrar"),
        day=timezone.localdate(),
        state=Ticket.State.CALLED,
    ).select_related("queue", "place")
    drawn = number(request, "ticket")
    ticket = tickets.filter(pk=drawn).first() if drawn else None
    place = getattr(ticket, "place", None)
    if place is None and (asked := identifier(request, "appointment")):
        place = (
            Place.objects.visible_to(request.actor).filter(pk=asked).select_related("ticket__queue").first()
        )
        ticket = ticket or (tickets.filter(pk=place.ticket_id).first() if place and place.ticket_id else None)
    is_expected = place is not None and place.state in {Place.State.HELD, Place.State.COME}
    return Arrival(ticket, place if is_expected else None)


def number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def identifier(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def close(reception: Reception, *, by: Actor) -> None:
    """The receipt is given: whoever held the ticket has been served; one that was closed before stays so."""
    ticket = Ticket.objects.filter(pk=reception.ticket).first() if reception.ticket else None
    if ticket and ticket.state == Ticket.State.CALLED:
        actions.serve(ticket, by=by)
