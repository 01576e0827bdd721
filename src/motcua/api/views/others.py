"""Tracking by code, the agency's numbers, and subscriptions to what happens."""

from uuid import UUID, uuid5

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from motcua.api import actions, signing
from motcua.api.door import Call
from motcua.api.models import Client, Delivery, Subscription, SubscriptionQuerySet
from motcua.api.operations import operation
from motcua.api.scopes import Scope
from motcua.api.shapes import others as shapes
from motcua.dossiers.states import State
from motcua.indicators.questions import numbers
from motcua.lib.actions import Invalid
from motcua.tracking.models import Passage, Tracked


@operation(
    "GET",
    "/tracking/{code}",
    _("Where a dossier stands anywhere in the country, by its code; nothing about persons"),
    about="tracking",
    scope=Scope.TRACKING,
    gives=shapes.Tracked,
)
def track(call: Call, code: str) -> shapes.Tracked:
    """Known at the national node; elsewhere nothing is found."""
    try:
        tracked = Tracked.objects.coded(code).first()
    except Invalid:
        tracked = None
    if tracked is None:
        raise Tracked.DoesNotExist
    passages = Passage.objects.filter(dossier=tracked.dossier).order_by("at", "state", "step")
    names = ("code", "procedure", "agency", "channel", "state", "due_at", "changed_at")
    return shapes.Tracked(
        **{name: getattr(tracked, name) for name in names},
        state_name=str(State(tracked.state).label),
        passages=[shapes.Passage(state=one.state, step=one.step, at=one.at) for one in passages],
    )


@operation(
    "GET",
    "/indicators",
    _("The agency's numbers, with those below it, over the last days"),
    about="indicators",
    scope=Scope.INDICATORS,
    query=shapes.Span,
    gives=shapes.Numbers,
)
def show_numbers(call: Call) -> shapes.Numbers:
    """Counted from the journal, as on the public page."""
    found = numbers(int(call.query.days), under=call.agency)
    return shapes.Numbers(
        agency=call.agency,
        first=found.first,
        last=found.last,
        filed=found.sums.filed,
        filed_online=found.sums.online,
        finished=found.sums.finished,
        finished_on_time=found.sums.kept,
        overdue=found.sums.overdue,
        on_time_percent=found.sums.on_time,
        by_state={str(int(state)): number for state, number in found.standing.items()},
        counted_at=found.counted_at,
    )


@operation(
    "GET",
    "/subscriptions",
    _("What this machine has asked to be told"),
    about="webhooks",
    scope=Scope.WEBHOOKS,
    gives=shapes.Subscriptions,
)
def list_subscriptions(call: Call) -> shapes.Subscriptions:
    """The latest first, with how much waits to be told."""
    return shapes.Subscriptions(items=[described(one) for one in counted(call.client)])


@operation(
    "POST",
    "/subscriptions",
    _("Ask to be told of kinds of events at the agency; the answer holds the secret that signs them"),
    about="webhooks",
    scope=Scope.WEBHOOKS,
    body=shapes.NewSubscription,
    gives=shapes.NewlyMade,
    status=201,
    is_deed=True,
)
def subscribe(call: Call) -> shapes.NewlyMade:
    """From now on; what happened before is not told."""
    pk = uuid5(call.client.pk, f"subscription {call.key}")
    with call.once() as is_first:
        if is_first:
            kinds = list(dict.fromkeys(call.body.kinds))
            made = Subscription(pk=pk, client=call.client, url=call.body.url, kinds=kinds)
            actions.subscribe(made, by=call.actor)
    found = counted(call.client).get(pk=pk)
    return shapes.NewlyMade(**described(found).model_dump(), secret=signing.shown(found.secret))


@operation(
    "POST",
    "/subscriptions/{subscription}/enable",
    _("Be told again, after too many failures"),
    about="webhooks",
    scope=Scope.WEBHOOKS,
    body=shapes.Nothing,
    gives=shapes.Subscription,
    is_deed=True,
)
def enable_subscription(call: Call, subscription: UUID) -> shapes.Subscription:
    """What has waited is told first."""
    with call.once() as is_first:
        found = counted(call.client).get(pk=subscription)
        if is_first:
            actions.enable(found, by=call.actor)
    return described(found)


@operation(
    "DELETE",
    "/subscriptions/{subscription}",
    _("Be told no more"),
    about="webhooks",
    scope=Scope.WEBHOOKS,
    status=204,
)
def unsubscribe(call: Call, subscription: UUID) -> None:
    """What waits is told no more, either."""
    actions.unsubscribe(Subscription.objects.of(call.client).get(pk=subscription), by=call.actor)


def counted(client: Client) -> SubscriptionQuerySet:
    """A machine's subscriptions, each with how much waits to be told."""
    waiting = Count("deliveries", filter=Q(deliveries__state=Delivery.State.WAITING))
    return Subscription.objects.of(client).select_related("client").annotate(waiting=waiting)


def described(one: Subscription) -> shapes.Subscription:
    names = ("url", "kinds", "created_at", "failures", "is_disabled", "waiting")
    return shapes.Subscription(id=one.pk, **{name: getattr(one, name) for name in names})
