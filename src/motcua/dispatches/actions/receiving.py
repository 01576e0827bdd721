"""What a receiver does with a document; each step tells the sender where it stands, without anybody writing that."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.actions.leaving import tell
from motcua.dispatches.actions.reminding import lose_answer
from motcua.dispatches.actions.sending import demanded
from motcua.dispatches.actions.succeeding import stay, succeed
from motcua.dispatches.events import (
    DispatchAssigned,
    DispatchRefused,
    DispatchRegistered,
    RecallAnswered,
    WorkBegun,
    WorkFinished,
)
from motcua.dispatches.models import Incoming, Outgoing
from motcua.dispatches.rules import clerk, head, holder
from motcua.documents.edxml.message import State
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.numbering import next_number
from motcua.people.models import Account


@action(who=clerk)
def register(document: Incoming, *, by: Actor) -> Incoming:
    """The clerk enters it in the register of incoming documents, under the next number of the year.

    What changes or replaces an earlier one takes its place, and the task with it.
    """
    document.registered_at = timezone.now()
    document.year = timezone.localtime(document.registered_at).year
    document.serial = next_number(f"arrivals {document.agency} {document.year}")
    document.save()
    tell(document, State.REGISTERED, by=by)
    record(DispatchRegistered(document.agency, document.serial), about=document, by=by)
    succeed(document, by=by)
    return document


@action(who=clerk)
def refuse(document: Incoming, *, by: Actor, reason: str) -> Incoming:
    """It is not taken in: wrong agency, damaged, without a signature; the sender is told why.

    Of the second of two messages of one document nothing is told: the sender knows the document by its name, and has it here.
    """
    document.reason, document.ended_at = demanded(reason), timezone.now()
    document.save()
    if not Incoming.objects.twins(document).exclude(state__in=Incoming.GONE).exists():
        tell(document, State.REFUSED, document.reason, by=by)
    record(DispatchRefused(document.agency, document.reason), about=document, by=by)
    lose_answer(document, by=by)
    stay(document, document.reason, by=by)
    return document


@action(who=head)
def assign(
    document: Incoming, *, by: Actor, to: Account, instruction: str, due_at: datetime | None = None
) -> Incoming:
    """The head gives it to an officer with one sentence and, if need be, a day."""
    if not instruction.strip():
        raise Invalid(_("Say in one sentence what is to be done."), field="instruction")
    document.holder, document.holder_name = f"person:{to.pk}", to.name
    document.instruction, document.due_at = instruction.strip()[:500], due_at
    document.save()
    tell(document, State.ASSIGNED, by=by)
    due = due_at.isoformat() if due_at else ""
    record(
        DispatchAssigned(document.agency, document.holder, document.instruction, due), about=document, by=by
    )
    return document


@action(who=holder)
def begin(document: Incoming, *, by: Actor) -> Incoming:
    """Whoever it was given to begins."""
    document.save()
    tell(document, State.IN_PROGRESS, by=by)
    record(WorkBegun(document.agency), about=document, by=by)
    return document


@action(who=holder | head | clerk)
def finish(document: Incoming, *, by: Actor) -> Incoming:
    """What it asked for is done; an answer that was issued is named."""
    document.ended_at = timezone.now()
    document.save()
    tell(document, State.DONE, by=by)
    answer = (
        Outgoing.objects.filter(responds_to=document, issued_at__isnull=False).order_by("issued_at").last()
    )
    told = WorkFinished(document.agency, answer.number if answer else "", in_time=not document.is_late())
    record(told, about=document, by=by)
    return document


@action(who=clerk | head)
def give_back(document: Incoming, *, by: Actor) -> Incoming:
    """The sender has asked it back and the agency agrees: the electronic document counts no more, what was known of it is kept."""
    if not document.recall_asked_at:
        raise Invalid(_("Nobody has asked it back."))
    document.ended_at = timezone.now()
    document.save()
    tell(document, State.CHANGE_AGREED, by=by)
    record(RecallAnswered(document.agency, agreed=True, reason=""), about=document, by=by)
    lose_answer(document, by=by)
    return document


@action(who=clerk | head)
def keep_on(document: Incoming, *, by: Actor, reason: str) -> Incoming:
    """The sender has asked it back and the agency cannot: work goes on, and the sender hears why."""
    if not document.recall_asked_at:
        raise Invalid(_("Nobody has asked it back."))
    words = demanded(reason)
    document.recall_asked_at = None
    document.save()
    tell(document, State.CHANGE_REFUSED, words, by=by)
    record(RecallAnswered(document.agency, agreed=False, reason=words), about=document, by=by)
    return document
