"""Jobs of the exchange: effects of what came in, word of what became of what went out."""

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.exchange.actions import archiving, handling, stamping, telling
from motcua.journal.keyring import public_pems
from motcua.lib.queues import PATIENT, RETRY


@app.task(name="exchange.handle", queue="exchange", retry=RETRY)
def handle(*, parcel: str) -> None:
    """Let the messages of one parcel have their effect."""
    handling.handle_parcel(parcel)


@app.task(name="exchange.report", queue="exchange", retry=RETRY)
def report(*, state: str, messages: list[str]) -> None:
    """Tell the contexts what became of their messages."""
    telling.report(state, messages)


@app.task(name="exchange.report_conflict", queue="exchange", retry=RETRY)
def report_conflict(*, leaf: int) -> None:
    """Tell whoever watches that two messages came under one identifier."""
    telling.report_conflict(leaf)


@app.periodic(cron="* * * * *")
@app.task(name="exchange.stamp", queue="exchange", queueing_lock="exchange.stamp")
def stamp(timestamp: int) -> None:
    """Have the newest head of the log stamped by an authority of time."""
    stamping.stamp()


@app.periodic(cron="17 21 * * *")
@app.task(name="exchange.archive", queue=PATIENT, queueing_lock="exchange.archive")
def archive(timestamp: int) -> None:
    """Every night, where the administrator has set for how long the log is kept whole: older months go one step further."""
    if kept := settings.NODE.log_kept:
        for _step in archiving.drop(timezone.now(), public_pems(), kept=kept):
            pass


@app.periodic(cron="* * * * *")
@app.task(name="exchange.sweep", queue="exchange", queueing_lock="exchange.sweep", lock="exchange.sweep")
def sweep(timestamp: int) -> None:
    """Take up what a worker that died left behind; tell whoever watches of nodes that contradicted themselves, and of our
    own log where it was restored.
    """
    handling.sweep()
    telling.report_forks()
    telling.report_recoveries()
