"""Jobs: send notices, synchronise with the national portal, forget what is old."""

import logging
import time
from datetime import timedelta

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.api import actions, bridging, far_axis, posting, signing
from motcua.api.models import Delivery
from motcua.api.national import client, telling
from motcua.dossiers.models import Dossier
from motcua.journal.models import Entry
from motcua.lib.actors import Actor

LOG = logging.getLogger(__name__)
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


# A portal that is down for a week gets everything when it is back; what follows waits behind the same lock.
PATIENT = RetryStrategy(max_attempts=10_000, wait=60)


@app.task(name="api.synchronise", queue="api", retry=PATIENT)
def synchronise(*, entries: list[int]) -> None:
    """Tell the portal how the dossiers of these entries stand, then what happened with them; told twice, known once."""
    happened = list(Entry.objects.filter(pk__in=entries).order_by("pk"))
    keys = {entry.about.removeprefix("dossier:") for entry in happened}
    found = {
        one.urn: one
        for one in Dossier.objects.with_procedures().prefetch_related("papers").filter(pk__in=keys)
    }
    told = telling.dossiers(list(found.values()))
    if not told:
        return
    within, unit = client.session(), settings.NODE.agency
    new = telling.numbered(happened, found)
    refused = [("DongBoHoSoMC", one) for one in client.send_dossiers(told, new=new, unit=unit, within=within)]
    moved = telling.progress(happened, found)
    refused += [
        ("CapNhatTienDoHoSoMC", one)
        for one in client.send("CapNhatTienDoHoSoMC", moved, unit=unit, within=within)
    ]
    by_code = {one.code: one for one in found.values()}
    for service, row in refused:
        dossier = by_code.get((row.model_extra or {}).get("MaHoSo", ""))
        if dossier:
            actions.note_refused(dossier, by=API, service=service, reason=row.message)


@app.periodic(cron="17 * * * *")
@app.task(name="api.forget", queue="api", queueing_lock="api.forget")
def forget(timestamp: int) -> None:
    """Every hour: forget keys nobody will use again, and notices long taken."""
    actions.forget_old(KEYS_KEPT, by=API)
    actions.forget_delivered(NOTICES_KEPT, by=API)


@app.periodic(cron="* * * * *")
@app.task(name="api.bridge", queue="api", queueing_lock="api.bridge", lock="api.bridge")
def bridge(timestamp: int) -> None:
    """Every minute, where a document axis is set: what lies there comes, what is for it goes; while it is down all waits."""
    try:
        if far_axis.is_set():
            bridging.turn()
    except posting.Failed as trouble:
        LOG.warning("The document axis does not answer, the next minute goes on: %s", trouble)
