"""Tell persons; bring it to them."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from motcua.journal.actions import record, record_many
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.notices.channels import channels
from motcua.notices.events import NoticeDelivered, NoticeRead, NoticeSent
from motcua.notices.models import Delivery, Notice
from motcua.notices.rules import addressee


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
    known = set(
        Notice.objects.filter(key__in={one.key for one in notices}).values_list("recipient_id", "key")
    )
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
    """A notice goes out by one channel; what has gone out stays as it is."""
    if delivery.delivered_at is not None:
        return
    channels()[delivery.channel].send(delivery.notice)
    delivery.delivered_at = timezone.now()
    delivery.save(update_fields=["delivered_at"])
    record(NoticeDelivered(delivery.channel), about=delivery, by=by)


@action(who=addressee)
def read(notice: Notice, *, by: Actor) -> None:
    """The person has opened the notice."""
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])
        record(NoticeRead(notice.code), about=notice, by=by)
