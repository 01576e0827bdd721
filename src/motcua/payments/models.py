"""Charges, attempts to pay them, payments, refunds, and the lines of providers' statements; amounts are whole đồng."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.signs import drawn

CODE_LENGTH = 8
PREFIX = "MC"
READERS = ("receiver", "registrar", "clerk", "chair", "auditor")


def payees(actor: Actor) -> list[str]:
    """Whose money one may look at; nobody's (empty) is looked after by the agency that runs the node: it is its account."""
    held = actor.answers_for(*READERS)
    return [*held, ""] if settings.NODE.agency in held else held


def new_code() -> str:
    """Draw what a transfer's purpose bears: MC and eight letters or digits."""
    return PREFIX + drawn(CODE_LENGTH)


class ChargeQuerySet(models.QuerySet["Charge"]):
    def about(self, subject: Any) -> Self:
        """The charges of one subject, the latest first."""
        return self.filter(subject=getattr(subject, "urn", subject)).order_by("-raised_at", "-pk")

    def visible_to(self, actor: Actor) -> Self:
        """Those owed to the agencies whose books the actor may read."""
        return self.filter(payee__in=actor.answers_for(*READERS))

    def matchable_by(self, actor: Actor) -> Self:
        """Those a payment may be found to be for: one's own; of all who share the account, for who holds it."""
        return self.all() if "" in payees(actor) else self.visible_to(actor)


class Charge(models.Model):
    """An amount owed to an agency: for what, how much, and how much of it has come in."""

    class State(models.TextChoices):
        DUE = "due", _("To be paid")
        PAID = "paid", _("Paid")
        CANCELLED = "cancelled", _("No longer owed")
        RETURNED = "returned", _("Given back")

    MOVES = {
        "attempt": ({State.DUE}, None),
        "take_cash": ({State.DUE}, None),
        "cancel": ({State.DUE}, State.CANCELLED),
        "waive_rest": ({State.DUE}, State.PAID),
        "adjust": ({State.PAID}, None),
        "give_back": ({State.PAID}, State.RETURNED),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=12, unique=True, default=new_code)
    subject = models.CharField(max_length=120)
    payee = models.CharField(max_length=35)
    payer = models.CharField(max_length=120)
    what = models.CharField(max_length=300)
    note = models.CharField(max_length=120, blank=True)
    amount = models.PositiveBigIntegerField()
    paid = models.PositiveBigIntegerField(default=0)
    # Where the payer came from, to lead them back; the agency's own pages know no dossier.
    back = models.URLField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    raised_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_charge_is_more_than_nothing"),
            models.CheckConstraint(condition=Q(paid__lte=F("amount")), name="no_charge_is_paid_twice"),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid=F("amount"), settled_at__isnull=False),
                name="a_paid_charge_is_paid_in_full",
            ),
            models.CheckConstraint(
                condition=~Q(state="due") | Q(paid__lt=F("amount")), name="what_is_paid_is_not_due"
            ),
            models.UniqueConstraint(
                fields=["subject"], condition=Q(state__in=["due", "paid"]), name="one_charge_a_subject"
            ),
        ]
        indexes = [models.Index(fields=["payee", "raised_at"]), models.Index(fields=["subject"])]

    def __str__(self) -> str:
        return self.code

    @property
    def urn(self) -> str:
        return f"charge:{self.pk}"

    @property
    def open(self) -> int:
        """How much is still to be paid."""
        return self.amount - self.paid if self.state == self.State.DUE else 0

    @property
    def is_due(self) -> bool:
        return self.state == self.State.DUE

    @property
    def is_paid(self) -> bool:
        return self.state == self.State.PAID


class Bundle(models.Model):
    """Charges owed to one agency that a payer pays in one go, under a code of its own; what is in it is fixed when it is made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=12, unique=True, default=new_code)
    # Names which charges, with how much open: the same again is the same bundle.
    key = models.CharField(max_length=64, unique=True)
    payee = models.CharField(max_length=35)
    amount = models.PositiveBigIntegerField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_bundle_is_more_than_nothing")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def urn(self) -> str:
        return f"bundle:{self.pk}"

    @property
    def open(self) -> int:
        """How much is paid with it: all of it or nothing."""
        return self.amount


class Item(models.Model):
    """One charge of a bundle, with what was open of it when the bundle was made."""

    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="items")
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="bundled")
    amount = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bundle", "charge"], name="a_charge_is_bundled_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_item_is_more_than_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.bundle} {self.charge}"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def touching(self, charges: Iterable["Charge"]) -> Self:
        """Those that would pay any of these charges: alone, or in a bundle."""
        bundles = Item.objects.filter(charge__in=charges).values("bundle")
        return self.filter(Q(charge__in=charges) | Q(bundle__in=bundles))

    def unanswered(self, *, provider: str) -> Self:
        """Those whose outcome nobody knows, the latest first."""
        found = self.filter(state=Attempt.State.OPEN, provider=provider).order_by("-opened_at", "-pk")
        return found.select_related("charge", "bundle")

    def awaited(self) -> Self:
        """Through the gateway and not come back; what came with another amount is in doubt, not awaited."""
        known = Payment.objects.filter(
            state=Payment.State.DOUBTFUL, provider="gateway", order=OuterRef("order")
        )
        return self.unanswered(provider="gateway").filter(~Exists(known))

    def lost(self, before: datetime) -> Self:
        """Those awaited since before a moment."""
        return self.awaited().filter(opened_at__lt=before)


class Attempt(models.Model):
    """A payer sets out to pay a charge or a bundle with a provider; `order` is what the provider knows it by."""

    class State(models.TextChoices):
        OPEN = "open", _("Under way")
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Not paid")

    charge = models.ForeignKey(
        Charge, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts"
    )
    bundle = models.ForeignKey(
        Bundle, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts"
    )
    provider = models.CharField(max_length=20)
    order = models.CharField(max_length=40)
    amount = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(default=timezone.now)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["opened_at"], condition=Q(state="open"), name="attempts_nobody_answered")
        ]
        constraints = [
            models.UniqueConstraint(fields=["provider", "order"], name="an_order_is_given_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_attempt_is_more_than_nothing"),
            models.CheckConstraint(
                condition=Q(charge__isnull=False, bundle=None) | Q(charge=None, bundle__isnull=False),
                name="an_attempt_is_for_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.order

    @property
    def subject(self) -> Charge | Bundle:
        """What is to be paid."""
        found = self.bundle or self.charge
        assert found is not None  # noqa: S101 — the database sees to it
        return found


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of one's agencies; those of nobody yet are seen by who holds the account they came into."""
        return self.filter(payee__in=payees(actor))

    def confirmed(self) -> Self:
        return self.filter(state=Payment.State.CONFIRMED)

    def unsettled(self) -> Self:
        """Those an officer must look at: in doubt, or nobody knows for what."""
        return self.filter(
            Q(state=Payment.State.DOUBTFUL) | Q(amount__gt=F("allotted") + F("returned"))
        ).order_by("paid_at", "pk")


class Payment(models.Model):
    """Money that came in, once by the provider's own reference: part of it counts for the charge, part may go back."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("Received")
        DOUBTFUL = "doubtful", _("In doubt")

    class Source(models.TextChoices):
        NOTICE = "notice", _("Notice of the gateway")
        QUERY = "query", _("Answer of the gateway")
        STATEMENT = "statement", _("Statement")
        COUNTER = "counter", _("Counter")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    charge = models.ForeignKey(
        Charge, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    payee = models.CharField(max_length=35, blank=True)
    provider = models.CharField(max_length=20)
    reference = models.CharField(max_length=60)
    order = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    amount = models.PositiveBigIntegerField()
    allotted = models.PositiveBigIntegerField(default=0)
    returned = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.CONFIRMED)
    source = models.CharField(max_length=10, choices=Source)
    paid_at = models.DateTimeField()
    booked_at = models.DateTimeField(default=timezone.now)
    by_name = models.CharField(max_length=120, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "reference"], name="a_payment_is_booked_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_is_more_than_nothing"),
            models.CheckConstraint(
                condition=Q(amount__gte=F("allotted") + F("returned")), name="no_money_counts_twice"
            ),
            models.CheckConstraint(
                condition=~Q(state="doubtful") | Q(allotted=0, returned=0),
                name="what_is_in_doubt_counts_nothing",
            ),
            models.CheckConstraint(
                condition=Q(charge__isnull=False) | Q(allotted=0), name="only_a_charge_is_paid"
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "paid_at"]),
            models.Index(fields=["payee", "paid_at"]),
            models.Index(
                fields=["paid_at"],
                condition=Q(state="doubtful") | Q(amount__gt=F("allotted") + F("returned")),
                name="payments_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.reference}"

    @property
    def urn(self) -> str:
        return f"payment:{self.pk}"

    @property
    def is_doubtful(self) -> bool:
        return self.state == self.State.DOUBTFUL

    @property
    def free(self) -> int:
        """What nobody has decided about yet."""
        return 0 if self.is_doubtful else self.amount - self.allotted - self.returned


class RefundQuerySet(models.QuerySet["Refund"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(payment__payee__in=payees(actor))

    def about(self, subject: str) -> Self:
        """What is owed back, or went back, to who paid for one subject, in the order it came to be owed."""
        return self.filter(payment__charge__subject=subject).select_related("payment").order_by("pk")

    def owed(self) -> Self:
        """Those not made yet, the oldest first."""
        return (
            self.filter(state=Refund.State.OWED).select_related("payment__charge").order_by("owed_at", "pk")
        )


class Refund(models.Model):
    """A part of a payment that goes back, why, and when it went."""

    class State(models.TextChoices):
        OWED = "owed", _("To be returned")
        MADE = "made", _("Returned")

    MOVES = {"direct": ({State.OWED}, None), "make_refund": ({State.OWED}, State.MADE)}

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.OWED)
    reference = models.CharField(max_length=60, blank=True)
    # Where who paid wants it, in their own words; empty where they said nothing.
    account = models.CharField(max_length=200, blank=True, default="")
    owed_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True, blank=True)
    by_name = models.CharField(max_length=120, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_refund_is_more_than_nothing"),
            models.CheckConstraint(
                condition=~Q(state="made") | (Q(made_at__isnull=False) & ~Q(reference="")),
                name="a_refund_made_says_when_and_how",
            ),
        ]
        indexes = [models.Index(fields=["state", "owed_at"])]

    def __str__(self) -> str:
        return f"{self.payment} {self.amount}"

    @property
    def urn(self) -> str:
        return f"refund:{self.pk}"


class StatementLine(models.Model):
    """What a provider itself says it took: the last word on whether money came in and how much."""

    provider = models.CharField(max_length=20)
    reference = models.CharField(max_length=60)
    order = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    amount = models.PositiveBigIntegerField()
    paid_at = models.DateTimeField()
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="lines")
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "reference"], name="a_statement_line_is_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.reference}"
