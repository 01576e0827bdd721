"""Messages while they are under way: as they were left, on their way out, received here, refused, decided about."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from motcua.lib.named_files import names_files


@names_files("digest", "attachments")
class Outbox(models.Model):
    """A message as an action left it, in the transaction of that action; gone as soon as it is signed into the log."""

    position = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True)
    kind = models.TextField()
    sender = models.TextField()
    recipient = models.TextField()
    stream = models.TextField()
    correlation = models.TextField()
    created = models.DateTimeField()
    expires = models.DateTimeField()
    content_type = models.TextField()
    digest = models.BinaryField()
    body = models.BinaryField(null=True)
    attachments = models.JSONField()
    confirm = models.BooleanField()

    def __str__(self) -> str:
        return str(self.id)


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    def open(self) -> Self:
        """What has not been received yet, oldest first."""
        return self.filter(state="signed").order_by("leaf")

    def dead(self) -> Self:
        """What waits for an operator's decision."""
        return self.filter(state="dead").order_by("leaf")


class Outgoing(models.Model):
    """A message of ours on its way: signed → received → handled or refused; or dead, then replayed, returned or cancelled."""

    class State(models.TextChoices):
        SIGNED = "signed", _("on its way")
        RECEIVED = "received", _("received")
        HANDLED = "handled", _("handled")
        REFUSED = "refused", _("refused")
        DEAD = "dead", _("not delivered")
        RETURNED = "returned", _("returned to the sender")
        CANCELLED = "cancelled", _("cancelled")

    OURS = "sender"  # the agency of this node it is about
    MOVES = {
        "replay": ({State.DEAD}, State.SIGNED),
        "return_to_sender": ({State.DEAD, State.SIGNED}, State.RETURNED),
        "cancel": ({State.SIGNED, State.DEAD}, State.CANCELLED),
    }

    id = models.UUIDField(primary_key=True)
    leaf = models.BigIntegerField()
    kind = models.TextField()
    sender = models.TextField()
    recipient = models.TextField()
    stream = models.TextField()
    seq = models.BigIntegerField()
    correlation = models.TextField()
    created = models.DateTimeField()
    expires = models.DateTimeField()
    give_up_at = models.DateTimeField()
    confirm = models.BooleanField()
    state = models.TextField(choices=State)
    tries = models.IntegerField(db_default=0)
    next_try = models.DateTimeField(null=True)
    reason = models.TextField(db_default="")
    settled_at = models.DateTimeField(null=True)
    # The recipient's message with the word of what became of it.
    word = models.UUIDField(null=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["recipient", "leaf"],
                name="exchange_outgoing_open",
                condition=models.Q(state="signed"),
            ),
            models.Index(
                fields=["sender", "recipient", "stream", "seq"],
                name="exchange_outgoing_order",
                condition=models.Q(state="signed") & ~models.Q(stream=""),
            ),
            # What holds up those behind it in its stream, by when it is tried again or was given up.
            models.Index(
                fields=["sender", "recipient", "stream", "next_try"],
                name="exchange_outgoing_waits",
                condition=models.Q(state="signed", next_try__isnull=False) & ~models.Q(stream=""),
            ),
            models.Index(
                fields=["sender", "recipient", "stream", "give_up_at"],
                name="exchange_outgoing_holds",
                condition=models.Q(state="dead") & ~models.Q(stream=""),
            ),
            models.Index(fields=["leaf"], name="exchange_outgoing_dead", condition=models.Q(state="dead")),
            models.Index(
                fields=["sender", "recipient", "stream", "seq"],
                name="exchange_outgoing_stopped",
                condition=models.Q(state__in=["refused", "dead", "returned", "cancelled"])
                & ~models.Q(stream=""),
            ),
            models.Index(
                fields=["sender", "recipient", "stream", "seq"],
                name="exchange_outgoing_taken",
                condition=models.Q(state__in=["received", "handled"]) & ~models.Q(stream=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def urn(self) -> str:
        return f"message:{self.id}"

    @property
    def facts(self) -> dict[str, str]:
        """What every event about it says."""
        names = ("kind", "sender", "recipient", "stream", "correlation")
        return {"message": str(self.id), **{name: getattr(self, name) for name in names}}


class IncomingQuerySet(models.QuerySet["Incoming"]):
    def pending(self) -> Self:
        """What has been received and not yet had its effect, oldest first."""
        return self.filter(effect="pending").order_by("leaf")

    def dead(self) -> Self:
        """What could not be handled for a day and waits for an operator's decision."""
        return self.filter(effect="dead").order_by("leaf")


class Incoming(models.Model):
    """A message received here, once; its effect commits with `effect`; or it is dead until somebody decides."""

    class Effect(models.TextChoices):
        PENDING = "pending", _("waits for its effect")
        DONE = "done", _("had its effect")
        ANSWERED = "answered", _("was answered at once")
        REFUSED = "refused", _("refused")
        DEAD = "dead", _("could not be handled")
        DROPPED = "dropped", _("set aside")

    STATE, OURS = "effect", "recipient"
    STUCK = frozenset({Effect.DEAD, Effect.PENDING})
    MOVES = {
        "retry": (STUCK, Effect.PENDING),
        "send_back": (STUCK, Effect.REFUSED),
        "set_aside": ({Effect.DEAD}, Effect.DROPPED),
    }

    pk = models.CompositePrimaryKey("message", "sender")
    message = models.UUIDField()
    sender = models.TextField()
    digest = models.BinaryField()
    leaf = models.BigIntegerField()
    parcel = models.UUIDField()
    kind = models.TextField()
    recipient = models.TextField()
    stream = models.TextField()
    seq = models.BigIntegerField()
    effect = models.TextField(choices=Effect)
    tries = models.IntegerField(db_default=0)
    next_try = models.DateTimeField(null=True)
    reason = models.TextField(db_default="")
    settled_at = models.DateTimeField(null=True)
    # Our message with the word of what became of it.
    word = models.UUIDField(null=True)

    objects = IncomingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["parcel", "leaf"],
                name="exchange_incoming_parcel",
                condition=models.Q(effect="pending"),
            ),
            models.Index(
                fields=["sender", "recipient", "stream", "seq"],
                name="exchange_incoming_open",
                condition=models.Q(effect__in=["pending", "dead"]) & ~models.Q(stream=""),
            ),
            models.Index(fields=["leaf"], name="exchange_incoming_dead", condition=models.Q(effect="dead")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message}"

    @property
    def urn(self) -> str:
        return f"message:{self.message}"

    def get_state_display(self) -> str:
        return str(self.Effect(self.effect).label)

    # Actions and life cycles know a state.
    state = property(lambda self: self.effect, lambda self, effect: setattr(self, "effect", effect))

    @property
    def facts(self) -> dict[str, str]:
        """What every event about it says."""
        names = ("message", "kind", "sender", "recipient", "stream")
        return {name: str(getattr(self, name)) for name in names}


class Refusal(models.Model):
    """A message refused at the door, by the digest of its envelope: sent again it gets the receipt it has, and no new entry."""

    pk = models.CompositePrimaryKey("message", "peer", "digest")
    message = models.UUIDField()
    peer = models.TextField()
    digest = models.BinaryField()
    leaf = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.peer} {self.message}"


class Decision(models.Model):
    """What an operator decided, until it stands in the log: only the exchange process writes there."""

    position = models.BigAutoField(primary_key=True)
    text = models.BinaryField()

    def __str__(self) -> str:
        return str(self.position)
