"""Jobs: when a day is over, whoever was expected and did not come is noted."""

from datetime import datetime, time

from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.lib.actors import Actor
from motcua.queues import actions


@app.periodic(cron="7 * * * *")
@app.task(name="queues.close_days", queue="dossiers", queueing_lock="queues.close_days")
def close_days(timestamp: int) -> None:
    """Every hour, so that a node that slept over midnight catches up: appointments of days that are over."""
    today = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    while actions.close_days(today, by=Actor.system("queues")):
        pass
