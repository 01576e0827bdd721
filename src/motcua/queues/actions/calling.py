"""Open a queue, draw a ticket, call the next, end it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.numbering import next_number
from motcua.lib.rules import system
from motcua.organisations.estates import Passing
from motcua.organisations.models import Agency
from motcua.queues.events import QueueOpened, TicketCalled, TicketDrawn, TicketGone, TicketServed
from motcua.queues.models import Queue, Ticket
from motcua.queues.rules import caller, keeper


@action(who=keeper | system)
def open_queue(queue: Queue, *, by: Actor) -> Queue:
    """An agency opens one more queue; each letter stands once."""
    if Queue.objects.filter(agency=queue.agency, letter=queue.letter).exists():
        raise Invalid(_("There is a queue of this letter already. Take another."), field="letter")
    queue.save()
    record(QueueOpened(queue.agency, queue.letter), about=queue, by=by)
    return queue


@action(who=system, locks=False)
def pass_on(passing: Passing, *, by: Actor) -> int:
    """An agency ends: who follows it gets the queues it has no letter for yet; tickets are drawn there from the first on."""
    taken = set(Queue.objects.filter(agency=passing.new).values_list("letter", flat=True))
    fresh = [one for one in Queue.objects.filter(agency=passing.old) if one.letter not in taken]
    for one in fresh:
        copied = Queue(agency=passing.new, letter=one.letter, name_vi=one.name_vi, name_en=one.name_en)
        open_queue(copied, by=by)
    return len(fresh)


@action(who=caller | system, locks=False)
def draw(queue: Queue, *, by: Actor, first_from: datetime | None = None) -> Ticket:
    """A ticket is drawn; numbers count through the day of the agency, whichever queue they are for.

    With `first_from` it stands, from that moment on, before those drawn without an appointment.
    """
    day = timezone.localdate()
    number = next_number(f"ticket {queue.agency} {day:%y%m%d}")
    ticket = Ticket.objects.create(
        queue=queue, agency=queue.agency, day=day, number=number, first_from=first_from
    )
    record(TicketDrawn(queue.agency, ticket.label), about=ticket, by=by)
    return ticket


@action(who=caller, locks=False)
def call_next(agency: Agency, *, by: Actor, counter: str, letters: Sequence[str] = ()) -> Ticket | None:
    """The next ticket is called to a counter; who stood there before has been served. None if nobody waits.

    A ticket another officer is just taking is passed over, so two never call the same one.
    """
    if not counter.strip():
        raise Invalid(_("Say at which counter you sit."), field="counter")
    today = Ticket.objects.of_day(agency.code)
    for there in today.called().filter(counter=counter.strip()):
        serve(there, by=by)
    waiting = today.waiting().select_related("queue")
    if letters:
        waiting = waiting.filter(queue__letter__in=letters)
    ticket = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if ticket is None:
        return None
    ticket.state, ticket.counter, ticket.called_by = Ticket.State.CALLED, counter.strip()[:10], by.name
    ticket.called_at = timezone.now()
    ticket.save()
    record(TicketCalled(agency.code, ticket.label, ticket.counter), about=ticket, by=by)
    return ticket


@action(who=caller)
def serve(ticket: Ticket, *, by: Actor) -> None:
    """Whoever held the ticket has been served."""
    ticket.ended_at = timezone.now()
    ticket.save()
    record(TicketServed(ticket.agency, ticket.label), about=ticket, by=by)


@action(who=caller)
def miss(ticket: Ticket, *, by: Actor) -> None:
    """Nobody came with the ticket."""
    ticket.ended_at = timezone.now()
    ticket.save()
    record(TicketGone(ticket.agency, ticket.label), about=ticket, by=by)
