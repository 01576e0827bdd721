"""Carries messages and jobs by hand within one database, so that a test sees all that follows from what it did.

The real exchange between real processes is tested in tests/exchange and tests/country; here every node is this one.
"""

from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.exchange.messages import HANDLERS, Message, Unfit
from motcua.exchange.models import Outbox
from motcua.journal.tasks import deliver
from motcua.lib.blobs import Store
from motcua.notices import tasks as notices

REFUSED = []


def message_of(row):
    from django.conf import settings

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


def carry_messages(times=1):
    """Bring each waiting message to its handler; return how many there were."""
    rows = list(Outbox.objects.order_by("position"))
    for row in rows:
        Outbox.objects.filter(pk=row.pk).delete()
        for _time in range(times):
            try:
                with transaction.atomic():
                    HANDLERS.get(row.kind, ignore)(message_of(row))
            except Unfit as refusal:
                REFUSED.append((row.kind, str(refusal)))
    return len(rows)


def run_jobs():
    """Run every waiting job; return how many there were."""
    jobs = list(
        ProcrastinateJob.objects.filter(status="todo").order_by("id").values("id", "task_name", "args")
    )
    for job in jobs:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job["id"]])
        if job["task_name"] == "journal.deliver":
            deliver(**job["args"])
        elif job["task_name"].startswith("notices."):
            getattr(notices, job["task_name"].partition(".")[2])(**job["args"])
    return len(jobs)


def settle(times=1):
    """Until nothing waits any more."""
    while carry_messages(times) + run_jobs():
        pass


def ignore(message):
    """A kind nobody handles at this node."""
