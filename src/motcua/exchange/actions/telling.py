"""Tell the contexts what became of their messages, and the exchange what others say about them."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from motcua.exchange import envelope as envelopes
from motcua.exchange.events import (
    ConflictDetected,
    ForkDetected,
    LogRecovered,
    MessageDeadLettered,
    MessageDelivered,
    MessageRefused,
)
from motcua.exchange.messages import Message, Unfit
from motcua.exchange.models import Fork, Leaf, Outgoing, Recovery
from motcua.exchange.rereading import whole
from motcua.journal.actions import record, record_many
from motcua.lib.actors import Actor

EXCHANGE = Actor.system("exchange")

# What the recipient's handler made of messages of ours; only the agency they went to may say so, about what it signed for.
HANDLED = """
UPDATE exchange_outgoing o SET state = s.state, reason = s.reason, settled_at = now(), next_try = NULL, word = %s
FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS s (id, state, reason)
WHERE o.id = s.id AND o.recipient = %s AND o.sender = %s AND o.state IN ('received', 'dead')
RETURNING o.id, o.state
"""
# Those for which its receipt has not come yet.
UNRECEIPTED = """
SELECT count(*) FROM exchange_outgoing WHERE id = ANY(%s) AND recipient = %s AND sender = %s AND state = 'signed'
"""


class Early(Exception):
    """Word of how messages were handled overtook the receipt for them. It waits: what is settled is not sent again, so the receipt
    would never come, and without it nothing proves that they arrived, nor are they given back to who has lost them.
    """


@transaction.atomic
def report(state: str, messages: Iterable[str]) -> None:
    """Record in the journal what became of messages of ours: received, refused or dead."""
    found = Outgoing.objects.filter(id__in=list(messages)).order_by("leaf")
    record_many([(_became(state, message), message.urn) for message in found], by=EXCHANGE)


def _became(state: str, message: Outgoing) -> MessageDelivered | MessageRefused | MessageDeadLettered:
    if state == "received":
        return MessageDelivered(**message.facts)
    event = MessageRefused if state == "refused" else MessageDeadLettered
    return event(**message.facts, reason=message.reason)


@transaction.atomic
def report_conflict(leaf: int) -> None:
    """Record that two different messages came under one identifier."""
    entry = whole(Leaf.objects.get(number=leaf))
    envelope = envelopes.read(bytes(entry.envelope or b""))
    event = ConflictDetected(str(envelope.id), envelope.sender, envelope.recipient, leaf)
    record(event, about=f"message:{envelope.id}", by=EXCHANGE)


@transaction.atomic
def report_forks() -> None:
    """Record that nodes contradicted themselves."""
    for fork in Fork.objects.select_for_update().filter(is_reported=False).order_by("id"):
        record(ForkDetected(fork.node, fork.number, fork.log), about=f"node:{fork.node}", by=EXCHANGE)
        fork.is_reported = True
        fork.save(update_fields=["is_reported"])


@transaction.atomic
def report_recoveries() -> None:
    """Record that our log went on after a gap, and what is lost."""
    names = ("restored", "continued", "first", "last", "sent", "received")
    found = Recovery.objects.select_for_update().filter(is_reported=False, finished_at__isnull=False)
    for recovery in found.order_by("id"):
        facts = {name: getattr(recovery, name) for name in names}
        event = LogRecovered(**facts, silent=", ".join(recovery.silent))
        record(event, about="exchange:log", by=EXCHANGE)
        recovery.is_reported = True
        recovery.save(update_fields=["is_reported"])


def take_handled(message: Message) -> None:
    """The other side handled messages of ours, or refused them. Raises Early if we have not heard that it received them."""
    lines = list(_lines(message.json()))
    ids, reasons = [line[0] for line in lines], [line[1] for line in lines]
    states = ["refused" if reason else "handled" for reason in reasons]
    with connection.cursor() as cursor:
        cursor.execute(UNRECEIPTED, [ids, message.sender, message.recipient])
        if waiting := cursor.fetchone()[0]:
            raise Early(f"For {waiting} of the messages no receipt has come yet.")
        cursor.execute(HANDLED, [message.id, ids, states, reasons, message.sender, message.recipient])
        changed = cursor.fetchall()
    refused = [row[0] for row in changed if row[1] == "refused"]
    if refused:
        report("refused", refused)


def _lines(content: Any) -> Iterable[tuple[UUID, str]]:
    if not isinstance(content, Mapping) or not isinstance(content.get("handled"), list):
        raise Unfit('The body has another form; write {"handled":[{"message","digest","refused"}]}.')
    for line in content["handled"]:
        try:
            yield UUID(line["message"]), str(line["refused"])[:1000]
        except (TypeError, KeyError, ValueError) as error:
            raise Unfit(f"A line cannot be read: {error}") from error
