"""The queues of the one-stop desk: machines at the door draw tickets, machines at counters call them."""

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from motcua.api.door import Call
from motcua.api.operations import operation
from motcua.api.pages import paged
from motcua.api.scopes import Scope
from motcua.api.shapes import desk as shapes
from motcua.api.shapes.parts import Here, Somewhere
from motcua.lib.actions import Invalid, take
from motcua.organisations.models import Agency
from motcua.queues import actions
from motcua.queues.models import Queue, Ticket

ABOUT = "queues"


@operation(
    "GET",
    "/queues",
    _("The agency's queues, and how many wait in each"),
    about=ABOUT,
    scope=Scope.QUEUES,
    query=Somewhere,
    gives=shapes.Queues,
)
def list_queues(call: Call) -> shapes.Queues:
    """By letter, counted today."""
    today = Q(tickets__day=timezone.localdate(), tickets__state=Ticket.State.WAITING)
    found = Queue.objects.filter(agency=call.agency).annotate(waiting=Count("tickets", filter=today))
    items = [shapes.Queue(letter=one.letter, name=one.name, waiting=one.waiting) for one in found]
    return shapes.Queues(items=items)


@operation(
    "GET",
    "/tickets",
    _("Today's tickets by number"),
    about=ABOUT,
    scope=Scope.QUEUES,
    query=shapes.Tickets,
    gives=shapes.TicketPage,
)
def list_tickets(call: Call) -> shapes.TicketPage:
    """A ticket says nothing about who holds it; `after` is the identifier `next` bears."""
    asked, own = call.query, today(call)
    rows = own.filter(state=asked.state) if asked.state else own
    found, after = paged(call, rows, by="number", among=own)
    return shapes.TicketPage(items=[shown(one) for one in found], next=after)


@operation(
    "POST",
    "/tickets",
    _("Draw a ticket"),
    about=ABOUT,
    scope=Scope.QUEUES,
    body=shapes.Drawn,
    gives=shapes.Ticket,
    status=201,
    is_deed=True,
)
def draw_ticket(call: Call) -> shapes.Ticket:
    """Asked again under the same key, the same ticket is shown, and none is drawn."""
    with call.once() as is_first:
        queue = Queue.objects.filter(agency=call.agency, letter=call.body.queue).first()
        if queue is None:
            raise Invalid(now_("There is no queue of this letter."), field="queue")
        if not is_first:
            return shown(tickets(call).get(pk=call.made_before))
        ticket = actions.draw(queue, by=call.actor)
        call.made(ticket.pk)
        return shown(ticket)


@operation(
    "POST",
    "/tickets/next",
    _("Call the next ticket to a counter; who stood there before has been served"),
    about=ABOUT,
    scope=Scope.QUEUES,
    body=shapes.Called,
    gives=shapes.Next,
    is_deed=True,
)
def call_next_ticket(call: Call) -> shapes.Next:
    """Appointments whose time has come, then who came first; asked again, the same ticket."""
    given: shapes.Called = call.body
    with call.once() as is_first:
        if is_first:
            agency = Agency.objects.in_force().get(code=call.agency)
            ticket = actions.call_next(agency, by=call.actor, counter=given.counter, letters=given.letters)
            call.made(ticket.pk if ticket else "")
        else:
            ticket = tickets(call).filter(pk=call.made_before or None).first()
    return shapes.Next(ticket=shown(ticket) if ticket else None)


def ended(verb: str, summary: Any) -> Any:
    """Declare `POST /tickets/{ticket}/VERB`."""

    def declare(act: Any) -> Any:
        def do(call: Call, ticket: int) -> shapes.Ticket:
            with call.once() as is_first:
                found = take(today(call), number=ticket)
                if is_first:
                    act(found, by=call.actor)
            return shown(found)

        do.__name__ = f"{verb}_ticket"
        operation(
            "POST",
            f"/tickets/{{ticket}}/{verb}",
            summary,
            about=ABOUT,
            scope=Scope.QUEUES,
            body=Here,
            gives=shapes.Ticket,
            is_deed=True,
        )(do)
        return act

    return declare


ended("serve", _("Whoever held the ticket has been served"))(actions.serve)
ended("miss", _("Nobody came with the ticket"))(actions.miss)


def tickets(call: Call) -> Any:
    """Of the agency, on any day."""
    return Ticket.objects.filter(agency=call.agency).select_related("queue")


def today(call: Call) -> Any:
    return Ticket.objects.of_day(call.agency).select_related("queue")


def shown(one: Ticket) -> shapes.Ticket:
    names = ("number", "label", "state", "counter", "drawn_at", "called_at", "ended_at")
    return shapes.Ticket(queue=one.queue.letter, **{name: getattr(one, name) for name in names})
