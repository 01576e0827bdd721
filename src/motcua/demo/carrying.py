"""Messages and jobs that wait, taken in hand one after another: by the past, which has no worker, and by the tests."""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.exchange.messages import Message
from motcua.exchange.models import Outbox
from motcua.lib.blobs import Store
from motcua.lib.statements import prepared

TAKE = "DELETE FROM procrastinate_jobs WHERE status = 'todo' RETURNING id, task_name, args::text"


def waiting_jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    """The background jobs that wait now, in their order: name and arguments; each is gone once it is done."""
    jobs = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    for pk, name, args in list(jobs.values_list("id", "task_name", "args")):
        yield name, args
        ProcrastinateJob.objects.filter(pk=pk).delete()


def taken_jobs() -> list[tuple[str, dict[str, Any]]]:
    """The same at once, where nobody else takes jobs in hand: name and arguments of each, in their order."""
    with prepared() as cursor:
        cursor.execute(TAKE)
        return [(name, json.loads(args)) for _place, name, args in sorted(cursor.fetchall())]


def message_of(row: Outbox) -> Message:
    """A row of the outbox as its recipient's handler gets it."""
    body = bytes(row.body) if row.body is not None else Store(settings.FILES).read(bytes(row.digest).hex())
    return Message(
        id=row.id,
        kind=row.kind,
        sender=row.sender,
        recipient=row.recipient,
        stream=row.stream,
        seq=1,
        correlation=row.correlation,
        created=row.created,
        content_type=row.content_type,
        attachments=tuple(one["digest"] for one in row.attachments),
        body=body,
    )
