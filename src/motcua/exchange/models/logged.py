"""The log as it is kept, what others signed, and what is known of other nodes."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from motcua.exchange.sql import LOGGED
from motcua.lib.named_files import names_files


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
    demands it; its digest in the envelope keeps the chain whole. Of an archived batch text, envelope and proof are dropped and
    read from its file (`rereading.whole`); numbers, kinds, places and bodies stay.
    """

    number = models.BigIntegerField(primary_key=True)
    batch = models.BigIntegerField(db_index=False)
    what = models.TextField()
    text = models.BinaryField(null=True)
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
                name="exchange_leaf_apart",
                condition=models.Q(body=None) & (models.Q(envelope__isnull=False) | models.Q(what="message")),
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


class Peer(models.Model):
    """How another node answers us: since when it does not, why, and when we try again; how many messages it is given at once;
    and when it last showed us its heads, with which edition of the directory it works.
    """

    name = models.TextField(primary_key=True)
    agencies = ArrayField(models.TextField())
    failures = models.IntegerField(db_default=0)
    next_try = models.DateTimeField(null=True)
    last_error = models.TextField(db_default="")
    last_ok = models.DateTimeField(null=True)
    pace = models.IntegerField(null=True)
    heard_at = models.DateTimeField(null=True)
    edition = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return self.name


class Carried(models.Model):
    """A file carried on a medium: to a node (`out`) or from it (`in`), by its number. Until the other side has shown that it came,
    one of ours knows which messages it holds, one of theirs what is to be answered.
    """

    pk = models.CompositePrimaryKey("node", "way", "number")
    node = models.TextField()
    way = models.TextField()
    number = models.BigIntegerField()
    digest = models.BinaryField()
    at = models.DateTimeField(db_default=Now())
    messages = ArrayField(models.UUIDField(), db_default=[])
    answers = models.BinaryField(null=True)
    answered = models.BigIntegerField(db_default=0)
    is_settled = models.BooleanField(db_default=False)

    def __str__(self) -> str:
        return f"{self.node} {self.way} {self.number}"


class DirectoryVersion(models.Model):
    """A version of the country's directory this node has worked with."""

    version = models.BigIntegerField(primary_key=True)
    text = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.version)
