"""Machines that may call, what they have asked, who wants to be told, and what was told them."""

import uuid
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from motcua.api.scopes import MACHINE, POSTS, Scope
from motcua.lib.actors import Actor, Grant
from motcua.organisations.models import Agency

PER_MINUTE = 600
DIGEST = r"^[0-9a-f]{64}$"


class ClientQuerySet(models.QuerySet["Client"]):
    def in_force(self) -> Self:
        return self.filter(ended_at__isnull=True)


class Client(models.Model):
    """A machine of an agency that may call: what it may do there (and `below`), and the digest of its secret."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=35)
    below = models.BooleanField(default=False, help_text="Also at every agency below it.")
    name = models.CharField(max_length=120)
    scopes = ArrayField(models.CharField(max_length=20))
    secret = models.CharField(max_length=64, help_text="SHA-256; the secret itself is shown once.")
    # Counts the secrets it has had: a token names the one it was made with.
    generation = models.PositiveIntegerField(default=1)
    per_minute = models.PositiveIntegerField(default=PER_MINUTE)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(per_minute__gt=0), name="a_client_may_call_at_all"),
            models.CheckConstraint(condition=Q(secret__regex=DIGEST), name="client_secret_is_a_digest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def urn(self) -> str:
        return f"client:{self.pk}"

    @property
    def is_ended(self) -> bool:
        return self.ended_at is not None

    @property
    def axis_key(self) -> str:
        """What it signs its calls on the document axis with; it follows from the node's secret, and ends with a new secret."""
        about = f"{self.pk}:{self.generation}"
        return salted_hmac("motcua.api.axis", about, algorithm="sha256").hexdigest()

    @cached_property
    def places(self) -> frozenset[str]:
        """Codes of the agencies it acts at: its own and, if it may, all below it; those that have ended have papers, too."""
        if not self.below:
            return frozenset({self.agency})
        return frozenset({self.agency, *Agency.objects.under(self.agency).values_list("pk", flat=True)})

    def speaks_for(self, agency: str) -> bool:
        """Whether it acts at this agency; by the codes alone, which say what stands below what."""
        return agency == self.agency or (self.below and agency.startswith(f"{self.agency}."))


def actor_of(client: Client, scope: Scope | None) -> Actor:
    """The machine as an actor that holds only what this one scope gives, at its own agency and, if it may, below it."""
    posts = POSTS.get(scope, ()) if scope else ()
    below = client.places - {client.agency}
    grants = frozenset(Grant(post, client.agency, below=below) for post in (MACHINE, *posts))
    return Actor(urn=client.urn, name=client.name, grants=grants)


class Allowance(models.Model):
    """How often a machine has called in a minute; the table is not logged, so that counting waits for no disk."""

    client = models.UUIDField(primary_key=True)
    minute = models.BigIntegerField()
    used = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.client} {self.used}"


class Asked(models.Model):
    """A deed a machine asked for under its idempotency key; the same key is never another deed."""

    # Found by its machine through the constraint below.
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=64)
    digest = models.BinaryField(max_length=32)
    # Key of what it made, where its address does not follow from the request: who asks again is shown the same.
    made = models.CharField(max_length=40, blank=True, default="")
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="one_deed_a_key")]

    def __str__(self) -> str:
        return self.key


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def of(self, client: Client) -> Self:
        """A machine's own, the newest first; those it ended are gone."""
        return self.filter(client=client, ended_at__isnull=True).order_by("-created_at", "-pk")

    def not_ended(self) -> Self:
        """Those of machines that may still call, also while they cannot be reached."""
        return self.filter(ended_at__isnull=True, client__ended_at__isnull=True)

    def listening(self) -> Self:
        """Those to be told now."""
        return self.not_ended().filter(disabled_at__isnull=True)


class Subscription(models.Model):
    """An address of a machine that is told of some kinds of events at its agency."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="subscriptions")
    url = models.CharField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    disabled_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.url

    @property
    def urn(self) -> str:
        return f"subscription:{self.pk}"

    @property
    def secret(self) -> bytes:
        """32 bytes that sign what is sent; they follow from the node's secret, so that no table holds them."""
        return salted_hmac("motcua.api.subscription", str(self.pk), algorithm="sha256").digest()

    @property
    def is_disabled(self) -> bool:
        return self.disabled_at is not None


class Delivery(models.Model):
    """One thing a machine is told; its id is the same however often it is sent."""

    class State(models.TextChoices):
        WAITING = "waiting", _("To be sent")
        DELIVERED = "delivered", _("Taken")
        FAILED = "failed", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="deliveries")
    # Named, not referred to, as everywhere: the journal's entry.
    entry = models.BigIntegerField()
    body = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "entry"], name="told_once_of_an_entry")
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def urn(self) -> str:
        return f"delivery:{self.pk}"

    @property
    def kind(self) -> Any:
        return self.body["type"]
