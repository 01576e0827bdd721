"""Having the newest head of the log stamped by an authority of time. Nothing waits for it, whether one answers or not."""

import asyncio
import logging
from datetime import timedelta

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from motcua.exchange.actions.telling import EXCHANGE
from motcua.exchange.canonical import hash_of
from motcua.exchange.events import TimeStampsMissing
from motcua.exchange.models import Authority, Batch, TimeStamp
from motcua.exchange.stamping import Asked, Token, Unstamped, answered, authorities
from motcua.exchange.wire import Client
from motcua.journal.actions import record

logger = logging.getLogger(__name__)

HEADERS = {"content-type": "application/timestamp-query", "accept": "application/timestamp-reply"}
SECONDS = 5.0
ALARM = timedelta(hours=1)


def stamp() -> TimeStamp | None:
    """Have the newest head stamped by the first authority that does; None if there is nothing new, or none did."""
    batch = Batch.objects.order_by("-number").first()
    if batch is None or TimeStamp.objects.filter(head=batch.number).exists():
        return None
    for address in settings.NODE.timestamp_authorities:
        if found := _by(address, batch):
            return found
    _report()
    return None


def _by(address: str, batch: Batch) -> TimeStamp | None:
    """What one authority says, kept; or why it says nothing."""
    asked = Asked.about(hash_of(bytes(batch.text)), timezone.now())
    try:
        reply = async_to_sync(_post)(address, asked.query)
        token = answered(reply, asked, authorities(settings.KEYS / "timestamps"))
    except (Unstamped, OSError, TimeoutError, ValueError) as error:
        _failed(address, str(error) or f"It did not answer in {SECONDS:g} s.")
        return None
    with transaction.atomic():
        kept, _ = TimeStamp.objects.get_or_create(
            head=batch.number, defaults={"authority": address, "token": token.der, "at": token.at}
        )
        Authority.objects.update_or_create(
            address=address,
            defaults={"failures": 0, "last_error": "", "last_ok": timezone.now(), "is_reported": False},
        )
    return kept


async def _post(address: str, query: bytes) -> bytes:
    client = Client()
    try:
        answer = await client.request("POST", address, HEADERS, query, SECONDS)
    finally:
        client.close()
    if answer.status != 200:
        raise Unstamped(f"It answered {answer.status}.")
    return answer.body


async def ask(digest: bytes) -> Token:
    """A time stamp on any digest (SHA-256), by the first authority that gives one. Raises Unstamped where none does."""
    why = "No authority of time is set (timestamp_authorities)."
    for address in settings.NODE.timestamp_authorities:
        asked = Asked.about(digest, timezone.now())
        try:
            reply = await _post(address, asked.query)
            # It runs a loop of its own to check the answer.
            return await asyncio.to_thread(answered, reply, asked, authorities(settings.KEYS / "timestamps"))
        except (Unstamped, OSError, TimeoutError, ValueError) as error:
            why = f"{address}: {error}"
    raise Unstamped(why)


def _failed(address: str, why: str) -> None:
    logger.warning("%s stamped nothing: %s", address, why)
    authority, _ = Authority.objects.get_or_create(address=address)
    authority.failures, authority.last_error = authority.failures + 1, why[:1000]
    authority.save(update_fields=["failures", "last_error"])


@transaction.atomic
def _report() -> None:
    """Tell whoever watches, once, when none has answered for long."""
    asked = settings.NODE.timestamp_authorities
    waiting = pending()
    known = Authority.objects.select_for_update().filter(address__in=asked, is_reported=False)
    if waiting is None or waiting.at > timezone.now() - ALARM or len(known) < len(asked) or not asked:
        return
    why = "; ".join(sorted(f"{one.address}: {one.last_error}" for one in known))
    record(
        TimeStampsMissing(waiting.number, waiting.at.isoformat(), why[:1000]),
        about=f"node:{settings.NODE.name}",
        by=EXCHANGE,
    )
    known.update(is_reported=True)


def pending() -> Batch | None:
    """The oldest head no authority has seen, nor one that follows it."""
    last = TimeStamp.objects.order_by("-head").values_list("head", flat=True).first() or 0
    return Batch.objects.filter(number__gt=last).order_by("number").first()
