"""Jobs: plans are carried out on their day, and taken up where someone left them."""

from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.lib.actors import Actor
from motcua.reorganisations import actions
from motcua.reorganisations.models import Plan


@app.periodic(cron="*/2 * * * *")
@app.task(
    name="reorganisations.carry_out",
    queue="reorganisations",
    queueing_lock="reorganisations",
    lock="reorganisations",
)
def carry_out(timestamp: int = 0) -> None:
    """Every other minute: whatever is due, one plan after another."""
    for plan in Plan.objects.due(timezone.localdate()):
        actions.carry_out(plan, by=Actor.system("reorganisations"))
