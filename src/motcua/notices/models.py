"""Notices to persons, and their way out by other channels than the inbox."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from motcua.notices.wording import WORDINGS, worded
from motcua.people.models import Account


class NoticeQuerySet(models.QuerySet["Notice"]):
    def to(self, account: Account) -> Self:
        """The inbox of an account, newest first."""
        return self.filter(recipient=account).order_by("-sent_at", "-id")

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Worded(models.Model):
    """A code with parameters, put into words when it is read."""

    code = models.CharField(max_length=80)
    parameters = models.JSONField(default=dict)

    class Meta:
        abstract = True

    @property
    def subject(self) -> str:
        """In the language being spoken; a notice whose context is gone shows its code."""
        words = WORDINGS.get(self.code)
        return worded(words.subject, self.parameters) if words else self.code

    @property
    def body(self) -> str:
        """What is told, and after it the sentence whose code stands under `besides`, if there is one."""
        codes = (self.code, self.parameters.get("besides", ""))
        return " ".join(worded(WORDINGS[code].body, self.parameters) for code in codes if code in WORDINGS)


class Notice(Worded):
    """Something one person is told; kept as a code with parameters, so that it reads in either language."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="notices")
    about = models.CharField(max_length=120, blank=True)
    link = models.CharField(max_length=200, blank=True)
    # What the person gave for this one matter, and where they are told of it before what stands with their account.
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    # Names the occasion, so that a reaction that runs twice tells once.
    key = models.CharField(max_length=120)
    sent_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="one_notice_an_occasion"),
            models.CheckConstraint(condition=~Q(key=""), name="notice_names_its_occasion"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-sent_at", "-id"]),
            models.Index(fields=["recipient"], name="unread_notices", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def urn(self) -> str:
        return f"notice:{self.pk}"

    @property
    def is_read(self) -> bool:
        return self.read_at is not None

    @property
    def address(self) -> str:
        """The e-mail address it goes to, empty if there is none."""
        return self.email or self.recipient.email

    @property
    def number(self) -> str:
        """The telephone number it goes to, empty if there is none."""
        return self.phone or self.recipient.phone


@dataclass(frozen=True)
class Reached:
    """Somebody without an account here, as channels see a person."""

    name: str
    email: str
    phone: str
    wants_mail: bool = True
    wants_text: bool = True
    is_active: bool = True


class Outgoing(Worded):
    """Something a person without an account is told where they said at the counter; there is no inbox it lies in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    about = models.CharField(max_length=120)
    # Names the occasion, so that it is told once.
    key = models.CharField(max_length=160, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True, blank=True)
    texted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "outgoing"

    def __str__(self) -> str:
        return self.subject

    @property
    def urn(self) -> str:
        return f"outgoing:{self.pk}"

    @property
    def link(self) -> str:
        """The page of this node it leads to, open to whoever holds its address; empty if there is none."""
        return str(self.parameters.get("link", ""))

    @property
    def recipient(self) -> Reached:
        """Whom it goes to."""
        return Reached(self.name, self.email, self.phone)

    @property
    def address(self) -> str:
        """The e-mail address it goes to, empty if there is none."""
        return self.email

    @property
    def number(self) -> str:
        """The telephone number it goes to, empty if there is none."""
        return self.phone


class Contact(models.Model):
    """An address or number a person says is theirs; it counts once they have typed the code that was sent there."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("E-mail")
        TEXT = "text", _("Text message")

    LIFE = timedelta(minutes=15)
    MOST_TRIES = 5
    MOST_AN_HOUR = (
        5  # codes sent for one person: each text message costs, and may annoy whose number it is not
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="contacts")
    channel = models.CharField(max_length=10, choices=Channel)
    value = models.CharField(max_length=254)
    asked_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-asked_at"], name="contacts_asked_for")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def urn(self) -> str:
        return f"contact:{self.pk}"

    @property
    def code(self) -> str:
        """Six digits only this node can work out; kept nowhere, and the same however often it is sent."""
        drawn = salted_hmac("motcua.notices.contact", f"{self.pk}\n{self.value}", algorithm="sha256")
        return f"{int(drawn.hexdigest(), 16) % 10**6:06}"

    @property
    def is_open(self) -> bool:
        """Whether a code may still be typed."""
        is_fresh = timezone.now() < self.asked_at + self.LIFE
        return self.confirmed_at is None and self.tries < self.MOST_TRIES and is_fresh


class Delivery(models.Model):
    """A notice on its way by one channel; delivered once."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="one_delivery_a_channel")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel}"

    @property
    def urn(self) -> str:
        return f"notice:{self.notice_id}"
