"""Send a message from one agency to another."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from motcua.exchange.canonical import Malformed, to_millisecond
from motcua.exchange.envelope import Attachment, Envelope, check
from motcua.exchange.ids import new_id
from motcua.exchange.parcel import INLINE
from motcua.exchange.sending import Draft
from motcua.lib.actions import Invalid, NotNow
from motcua.lib.blobs import Store
from motcua.lib.statements import prepared

LIFETIME = timedelta(days=30)

# Leave messages for the exchange process, which hears of it when the transaction commits: one statement, however many.
LEAVE = """
WITH left_behind AS (
    INSERT INTO exchange_outbox (id, kind, sender, recipient, stream, correlation, created, expires, content_type, digest,
                                 body, attachments, confirm)
    SELECT id, kind, sender, recipient, stream, correlation, created, expires, content_type, digest, body, attachments, confirm
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[],
                %s::text[], %s::bytea[], %s::bytea[], %s::jsonb[], %s::boolean[]) WITH ORDINALITY
        AS t (id, kind, sender, recipient, stream, correlation, created, expires, content_type, digest, body, attachments,
              confirm, place)
    ORDER BY place RETURNING 1
) SELECT pg_notify('exchange_outbox', '') FROM left_behind LIMIT 1
"""
AT_ONCE = 500

# Drafts of the block `gathered` around us, not yet left; None outside such a block.
GATHERED: ContextVar[list[Draft] | None] = ContextVar("gathered", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """Messages sent in this block are left at its end, in their order, with one statement."""
    if GATHERED.get() is not None:
        yield
        return
    drafts: list[Draft] = []
    before = GATHERED.set(drafts)
    try:
        yield
    finally:
        GATHERED.reset(before)
    leave(drafts)


def send(kind: str, body: bytes, **fields: Any) -> UUID:
    """Send a message from one agency to another, in the caller's transaction; return its identifier.

    The fields are those of `drafted`, which see; many messages at once are drafted first and then left together.
    """
    draft = drafted(kind, body, **fields)
    leave([draft])
    return draft.envelope.id


def drafted(  # noqa: PLR0913 — the fields of an envelope
    kind: str,
    body: bytes,
    *,
    sender: str,
    recipient: str,
    stream: str = "",
    correlation: str = "",
    content_type: str = "application/json",
    attachments: Iterable[str] = (),
    expires: datetime | None = None,
    confirm: bool = True,
) -> Draft:
    """A message from one agency to another, ready to be left in the outbox.

    The body may have any size; `attachments` are SHA-256 digests (hex) of files in the node's store. Messages of one
    (sender, recipient, stream) arrive and are handled in the order of their commits. With `confirm` the event
    `MessageDelivered` follows; refusals and failures are always told. Raises Invalid if the envelope does not
    hold, NotNow if a file is withheld.
    """
    now = to_millisecond(timezone.now())
    envelope = Envelope(
        instance="",
        id=new_id(),
        kind=kind,
        sender=sender,
        recipient=recipient,
        created=now,
        expires=to_millisecond(expires) if expires else now + LIFETIME,
        body_digest=sha256(body).digest(),
        stream=stream,
        correlation=correlation,
        content_type=content_type,
        attachments=tuple(_attached(attachments)),
    )
    try:
        check(envelope.placed(1 if stream else 0, ""))
    except Malformed as error:
        raise Invalid(str(error), field=error.where) from error
    inline = len(body) <= INLINE
    if not inline:
        Store(settings.FILES).put([body])
    return Draft(envelope, body if inline else None, confirm)


def leave(drafts: Sequence[Draft]) -> None:
    """Put drafts into the outbox, some hundred in a statement."""
    if (kept := GATHERED.get()) is not None:
        kept.extend(drafts)
        return
    with prepared() as cursor:
        for start in range(0, len(drafts), AT_ONCE):
            rows = [_row(draft) for draft in drafts[start : start + AT_ONCE]]
            cursor.execute(LEAVE, [list(column) for column in zip(*rows, strict=True)])


def _row(draft: Draft) -> list[Any]:
    one = draft.envelope
    listed = [{"digest": file.digest, "size": file.size, "media": file.media} for file in one.attachments]
    return [
        *(one.id, one.kind, one.sender, one.recipient, one.stream, one.correlation),
        *(
            one.created,
            one.expires,
            one.content_type,
            one.body_digest,
            draft.body,
            Jsonb(listed),
            draft.confirm,
        ),
    ]


def _attached(digests: Iterable[str]) -> Iterable[Attachment]:
    store = Store(settings.FILES)
    for digest in digests:
        if not store.renew(digest):
            raise Invalid(_("The file %(digest)s is not here.") % {"digest": digest}, field="attachments")
        if store.is_withheld(digest):
            raise NotNow(
                _(
                    "This file belongs to a state secret and never leaves by this network. Hand it over on paper, or by the "
                    "separate network for secrets."
                )
            )
        yield Attachment(digest, store.path(digest).stat().st_size, "application/octet-stream")
