"""What the journal holds: entries, the seals that give them their place, the signed heads over the seals, and who follows."""

import json
from datetime import UTC
from typing import Any, Self

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from motcua.journal.statements import statement
from motcua.lib import merkle


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, subject: Any) -> Self:
        """Entries about one subject, oldest first."""
        return self.filter(about=urn_of(subject)).order_by("id")

    def of(self, *events: str) -> Self:
        return self.filter(event__in=events)


class Entry(models.Model):
    """One thing that happened; never changed, never removed.

    The column `tx` (the writing transaction's id, `xid8`) is the database's own: it tells when no older entry can still appear.
    """

    at = models.DateTimeField(db_default=Now())
    event = models.CharField(max_length=80)
    about = models.CharField(max_length=120)
    actor = models.JSONField()
    facts = models.JSONField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["about", "id"]),
            models.Index(fields=["event", "id"]),
            # For counts of a period: entries come in the order of time, so that a few pages tell where a month begins.
            BrinIndex(fields=["at"], name="journal_entry_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.about}"

    @property
    def canonical(self) -> bytes:
        """The bytes that are hashed: JSON, keys sorted, no spaces, UTF-8, time in UTC with microseconds."""
        content = {
            "id": self.pk,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "event": self.event,
            "about": self.about,
            "actor": self.actor,
            "facts": self.facts,
        }
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @property
    def leaf(self) -> bytes:
        """SHA-256(0x00 ‖ canonical): the leaf hash of RFC 9162 § 2.1.1."""
        return merkle.leaf(self.canonical)


class Head(models.Model):
    """A signed tree head over one batch of leaves, chained to the head before it."""

    number = models.PositiveBigIntegerField(primary_key=True)
    first_place = models.PositiveBigIntegerField()
    size = models.PositiveIntegerField()
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    origin = models.CharField(max_length=80)
    at = models.DateTimeField()
    key_id = models.CharField(max_length=80)
    signature = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.origin} {self.number}"

    @property
    def statement(self) -> bytes:
        """The bytes that are signed."""
        return statement(
            origin=self.origin,
            number=self.number,
            first_place=self.first_place,
            size=self.size,
            root=bytes(self.root),
            previous=bytes(self.previous),
            at=self.at,
            key_id=self.key_id,
        )

    @property
    def fingerprint(self) -> bytes:
        """What the next head carries as `previous`: 32 bytes."""
        return merkle.leaf(self.statement + bytes(self.signature))


class Seal(models.Model):
    """The place of one entry in the journal, and its leaf hash; the entry is named, not referred to: its removal shows."""

    place = models.PositiveBigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    leaf = models.BinaryField(max_length=32)
    head = models.ForeignKey(Head, on_delete=models.PROTECT, related_name="seals")

    def __str__(self) -> str:
        return str(self.place)


class Follower(models.Model):
    """Someone who reads the journal in order, and how far they are."""

    name = models.CharField(max_length=80, primary_key=True)
    place = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.place}"


def urn_of(subject: Any) -> str:
    """The name of a subject for ever: its own `urn`, or the string given."""
    return subject if isinstance(subject, str) else str(subject.urn)
