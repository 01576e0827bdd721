"""Tell persons; bring it to them where they want it."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from motcua.journal.actions import record, record_many
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.notices.channels import channels
from motcua.notices.channels import send_code as send_code_out
from motcua.notices.events import (
    ChannelsChosen,
    ContactAsked,
    ContactCodeSent,
    ContactConfirmed,
    ContactRemoved,
    NoticeDelivered,
    NoticeRead,
    NoticeSent,
    OutgoingSent,
)
from motcua.notices.models import Contact, Delivery, Notice, Outgoing
from motcua.notices.rules import addressee
from motcua.people.models import Account
from motcua.people.rules import oneself

PHONE = re.compile(r"0\d{9}", re.ASCII)
# Which of these occasions persons were told of: by person, for that is how they are found.
KNOWN = """
SELECT n.recipient_id, n.key FROM unnest(%s::uuid[], %s::text[]) AS t (recipient, key)
JOIN notices_notice n ON n.recipient_id = t.recipient AND n.key = t.key
"""
# Where it is noted that something went out to somebody without an account.
SENT_AT = {"mail": "mailed_at", "text": "texted_at"}
FIELDS = {Contact.Channel.MAIL: "email", Contact.Channel.TEXT: "phone"}


@action(who=system)
def tell(notice: Notice, *, by: Actor) -> Notice:
    """A person is told something, once for each occasion; other channels follow after the commit."""
    known = Notice.objects.filter(recipient=notice.recipient, key=notice.key).first()
    if known is not None:
        return known
    notice.save(force_insert=True)
    ways = [name for name, channel in channels().items() if channel.reaches(notice)]
    deliveries = Delivery.objects.bulk_create(Delivery(notice=notice, channel=name) for name in ways)
    for delivery in deliveries:
        app.configure_task("notices.deliver").defer(delivery=delivery.pk)
    record(NoticeSent(notice.code, str(notice.recipient_id), notice.about), about=notice, by=by)
    return notice


@action(who=system)
def tell_many(notices: Sequence[Notice], *, by: Actor) -> int:
    """Many persons are told at once, each once for each occasion; return how many were told. A fixed number of statements."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [[one.recipient_id for one in notices], [one.key for one in notices]])
        known = set(cursor.fetchall())
    fresh = [one for one in notices if (one.recipient_id, one.key) not in known]
    Notice.objects.bulk_create(fresh)
    ways = [(one, name) for one in fresh for name, channel in channels().items() if channel.reaches(one)]
    deliveries = Delivery.objects.bulk_create(Delivery(notice=one, channel=name) for one, name in ways)
    if deliveries:
        jobs: list[Any] = [{"delivery": delivery.pk} for delivery in deliveries]
        app.configure_task("notices.deliver").batch_defer(*jobs)
    record_many([(NoticeSent(one.code, str(one.recipient_id), one.about), one.urn) for one in fresh], by=by)
    return len(fresh)


@action(who=system)
def deliver(delivery: Delivery, *, by: Actor) -> None:
    """A notice goes out by one channel; what has gone out stays as it is.

    It is written down first and sent last, all in one transaction: what a full disk cannot note is not sent again and again.
    """
    if delivery.delivered_at is not None:
        return
    delivery.delivered_at = timezone.now()
    delivery.save(update_fields=["delivered_at"])
    record(NoticeDelivered(delivery.channel), about=delivery, by=by)
    channels()[delivery.channel].send(delivery.notice)


@action(who=system)
def tell_outside(outgoing: Outgoing, *, by: Actor) -> None:
    """Somebody without an account is told where they can be reached, once for each occasion."""
    ways = [name for name in SENT_AT if name in channels() and channels()[name].reaches(outgoing)]
    if not ways or Outgoing.objects.filter(key=outgoing.key).exists():
        return
    outgoing.save(force_insert=True)
    for name in ways:
        app.configure_task("notices.send_out").defer(outgoing=str(outgoing.pk), channel=name)


@action(who=system)
def send_out(outgoing: Outgoing, *, by: Actor, channel: str) -> None:
    """It goes out by one channel; what has gone out stays as it is. Written first, sent last."""
    name = SENT_AT[channel]
    if getattr(outgoing, name) is not None:
        return
    setattr(outgoing, name, timezone.now())
    outgoing.save(update_fields=[name])
    record(OutgoingSent(outgoing.code, channel), about=outgoing.about, by=by)
    channels()[channel].send(outgoing)


@action(who=addressee)
def read(notice: Notice, *, by: Actor) -> None:
    """The person has opened the notice."""
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])
        record(NoticeRead(notice.code), about=notice, by=by)


@action(who=oneself)
def ask_contact(contact: Contact, *, by: Actor) -> Contact:
    """A person names an address or number of theirs; a code goes there, and it counts once the code was typed."""
    contact.value = written(contact)
    asked = Contact.objects.filter(
        account=contact.account, asked_at__gt=timezone.now() - timedelta(hours=1)
    ).count()
    if asked >= Contact.MOST_AN_HOUR:
        raise Invalid(_("You have asked for many codes. Try again in an hour."), field="value")
    contact.save(force_insert=True)
    app.configure_task("notices.send_code").defer(contact=str(contact.pk))
    record(ContactAsked(contact.channel), about=contact, by=by)
    return contact


def written(contact: Contact) -> str:
    """The address or number as it is kept. Raises Invalid."""
    typed = contact.value.strip()
    if contact.channel == Contact.Channel.TEXT:
        digits = re.sub(r"[ .\-()]", "", typed)
        digits = re.sub(r"^(\+|00)?84(?=\d{9}$)", "0", digits)
        if not PHONE.fullmatch(digits):
            raise Invalid(_("A mobile number has 10 digits and begins with 0."), field="value")
        return digits
    try:
        validate_email(typed)
    except ValidationError as fault:
        raise Invalid(_("This is no e-mail address. It looks like ten@noi.vn."), field="value") from fault
    return typed


@action(who=system)
def send_code(contact: Contact, *, by: Actor) -> None:
    """The code goes out; one that has gone out, or has lapsed meanwhile, does not. Written first, sent last."""
    if contact.sent_at is not None or not contact.is_open:
        return
    contact.sent_at = timezone.now()
    contact.save(update_fields=["sent_at"])
    record(ContactCodeSent(contact.channel), about=contact, by=by)
    send_code_out(contact)


@action(who=oneself)
def confirm_contact(contact: Contact, *, by: Actor, code: str) -> bool:
    """The person types the code; returns whether it was the right one. A wrong one is counted, and five are enough."""
    if contact.confirmed_at is not None:
        return True
    if not contact.is_open:
        raise Invalid(_("This code has lapsed. Ask for another one."), field="code")
    if not constant_time_compare(re.sub(r"\D", "", code), contact.code):
        contact.tries += 1
        contact.save(update_fields=["tries"])
        return False
    contact.confirmed_at = timezone.now()
    contact.save(update_fields=["confirmed_at"])
    account = Account.objects.select_for_update().get(pk=contact.account_id)
    name = FIELDS[Contact.Channel(contact.channel)]
    setattr(account, name, contact.value)
    account.save(update_fields=[name])
    record(ContactConfirmed(contact.channel), about=account, by=by)
    return True


@action(who=oneself)
def remove_contact(account: Account, *, by: Actor, channel: str) -> None:
    """A person takes their address or number away; removed twice it is removed once."""
    name = FIELDS[Contact.Channel(channel)]
    if getattr(account, name):
        setattr(account, name, "")
        account.save(update_fields=[name])
        record(ContactRemoved(channel), about=account, by=by)


@action(who=oneself)
def choose_channels(account: Account, *, by: Actor, mail: bool, text: bool) -> None:
    """A person chooses by which ways they want to be told; the inbox on the page stays in any case."""
    if (account.wants_mail, account.wants_text) == (mail, text):
        return
    account.wants_mail, account.wants_text = mail, text
    account.save(update_fields=["wants_mail", "wants_text"])
    record(ChannelsChosen(mail, text), about=account, by=by)
