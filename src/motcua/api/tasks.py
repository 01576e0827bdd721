"""Jobs: send notices, synchronise with the national portal, forget what is old."""

import time
from datetime import timedelta

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.api import actions, posting, signing
from motcua.api.models import Delivery
from motcua.lib.actors import Actor

API = Actor.system("api")
KEYS_KEPT, NOTICES_KEPT = timedelta(days=7), timedelta(days=30)
# What fails for reasons of our own is tried again by the queue; what the other side refuses has pauses of its own.
RETRY = RetryStrategy(max_attempts=10, exponential_wait=2)


@app.task(name="api.deliver", queue="api", retry=RETRY)
def deliver(*, delivery: str) -> None:
    """Send one notice; what was taken, given up or is no longer wanted is not sent."""
    found = Delivery.objects.select_related("subscription__client").get(pk=delivery)
    wanted = type(found.subscription).objects.listening().filter(pk=found.subscription_id).exists()
    if found.state != Delivery.State.WAITING or not wanted:
        return
    body = signing.text(found.body)
    headers = signing.headers(found.subscription.secret, id_=str(found.pk), at=int(time.time()), body=body)
    try:
        posting.post(found.subscription.url, body, headers)
    except posting.Failed as trouble:
        actions.note_failed(found, by=API, trouble=str(trouble))
    else:
        actions.note_delivered(found, by=API)


@app.periodic(cron="17 * * * *")
@app.task(name="api.forget", queue="api", queueing_lock="api.forget")
def forget(timestamp: int) -> None:
    """Every hour: forget keys nobody will use again, and notices long taken."""
    actions.forget_old(KEYS_KEPT, by=API)
    actions.forget_delivered(NOTICES_KEPT, by=API)
