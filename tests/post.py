"""Carries messages and jobs by hand within one database, so that a test sees all that follows from what it did.

The real exchange between real processes is tested in tests/exchange and tests/country; here every node is this one.
"""

from django.db import transaction
from procrastinate.contrib.django import app

from motcua.demo.carrying import message_of, waiting_jobs
from motcua.exchange.messages import HANDLERS, Unfit
from motcua.exchange.models import Outbox

REFUSED = []


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
    """Run every waiting job of the journal and of notices, drop the others; return how many there were."""
    number = 0
    for number, (name, args) in enumerate(waiting_jobs(), start=1):  # noqa: B007 — the last is how many
        if name.startswith(("journal.", "notices.")):
            app.tasks[name](**args)
    return number


def settle(times=1):
    """Until nothing waits any more."""
    while carry_messages(times) + run_jobs():
        pass


def ignore(message):
    """A kind nobody handles at this node."""
