"""Jobs: a service is told of an ended session, one that is down later, for some hours; sessions that are over go."""

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


@app.periodic(cron="11 20 * * *")
@app.task(name="people.clear", queue="people", queueing_lock="people.clear")
def clear(timestamp: int) -> None:
    """Every night: sessions whose time is over go."""
    actions.clear_sessions()
