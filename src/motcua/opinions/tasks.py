"""Jobs: where silence is consent, it is noted when time is up."""

from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.lib.actions import NotNow
from motcua.lib.actors import Actor
from motcua.opinions import actions
from motcua.opinions.models import Inquiry


@app.periodic(cron="*/10 * * * *")
@app.task(name="opinions.presume", queue="dossiers", queueing_lock="opinions.presume")
def presume(timestamp: int) -> None:
    """Every ten minutes: agencies that stayed silent are taken to agree, where the procedure says so, and else noted as late."""
    for inquiry in Inquiry.objects.lapsed(timezone.now()):
        try:
            actions.presume(inquiry, by=Actor.system("opinions"))
        except NotNow:
            continue  # the answer came in this moment
    while actions.note_overdue(timezone.now(), by=Actor.system("opinions")):
        pass
