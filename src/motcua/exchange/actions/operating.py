"""What an operator decides about messages that are stuck, on their way out or after they came in; each decision is logged."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from motcua.exchange import rules
from motcua.exchange.actions.handling import tell_handled
from motcua.exchange.canonical import canonical, to_millisecond, written
from motcua.exchange.events import (
    MessageCancelled,
    MessageReplayed,
    MessageRetried,
    MessageReturned,
    MessageSentBack,
    MessageSetAside,
)
from motcua.exchange.models import Decision, Incoming, Outgoing, OutgoingQuerySet, Recovery
from motcua.exchange.sending import TERM
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor

NOTIFY = "SELECT pg_notify('exchange_outbox', %s)"


@action(who=rules.operator)
def replay(message: Outgoing, *, by: Actor) -> None:
    """Send a dead letter again, as it was signed, and those behind it in its stream: should it have arrived all the same,
    it has no second effect.
    """
    if message.expires <= timezone.now():
        raise Invalid(_("The message has expired; return it, so that it can be sent anew."), field="expires")
    _keeps_order(message)
    behind = _stream_of(message).filter(state="dead", seq__gt=message.seq, expires__gt=timezone.now())
    for one in [message, *behind.select_for_update()]:
        one.state = Outgoing.State.SIGNED
        one.give_up_at = min(timezone.now() + TERM, one.expires)
        _settle(one)
        record(MessageReplayed(str(one.id), one.expires.isoformat()), about=one, by=by)
        _log("replay", one.id, by)
    _notify("deliver")


@action(who=rules.operator)
def return_to_sender(message: Outgoing, *, reason: str, by: Actor) -> None:
    """Give up delivery: the context that sent the message is told why."""
    message.reason = reason
    _settle(message)
    record(MessageReturned(**message.facts, reason=reason), about=message, by=by)
    _log("return", message.id, by, reason)
    _notify("deliver")


@action(who=rules.operator)
def cancel(message: Outgoing, *, reason: str, by: Actor) -> None:
    """Take a message back that has not been delivered."""
    message.reason = reason
    _settle(message)
    record(MessageCancelled(str(message.id), reason), about=message, by=by)
    _log("cancel", message.id, by, reason)
    _notify("deliver")


@action(who=rules.operator)
def retry(message: Incoming, *, by: Actor) -> None:
    """Handle a received message anew, now."""
    message.tries, message.next_try, message.settled_at = 0, None, None
    message.save()
    _handle(message)
    record(MessageRetried(str(message.message), message.sender), about=message, by=by)
    _log("retry", message.message, by)


@action(who=rules.operator)
def send_back(message: Incoming, *, reason: str, by: Actor) -> None:
    """Send a received message back without effect: its sender is told why, signed."""
    _close(message, reason)
    line = {"message": str(message.message), "digest": bytes(message.digest).hex(), "refused": reason}
    message.word = tell_handled([line], sender=message.recipient, recipient=message.sender)
    message.save(update_fields=["word"])
    record(MessageSentBack(str(message.message), message.sender, reason), about=message, by=by)
    _log("send_back", message.message, by, reason)


@action(who=rules.operator)
def set_aside(message: Incoming, *, reason: str, by: Actor) -> None:
    """Close a received message without effect and without word to its sender: for what its sender has made good already."""
    _close(message, reason)
    record(MessageSetAside(str(message.message), message.sender, reason), about=message, by=by)
    _log("set_aside", message.message, by, reason)


def _keeps_order(message: Outgoing) -> None:
    """Invalid if a stream would be out of order: the oldest goes first, and nothing goes behind what was taken."""
    if not message.stream:
        return
    stream = _stream_of(message)
    if stream.filter(state="dead", seq__lt=message.seq, expires__gt=timezone.now()).exists():
        raise Invalid(
            _("An earlier message of this stream is stuck too; decide about that one first."), field="seq"
        )
    if stream.filter(state__in=["received", "handled"], seq__gt=message.seq).exists():
        words = _(
            "Later messages of this stream were received already; return this one, so that it can be sent anew."
        )
        raise Invalid(words, field="seq")


def _stream_of(message: Outgoing) -> OutgoingQuerySet:
    same = {name: getattr(message, name) for name in ("sender", "recipient", "stream")}
    every = Outgoing.objects.filter(**same) if message.stream else Outgoing.objects.none()
    return every.order_by("seq")


def wait_no_longer(names: Iterable[str]) -> None:
    """A log that recovers waits no longer for these nodes: the operator's word at the terminal, who answers for it."""
    for recovery in Recovery.objects.filter(finished_at=None):
        recovery.without = sorted({*recovery.without, *names})
        recovery.save(update_fields=["without"])


def _settle(message: Outgoing) -> None:
    message.next_try = None
    message.settled_at = None if message.state == Outgoing.State.SIGNED else timezone.now()
    message.save()


def _close(message: Incoming, reason: str) -> None:
    """End a received message; what waits behind it in its stream goes on."""
    message.reason, message.next_try, message.settled_at = reason, None, timezone.now()
    message.save()
    if message.stream:
        same = {name: getattr(message, name) for name in ("sender", "recipient", "stream")}
        behind = Incoming.objects.pending().filter(**same).order_by("seq").first()
        if behind:
            _handle(behind)


def _handle(message: Incoming) -> None:
    app.configure_task("exchange.handle", queue="exchange").defer(parcel=str(message.parcel))


def _log(what: str, message: UUID, by: Actor, reason: str = "") -> None:
    """Leave the decision for the log, which the exchange process writes."""
    content = {
        "type": "decision",
        "v": 1,
        "node": settings.NODE.name,
        "what": what,
        "message": str(message),
        "by": by.urn,
        "reason": reason[:1000],
        "at": written(to_millisecond(timezone.now())),
    }
    Decision.objects.create(text=canonical(content))
    _notify("decided")


def _notify(what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(NOTIFY, [what])
