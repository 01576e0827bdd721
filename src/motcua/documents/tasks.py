"""Jobs: files nobody has made use of do not stay."""

from procrastinate.contrib.django import app

from motcua.documents import actions


@app.periodic(cron="41 19 * * *")
@app.task(name="documents.sweep", queue="documents", queueing_lock="documents.sweep")
def sweep(timestamp: int) -> None:
    """Every night: what was noted the night before is deleted, and what nobody names is noted."""
    actions.sweep(by=actions.DOCUMENTS)
