"""Jobs: send documents by e-mail, fetch what came by e-mail, and tell officers of what is due."""

import logging

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.dispatches import actions
from motcua.dispatches.actions.reminding import warn
from motcua.dispatches.mails import fetching, sending
from motcua.dispatches.mails.taking import MAILS, take
from motcua.dispatches.models import SentMail
from motcua.dispatches.notifying import DISPATCHES
from motcua.dispatches.secrecy import may_leave
from motcua.lib.actions import NotNow
from motcua.lib.queues import PATIENT, RETRY

LOG = logging.getLogger(__name__)


# It is tried again for faults of our own; what the mail server refuses has pauses of its own.
@app.task(name="dispatches.mail", queue="dispatches", retry=RETRY)
def send_mail(*, mail: str) -> None:
    """Send one mail; killed between sending and noting it, the same mail is sent again under the same identifier."""
    found = SentMail.objects.get(pk=mail)
    try:
        if found.state == SentMail.State.WAITING and found.document:
            may_leave(found.document)  # it may have been classified since
        actions.send_out(found, by=MAILS, send=sending.send)
    except NotNow as why:
        actions.note_heard(found, by=MAILS, heard="withheld", words=str(why))
    except sending.RefusedError as why:
        actions.note_heard(found, by=MAILS, heard="failed", words=str(why))
    except sending.NotNowError as why:
        actions.put_off(found, by=MAILS, trouble=str(why))


@app.periodic(cron="* * * * *")
@app.task(
    name="dispatches.mailbox",
    queue="dispatches",
    queueing_lock="dispatches.mailbox",
    lock="dispatches.mailbox",
)
def fetch(timestamp: int) -> None:
    """Every minute, where a mailbox is set: what lies there unseen is taken; while it is away all waits."""
    if not settings.NODE.letters_box:
        return
    try:
        fetching.each_unseen(settings.NODE.letters_box, take)
    except fetching.UnreachedError as trouble:
        LOG.warning("The mailbox of documents does not answer, the next minute goes on: %s", trouble)


@app.periodic(cron="3 0-9 * * *")
@app.task(name="dispatches.warn", queue=PATIENT, queueing_lock="dispatches.warn", retry=RETRY)
def warn_of_deadlines(timestamp: int) -> None:
    """From seven in the morning in Vietnam, once an hour, for tomorrow asks of other days: what is due tomorrow, today, or since
    yesterday. Whoever was told is not told again.
    """
    warn(timezone.localdate(), by=DISPATCHES)
