"""The job that sends a notice out; a channel that is down is tried again for some hours."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.lib.actors import Actor
from motcua.notices import actions
from motcua.notices.models import Delivery

RETRY = RetryStrategy(max_attempts=14, exponential_wait=2)


@app.task(name="notices.deliver", queue="notices", retry=RETRY)
def deliver(*, delivery: int) -> None:
    """Send one notice by one channel."""
    found = Delivery.objects.select_related("notice__recipient").get(pk=delivery)
    actions.deliver(found, by=Actor.system("notices"))
