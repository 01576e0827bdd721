"""The job that tells a service of an ended session; one that is down is told later, for some hours."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.lib.actors import Actor
from motcua.people import actions
from motcua.people.models import SignOn

RETRY = RetryStrategy(max_attempts=14, exponential_wait=2)


@app.task(name="people.tell_service", queue="people", retry=RETRY)
def tell_service(*, sign_on: int) -> None:
    """Tell one service of one session."""
    found = SignOn.objects.select_related("account").get(pk=sign_on)
    actions.tell_service(found, by=Actor.system("people"))
