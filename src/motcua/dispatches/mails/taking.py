"""Mails as they come, from a command or a mailbox: each is opened, taken, and what became of it is said in a word."""

import logging
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db import OperationalError

from motcua.dispatches.actions.receiving_mail import take_mail
from motcua.dispatches.mails.composing import MEGABYTE
from motcua.dispatches.mails.opening import ClosedError, head_of, identity, opened
from motcua.dispatches.models import ReceivedMail
from motcua.lib.actors import Actor

MAILS = Actor.system("mails")
LOG = logging.getLogger(__name__)


def take(raw: bytes) -> ReceivedMail:
    """Take one mail; never refuses one, for a mailbox or a mail server would bring it again and again."""
    head, found = head_of(raw), None
    mail = ReceivedMail(
        pk=uuid5(NAMESPACE_URL, identity(raw, head.message_id)),
        agency=settings.NODE.agency,
        address=head.address,
        subject=head.subject,
    )
    if len(raw) > settings.NODE.letters_megabytes * MEGABYTE:
        mail.reason = "large"
    else:
        try:
            found = opened(raw)
        except ClosedError as why:
            mail.reason = str(why)
    try:
        return take_mail(mail, by=MAILS, raw=raw, found=found)
    except OperationalError:
        raise  # the database is away: whoever brought it brings it again
    except Exception:
        # What nobody foresaw must not stand before all that comes behind it.
        LOG.exception("A mail could not be taken in and lies aside.")
        return take_mail(replaced(mail, "unreadable"), by=MAILS, raw=raw, found=None)


def replaced(mail: ReceivedMail, reason: str) -> ReceivedMail:
    """The same, with nothing that a try may have left in it."""
    kept = ("pk", "agency", "address", "subject")
    return ReceivedMail(reason=reason, **{name: getattr(mail, name) for name in kept})
