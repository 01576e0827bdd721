"""The job that asks the gateway for what never came back."""

from procrastinate.contrib.django import app

from motcua.lib.actors import Actor
from motcua.payments import actions
from motcua.payments.providers import the_gateway

HERE = "127.0.0.1"  # who asks is this machine; no payer stands behind it


@app.periodic(cron="*/5 * * * *")
@app.task(name="payments.ask_lost", queue="payments", queueing_lock="payments.ask_lost")
def ask_lost(timestamp: int) -> None:
    """Every five minutes: what the gateway took and did not tell of is found without anybody looking for it."""
    if provider := the_gateway():
        actions.ask_lost(by=Actor.system("gateway"), provider=provider, address=HERE)
