"""Jobs: files nobody has made use of do not stay; signatures that lack their time stamp get it."""

from procrastinate.contrib.django import app

from motcua.documents import actions, lasting
from motcua.lib.queues import PATIENT


@app.periodic(cron="41 19 * * *")
@app.task(name="documents.sweep", queue=PATIENT, queueing_lock="documents.sweep")
def sweep(timestamp: int) -> None:
    """Every night: what was noted the night before is deleted, and what nobody names is noted."""
    actions.sweep(by=actions.DOCUMENTS)


@app.periodic(cron="*/5 * * * *")
@app.task(name="documents.complete", queue="documents", queueing_lock="documents.complete")
def complete(timestamp: int) -> None:
    """Every five minutes: what was signed while no authority of time answered is completed."""
    lasting.complete_waiting()
