"""Effects of received messages: exactly once, in the order of each stream, each in one transaction with its inbox row.

One job takes the messages of one parcel. A message whose predecessor in its stream has no effect yet is left to
whoever handles the predecessor: after each effect the next of that stream is looked for.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.exchange import envelope as envelopes
from motcua.exchange.actions.sending import send
from motcua.exchange.events import MessageStuck
from motcua.exchange.messages import HANDLED, HANDLERS, MASS_HANDLERS, Message, Unfit
from motcua.exchange.models import Incoming
from motcua.journal.actions import record
from motcua.lib.actors import Actor
from motcua.lib.blobs import Store

logger = logging.getLogger(__name__)

EXCHANGE = Actor.system("exchange")
AT_ONCE = 500
MOST_TRIES = 34  # with growing pauses, and then one an hour: about a day

FIRST_IN_STREAM = """
i.effect = 'pending' AND (i.next_try IS NULL OR i.next_try <= now())
  AND (i.stream = '' OR NOT EXISTS (
        SELECT 1 FROM exchange_incoming e
        WHERE e.effect IN ('pending', 'dead') AND e.stream <> '' AND e.sender = i.sender AND e.recipient = i.recipient
          AND e.stream = i.stream AND e.seq < i.seq))
"""

# Messages of one parcel that wait for their effect and are first in their stream.
OF_PARCEL = f"""
SELECT i.message, i.sender, i.kind FROM exchange_incoming i
WHERE i.parcel = %s AND {FIRST_IN_STREAM} ORDER BY i.leaf LIMIT %s
"""  # noqa: S608 — only our own text

# The first of each stream in which something was just handled, whichever parcel it came in and however many wait behind it.
OF_STREAMS = """
SELECT f.message, f.sender, f.kind
FROM (SELECT DISTINCT * FROM unnest(%s::text[], %s::text[], %s::text[])) s (sender, recipient, stream)
CROSS JOIN LATERAL (
    SELECT i.* FROM exchange_incoming i
    WHERE i.effect IN ('pending', 'dead') AND i.stream <> ''
      AND i.sender = s.sender AND i.recipient = s.recipient AND i.stream = s.stream
    ORDER BY i.seq LIMIT 1
) f
WHERE f.effect = 'pending' AND (f.next_try IS NULL OR f.next_try <= now()) ORDER BY f.leaf LIMIT %s
"""

# Take them: until the transaction ends nobody else handles them; what someone else has taken is left to them.
TAKE = f"""
SELECT i.message, i.sender, i.tries, i.parcel, i.digest, l.envelope, l.body
FROM exchange_incoming i JOIN exchange_leaf l ON l.number = i.leaf
WHERE (i.message, i.sender) IN (SELECT * FROM unnest(%s::uuid[], %s::text[])) AND {FIRST_IN_STREAM}
ORDER BY i.leaf FOR UPDATE OF i SKIP LOCKED
"""  # noqa: S608

SETTLE = """
UPDATE exchange_incoming i SET effect = s.effect, reason = s.reason, settled_at = now(), next_try = NULL, word = s.word
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::uuid[]) AS s (message, sender, effect, reason, word)
WHERE i.message = s.message AND i.sender = s.sender
"""

POSTPONE = """
UPDATE exchange_incoming SET tries = tries + 1, reason = %s, next_try = %s WHERE message = %s AND sender = %s
"""

# Parcels with messages that should have had their effect by now; what only waits behind another is not among them, or a
# hundred parcels behind one that is stuck would be all there is.
LEFT_BEHIND = f"""
SELECT DISTINCT i.parcel FROM exchange_incoming i
WHERE {FIRST_IN_STREAM} AND (i.next_try IS NULL OR i.next_try < now() - interval '1 minute') LIMIT 100
"""  # noqa: S608


@dataclass(frozen=True)
class Taken:
    """A message that is ours until the transaction ends."""

    message: Message
    digest: str
    tries: int
    parcel: UUID

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Self:
        _, _, tries, parcel, digest, text, body = row
        envelope = envelopes.read(bytes(text))
        content = Store(settings.FILES).read(envelope.body_digest.hex()) if body is None else bytes(body)
        message = Message(
            id=envelope.id,
            kind=envelope.kind,
            sender=envelope.sender,
            recipient=envelope.recipient,
            stream=envelope.stream,
            seq=envelope.seq,
            correlation=envelope.correlation,
            created=envelope.created,
            content_type=envelope.content_type,
            attachments=tuple(one.digest for one in envelope.attachments),
            body=content,
        )
        return cls(message, bytes(digest).hex(), tries, parcel)


@dataclass(frozen=True)
class Ready:
    """A message that can be handled now."""

    message: UUID
    sender: str
    kind: str


def handle_parcel(parcel: str) -> None:
    """Let all messages of a parcel have their effect, and those that waited behind them."""
    touched: set[tuple[str, str, str]] = set()
    while ready := _ready(OF_PARCEL, [parcel, AT_ONCE]):
        before = len(touched)
        if not _handle(ready, touched) and len(touched) == before:
            break
    while touched:
        columns = [list(column) for column in zip(*touched, strict=True)]
        touched = set()
        while ready := _ready(OF_STREAMS, [*columns, AT_ONCE]):
            if not _handle(ready, touched):
                break


def sweep() -> None:
    """Take up what a worker that died left behind."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT_BEHIND)
        parcels = [str(row[0]) for row in cursor.fetchall()]
    for parcel in parcels:
        handle_parcel(parcel)


def _ready(statement: str, parameters: Sequence[Any]) -> list[Ready]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [Ready(*row) for row in cursor.fetchall()]


def _handle(ready: Sequence[Ready], touched: set[tuple[str, str, str]]) -> int:
    """Handle these, many of one kind together where their handler can; return how many had their effect."""
    count = 0
    masses: dict[str, list[Ready]] = {}
    for one in ready:
        if one.kind in MASS_HANDLERS:
            masses.setdefault(one.kind, []).append(one)
        else:
            count += _alone(one, touched)
    for kind, many in masses.items():
        count += _together(kind, many, touched)
    return count


def _alone(one: Ready, touched: set[tuple[str, str, str]]) -> int:
    """One message in its own transaction."""
    taken: list[Taken] = []
    try:
        with transaction.atomic():
            taken = _take([one])
            for each in taken:
                _settle([(each, _effect(each.message))])
    except Exception as error:  # noqa: BLE001 — whatever went wrong in a handler, the message is tried again
        _postpone(one, taken, error)
        return 0
    touched.update(_stream(each.message) for each in taken if each.message.stream)
    return len(taken)


def _effect(message: Message) -> str:
    """Why the message was refused, or nothing."""
    handler = HANDLERS.get(message.kind)
    if handler is None:
        return f"Nobody handles messages of kind {message.kind} at {message.recipient}."
    try:
        with transaction.atomic():
            handler(message)
    except Unfit as refusal:
        return str(refusal) or "The message is unfit."
    return ""


def _together(kind: str, many: Sequence[Ready], touched: set[tuple[str, str, str]]) -> int:
    """Messages of one kind in one transaction; if that fails, one by one."""
    try:
        with transaction.atomic():
            taken = _take(many)
            if taken:
                MASS_HANDLERS[kind]([each.message for each in taken])
                _settle([(each, "") for each in taken])
    except Exception:
        logger.info("Messages of kind %s are handled one by one.", kind, exc_info=True)
        return sum(_alone(one, touched) for one in many)
    touched.update(_stream(each.message) for each in taken if each.message.stream)
    return len(taken)


def _take(many: Iterable[Ready]) -> list[Taken]:
    messages, senders = zip(*((one.message, one.sender) for one in many), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [list(messages), list(senders)])
        return [Taken.from_row(row) for row in cursor.fetchall()]


@transaction.atomic
def give_up(message: UUID, sender: str, reason: str) -> None:
    """Leave a message to an operator: what stands behind it in its stream waits, nothing else does."""
    logger.error("A message is not tried any more: %s", reason)
    found = Incoming.objects.select_for_update().get(message=message, sender=sender)
    found.effect, found.reason, found.next_try, found.tries = "dead", reason, None, found.tries + 1
    found.save()
    record(MessageStuck(**found.facts, reason=reason), about=found, by=EXCHANGE)


def _settle(outcomes: Sequence[tuple[Taken, str]]) -> None:
    """Tell the senders, signed, and note the effects and by which message that was told."""
    told: dict[tuple[str, str], list[dict[str, str]]] = {}
    for one, refusal in outcomes:
        if one.message.kind != HANDLED:  # word of a word would go to and fro for ever
            line = {"message": str(one.message.id), "digest": one.digest, "refused": refusal}
            told.setdefault((one.message.recipient, one.message.sender), []).append(line)
    words = {pair: tell_handled(lines, sender=pair[0], recipient=pair[1]) for pair, lines in told.items()}
    rows = [
        (
            one.message.id,
            one.message.sender,
            "refused" if refusal else "done",
            refusal,
            words.get((one.message.recipient, one.message.sender)) if one.message.kind != HANDLED else None,
        )
        for one, refusal in outcomes
    ]
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [list(column) for column in zip(*rows, strict=True)])


def tell_handled(lines: Sequence[dict[str, str]], *, sender: str, recipient: str) -> UUID:
    """Send word, signed like every message, of what became of messages that were received; return which message says it."""
    body = json.dumps({"handled": lines}).encode()
    return send(HANDLED, body, sender=sender, recipient=recipient, confirm=False)


def _postpone(one: Ready, taken: Sequence[Taken], error: Exception) -> None:
    """Try again later: soon at first, then less and less often; after about a day an operator must look."""
    tries = taken[0].tries if taken else 0
    if tries + 1 >= MOST_TRIES:
        give_up(one.message, one.sender, f"{type(error).__name__}: {error}"[:1000])
        return
    again = timezone.now() + timedelta(seconds=min(3600, 2 ** min(tries, 12)))
    logger.warning("A message of kind %s is tried again at %s: %r", one.kind, again, error)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(POSTPONE, [f"{type(error).__name__}: {error}"[:1000], again, one.message, one.sender])
        if taken:
            task = app.configure_task("exchange.handle", queue="exchange", schedule_at=again)
            task.defer(parcel=str(taken[0].parcel))


def _stream(message: Message) -> tuple[str, str, str]:
    return message.sender, message.recipient, message.stream
