"""Ask to be told, be told, be told no more."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from motcua.api import kinds, targets
from motcua.api.events import (
    DeliverySentAgain,
    SubscriptionDisabled,
    SubscriptionEnabled,
    SubscriptionEnded,
    SubscriptionMade,
)
from motcua.api.models import Client, Delivery, Subscription
from motcua.api.rules import agency_administrator, oneself
from motcua.dossiers.models import Dossier
from motcua.journal.actions import record
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system

# Seconds before each further try: nine tries in a little over two days.
PAUSES = (5, 30, 120, 600, 3600, 6 * 3600, 12 * 3600, 24 * 3600)
MOST_FAILURES = 20
FORGIVEN = 4  # tries of one notice, over some thirteen minutes
MOST_SUBSCRIPTIONS = 20


@action(who=oneself | agency_administrator)
def subscribe(subscription: Subscription, *, by: Actor) -> None:
    """A machine asks to be told of some kinds of events; the same request made twice makes one."""
    try:
        targets.check(subscription.url, node=settings.NODE)
    except targets.Forbidden as reason:
        raise Invalid(str(reason), field="url") from reason
    if Subscription.objects.of(subscription.client).count() >= MOST_SUBSCRIPTIONS:
        raise Invalid(
            _("A machine may have %(most)s subscriptions. End one that is no longer needed.")
            % {"most": MOST_SUBSCRIPTIONS}
        )
    subscription.save(force_insert=True)
    agency, named = subscription.client.agency, " ".join(subscription.kinds)
    record(SubscriptionMade(agency, named), about=subscription, by=by)


@action(who=oneself | agency_administrator)
def unsubscribe(subscription: Subscription, *, by: Actor) -> None:
    """A machine no longer wants to be told."""
    if subscription.ended_at is None:
        subscription.ended_at = timezone.now()
        subscription.save()
        record(SubscriptionEnded(subscription.client.agency), about=subscription, by=by)


@action(who=system)
def tell(entries: Sequence[Entry], *, by: Actor) -> int:
    """Whoever asked for it is told of these entries, each once; return how many notices go out. Four statements at most."""
    listening = list(Subscription.objects.not_ended().select_related("client"))
    wanted = [entry for entry in entries if entry.event in kinds.KINDS]
    if not listening or not wanted:
        return 0
    subjects = named(wanted, clients={one.client for one in listening})
    deliveries = [
        Delivery(subscription=one, entry=entry.pk, body=body_of(entry, subjects[entry.about]))
        for entry in wanted
        for one in listening
        if entry.about in subjects and is_for(one, entry, subjects[entry.about])
    ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    # What happens while a machine is not told is kept for it, as what waited before is.
    going = [one for one in deliveries if not one.subscription.is_disabled]
    send_later(going)
    return len(going)


def named(entries: Sequence[Entry], *, clients: set[Client]) -> dict[str, dict[str, Any]]:
    """Of the dossiers and appointments the entries are about, those at agencies where one of these machines acts, by urn."""
    keys = {entry.about.removeprefix("dossier:") for entry in entries if entry.about.startswith("dossier:")}
    rows = Dossier.objects.filter(pk__in=keys).values("pk", "code", "agency")
    found = {f"dossier:{row['pk']}": dict(row) for row in rows} | {
        entry.about: {"appointment": entry.about.removeprefix("place:"), "agency": entry.facts["agency"]}
        for entry in entries
        if entry.about.startswith("place:")
    }
    return {urn: one for urn, one in found.items() if any(who.speaks_for(one["agency"]) for who in clients)}


def is_for(subscription: Subscription, entry: Entry, subject: dict[str, Any]) -> bool:
    """Whether it happened where the machine acts, after it asked, and is of a kind it asked for."""
    return (
        subscription.client.speaks_for(subject["agency"])
        and entry.at >= subscription.created_at
        and kinds.KINDS[entry.event] in subscription.kinds
    )


def body_of(entry: Entry, subject: dict[str, Any]) -> dict[str, Any]:
    return kinds.body(entry.event, entry.facts, at=entry.at.isoformat(), sequence=entry.pk, subject=subject)


def send_later(deliveries: Sequence[Delivery], *, pause: int = 0) -> None:
    """Jobs that send, made in the transaction of what they tell of."""
    jobs: list[Any] = [{"delivery": str(delivery.pk)} for delivery in deliveries]
    if jobs:
        when = {"schedule_in": {"seconds": pause}} if pause else {}
        app.configure_task("api.deliver", queue="api", **when).batch_defer(*jobs)  # type: ignore[arg-type]


@action(who=system)
def note_delivered(delivery: Delivery, *, by: Actor) -> None:
    """The machine has taken it; what failed before counts no more."""
    if delivery.state != Delivery.State.WAITING:
        return
    delivery.state, delivery.delivered_at, delivery.trouble = Delivery.State.DELIVERED, timezone.now(), ""
    delivery.attempts += 1
    delivery.save()
    Subscription.objects.filter(pk=delivery.subscription_id, failures__gt=0).update(failures=0)


@action(who=system)
def note_failed(delivery: Delivery, *, by: Actor, trouble: str) -> None:
    """The machine could not be told: again after a pause, then never; and one that never answers is told nothing more."""
    if delivery.state != Delivery.State.WAITING:
        return
    delivery.attempts, delivery.trouble = delivery.attempts + 1, trouble[:300]
    is_last = delivery.attempts > len(PAUSES)
    delivery.state = Delivery.State.FAILED if is_last else Delivery.State.WAITING
    delivery.save()
    if not is_last:
        send_later([delivery], pause=PAUSES[delivery.attempts - 1])
    # A restart of some minutes is no silence: the first tries of a hundred notices may all fall into it.
    if delivery.attempts > FORGIVEN:
        Subscription.objects.filter(pk=delivery.subscription_id).update(failures=F("failures") + 1)
    subscription = Subscription.objects.select_related("client").get(pk=delivery.subscription_id)
    if subscription.failures >= MOST_FAILURES and not subscription.is_disabled:
        disable(subscription, by=by, trouble=trouble)


@action(who=system)
def disable(subscription: Subscription, *, by: Actor, trouble: str) -> None:
    """A machine that cannot be reached is told no more; what waits is kept for when it is turned on again."""
    subscription.disabled_at = timezone.now()
    subscription.save()
    agency = subscription.client.agency
    record(SubscriptionDisabled(agency, subscription.failures, trouble[:300]), about=subscription, by=by)


@action(who=system | oneself | agency_administrator)
def enable(subscription: Subscription, *, by: Actor) -> None:
    """A machine is told again, first of what has waited."""
    if not subscription.is_disabled:
        return
    subscription.disabled_at, subscription.failures = None, 0
    subscription.save()
    record(SubscriptionEnabled(subscription.client.agency), about=subscription, by=by)
    send_later(list(subscription.deliveries.filter(state=Delivery.State.WAITING)))


@action(who=agency_administrator)
def send_again(delivery: Delivery, *, by: Actor) -> None:
    """An administrator has a notice sent once more, under its own number, by which a machine knows what it has had."""
    subscription = delivery.subscription
    if subscription.ended_at or subscription.is_disabled or subscription.client.is_ended:
        raise NotNow(_("This address is told nothing just now. Turn it on again first."))
    if delivery.state == Delivery.State.WAITING:
        raise NotNow(_("This notice is on its way already."))
    delivery.state, delivery.attempts, delivery.trouble = Delivery.State.WAITING, 0, ""
    delivery.save()
    record(DeliverySentAgain(subscription.client.agency, delivery.kind), about=delivery, by=by)
    send_later([delivery])


@action(who=system)
def forget_delivered(before: timedelta, *, by: Actor) -> int:
    """What was told and taken longer ago than this is forgotten; the journal keeps what it was about."""
    told = Delivery.objects.exclude(state=Delivery.State.WAITING)
    gone, _rows = told.filter(created_at__lt=timezone.now() - before).delete()
    return gone
