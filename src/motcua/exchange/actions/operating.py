"""What an operator decides about messages that cannot be delivered."""

from collections.abc import Iterable

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.exchange import rules
from motcua.exchange.events import MessageCancelled, MessageReplayed, MessageReturned
from motcua.exchange.models import Outgoing, Recovery
from motcua.exchange.sending import TERM
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor

DELIVER = "SELECT pg_notify('exchange_outbox', 'deliver')"


@action(who=rules.operator)
def replay(message: Outgoing, *, by: Actor) -> None:
    """Send a dead letter again, as it was signed: should it have arrived all the same, it has no second effect."""
    if message.expires <= timezone.now():
        raise Invalid(_("The message has expired; return it, so that it can be sent anew."), field="expires")
    message.give_up_at = min(timezone.now() + TERM, message.expires)
    _settle(message)
    with connection.cursor() as cursor:
        cursor.execute(DELIVER)
    record(MessageReplayed(str(message.id), message.expires.isoformat()), about=message, by=by)


@action(who=rules.operator)
def return_to_sender(message: Outgoing, *, reason: str, by: Actor) -> None:
    """Give up delivery: the context that sent the message is told why."""
    message.reason = reason
    _settle(message)
    record(MessageReturned(**message.facts, reason=reason), about=message, by=by)


@action(who=rules.operator)
def cancel(message: Outgoing, *, reason: str, by: Actor) -> None:
    """Take a message back that has not been delivered."""
    message.reason = reason
    _settle(message)
    record(MessageCancelled(str(message.id), reason), about=message, by=by)


def wait_no_longer(names: Iterable[str]) -> None:
    """A log that recovers waits no longer for these nodes: the operator's word at the terminal, who answers for it."""
    for recovery in Recovery.objects.filter(finished_at=None):
        recovery.without = sorted({*recovery.without, *names})
        recovery.save(update_fields=["without"])


def _settle(message: Outgoing) -> None:
    message.next_try = None
    message.settled_at = None if message.state == Outgoing.State.SIGNED else timezone.now()
    message.save()
