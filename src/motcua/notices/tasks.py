"""The job that sends a notice out; a channel that is down is tried again for some days."""

from procrastinate.contrib.django import app

from motcua.lib.actors import Actor
from motcua.lib.queues import RETRY
from motcua.notices import actions
from motcua.notices.models import Contact, Delivery, Outgoing


@app.task(name="notices.send_out", queue="notices", retry=RETRY)
def send_out(*, outgoing: str, channel: str) -> None:
    """Tell somebody without an account, by one channel."""
    actions.send_out(Outgoing.objects.get(pk=outgoing), by=Actor.system("notices"), channel=channel)


@app.task(name="notices.send_code", queue="notices", retry=RETRY)
def send_code(*, contact: str) -> None:
    """Send the code to an address or number somebody says is theirs."""
    found = Contact.objects.select_related("account").get(pk=contact)
    actions.send_code(found, by=Actor.system("notices"))


@app.task(name="notices.deliver", queue="notices", retry=RETRY)
def deliver(*, delivery: int) -> None:
    """Send one notice by one channel."""
    found = Delivery.objects.select_related("notice__recipient").get(pk=delivery)
    actions.deliver(found, by=Actor.system("notices"))
