"""What the exchange keeps: a log that only grows, and small changing rows about what is still under way.

The log (`Batch`, `Leaf`) and what others signed (`PeerHead`, `Receipt`) are never changed. What changes, the state of a
message on its way out (`Outgoing`) or of its effect here (`Incoming`), stands in rows without bodies, so that a change is cheap.
All of it is written by named SQL (`sql.py`): by the exchange process, and by `actions.py` within Django's transactions.
"""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from motcua.lib.named_files import names_files

# Files the log still needs: large bodies, which lie in the store for as long as the log itself, and what goes with messages
# that are not settled. What came of a settled one is named by whoever handled it.
LOGGED = """
SELECT encode(decode(substring(convert_from(envelope, 'UTF8') FROM 'sha-256=:([^:]{44}):'), 'base64'), 'hex')
FROM exchange_leaf WHERE envelope IS NOT NULL AND body IS NULL
UNION ALL
SELECT (regexp_matches(convert_from(envelope, 'UTF8'), '"digest":"([0-9a-f]{64})"', 'g'))[1]
FROM exchange_leaf WHERE number IN (
    SELECT leaf FROM exchange_outgoing WHERE state = 'signed'
    UNION ALL SELECT leaf FROM exchange_outgoing WHERE state = 'dead'
    UNION ALL SELECT leaf FROM exchange_incoming WHERE effect = 'pending'
)
"""


class Batch(models.Model):
    """A tree head of this node: one signature over a batch of entries, chained to the head before."""

    number = models.BigIntegerField(primary_key=True)
    first = models.BigIntegerField()
    size = models.IntegerField()
    text = models.BinaryField()
    signature = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.number)


class TimeStamp(models.Model):
    """What an authority of time (RFC 3161) said of a head of ours: all heads up to this one are as old at least."""

    head = models.BigIntegerField(primary_key=True)
    authority = models.TextField()
    token = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.head)


class Authority(models.Model):
    """How an authority of time answers us: since when it does not, and why."""

    address = models.TextField(primary_key=True)
    failures = models.IntegerField(db_default=0)
    last_error = models.TextField(db_default="")
    last_ok = models.DateTimeField(null=True)
    is_reported = models.BooleanField(db_default=False)

    def __str__(self) -> str:
        return self.address


class LeafQuerySet(models.QuerySet["Leaf"]):
    def refusals(self) -> Self:
        """What was refused at the door, newest first."""
        return self.filter(what="refusal").order_by("-number")


@names_files("envelope", query=LOGGED)
class Leaf(models.Model):
    """One entry of the log, in order: the bytes that were hashed, and what they speak of (envelope, body, another's proof).

    Of a received message `peer…` say where it stands under its sender's head. A body may be erased where the law
    demands it; its digest in the envelope keeps the chain whole.
    """

    number = models.BigIntegerField(primary_key=True)
    batch = models.BigIntegerField(db_index=False)
    what = models.TextField()
    text = models.BinaryField()
    envelope = models.BinaryField(null=True)
    body = models.BinaryField(null=True)
    peer = models.TextField(null=True)
    peer_head = models.BigIntegerField(null=True)
    peer_index = models.IntegerField(null=True)
    peer_proof = models.BinaryField(null=True)

    objects = LeafQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["number"], name="exchange_leaf_refusals", condition=models.Q(what="refusal")
            ),
            models.Index(
                fields=["number"],
                name="exchange_leaf_large",
                condition=models.Q(envelope__isnull=False, body=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.what}"


class PeerHead(models.Model):
    """A tree head another node signed and showed us: we are its witness."""

    pk = models.CompositePrimaryKey("node", "number")
    node = models.TextField()
    number = models.BigIntegerField()
    text = models.BinaryField()
    signature = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.node} {self.number}"


class PeerJournal(models.Model):
    """A head of another node's journal, as it signed it: we are its witness too."""

    pk = models.CompositePrimaryKey("node", "number")
    node = models.TextField()
    number = models.BigIntegerField()
    text = models.BinaryField()
    signature = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.node} {self.number}"


class Fork(models.Model):
    """A head that contradicts another the same node showed to us or to a neighbour: it rewrote its history, or its key is in two
    hands. `log` says of what: `exchange` or `journal`.
    """

    log = models.TextField(db_default="exchange")
    node = models.TextField()
    number = models.BigIntegerField()
    text = models.BinaryField()
    signature = models.BinaryField()
    at = models.DateTimeField(db_default=Now())
    is_reported = models.BooleanField(db_default=False)

    def __str__(self) -> str:
        return f"{self.node} {self.number}"


class Recovery(models.Model):
    """A log found lower than others had seen it, as after an old backup was restored: from which head it went on, and what is lost.

    `restored` is the number of the last head the database still had, `continued` that of the last one others hold; the entries from
    `first` to `last` are gone, but for the messages others gave back (`sent` by us, `received` by us). `silent` nodes did not
    answer; those in `without` an operator no longer wants to be waited for.
    """

    found_at = models.DateTimeField(db_default=Now())
    restored = models.BigIntegerField()
    continued = models.BigIntegerField(null=True)
    first = models.BigIntegerField(null=True)
    last = models.BigIntegerField(null=True)
    silent = ArrayField(models.TextField(), db_default=[])
    without = ArrayField(models.TextField(), db_default=[])
    sent = models.BigIntegerField(db_default=0)
    received = models.BigIntegerField(db_default=0)
    finished_at = models.DateTimeField(null=True)
    is_reported = models.BooleanField(db_default=False)

    def __str__(self) -> str:
        return f"{self.restored} → {self.continued}"


class Receipt(models.Model):
    """What another node signed about a message of ours, and where it stands under its head."""

    pk = models.CompositePrimaryKey("message", "state")
    message = models.UUIDField()
    node = models.TextField()
    state = models.TextField()
    text = models.BinaryField()
    head = models.BigIntegerField()
    index = models.IntegerField()
    proof = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.message} {self.state}"


class Channel(models.Model):
    """Where one order of messages stands: `sender|recipient|stream` for the last number we gave, `<` before it for the
    last we received.
    """

    name = models.TextField(primary_key=True)
    last = models.BigIntegerField()
    previous = models.TextField()

    def __str__(self) -> str:
        return self.name


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
            models.Index(fields=["leaf"], name="exchange_outgoing_dead", condition=models.Q(state="dead")),
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


class Incoming(models.Model):
    """A message received here, once; its effect commits in the same transaction as `effect`."""

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
    effect = models.TextField()
    tries = models.IntegerField(db_default=0)
    next_try = models.DateTimeField(null=True)
    reason = models.TextField(db_default="")
    settled_at = models.DateTimeField(null=True)

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
                name="exchange_incoming_order",
                condition=models.Q(effect="pending") & ~models.Q(stream=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message}"


class Peer(models.Model):
    """How another node answers us: since when it does not, why, and when we try again."""

    name = models.TextField(primary_key=True)
    agencies = ArrayField(models.TextField())
    failures = models.IntegerField(db_default=0)
    next_try = models.DateTimeField(null=True)
    last_error = models.TextField(db_default="")
    last_ok = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class DirectoryVersion(models.Model):
    """A version of the country's directory this node has worked with."""

    version = models.BigIntegerField(primary_key=True)
    text = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.version)
