"""Who is written to by e-mail because no node reaches them, what went to them so, and what they sent."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.dispatches.models.incoming import Incoming
from motcua.dispatches.models.outgoing import Delivery, Outgoing
from motcua.lib.named_files import names_files
from motcua.organisations.models import Agency


def outside(name: str) -> str:
    """The code under which somebody stands here who is in no list of agencies; of the same name it is the same."""
    return f"E.{sha256(' '.join(name.split()).casefold().encode()).hexdigest()[:10]}"


class Correspondent(models.Model):
    """An agency without a node, or an organisation outside, that an agency writes to by e-mail."""

    agency = models.CharField(max_length=35, help_text="Whose correspondent it is.")
    code = models.CharField(max_length=35, help_text="Its code in the list of agencies; E.… for one outside.")
    name = models.CharField(max_length=200)
    address = models.EmailField()
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="a_correspondent_has_one_address")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def urn(self) -> str:
        return f"correspondent:{self.pk}"


def known(typed: Iterable[str]) -> dict[str, str]:
    """The codes of those meant by these codes or names, of whomever an address is kept at this node."""
    meant = {one: outside(one) for one in typed}
    kept = set(
        Correspondent.objects.filter(code__in=[*meant, *meant.values()]).values_list("code", flat=True)
    )
    return {one: code for one, other in meant.items() for code in (one, other) if code in kept}


def names_of(codes: Sequence[str]) -> dict[str, str]:
    """The names of those meant by these codes, agencies and whoever is outside; a code nobody has stands for itself."""
    names = dict(Agency.objects.filter(code__in=codes).values_list("code", "name_vi"))
    if len(names) < len(set(codes)):
        names = dict(Correspondent.objects.filter(code__in=codes).values_list("code", "name")) | names
    return {code: names.get(code, code) for code in codes}


@names_files("message")
class SentMail(models.Model):
    """An e-mail by which a document, its recall or our refusal goes out: signed and kept byte for byte before it is sent."""

    class State(models.TextChoices):
        """What is known of its way."""

        WAITING = "waiting", _("To be sent by e-mail")
        SENT = "sent", _("Sent by e-mail")
        DELIVERED = "delivered", _("Arrived in their mailbox")
        REFUSED = "refused", _("Refused by their mail server")
        FAILED = "failed", _("Could not be sent by e-mail")

    ENDED = frozenset({State.REFUSED, State.FAILED})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=35)
    delivery = models.ForeignKey(
        Delivery,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="mails",
        help_text="None: it refuses something that came by e-mail.",
    )
    address = models.EmailField()
    message = models.CharField(max_length=64, help_text="Digest of the mail as it is sent.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # In the words of the mail server.
    trouble = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.message_id

    @property
    def urn(self) -> str:
        return f"mail:{self.pk}"

    @property
    def message_id(self) -> str:
        """One for ever: should a crash fall between sending and noting it, mail servers see the same mail."""
        return f"<{self.pk}@{settings.NODE.name}.motcua>"

    @property
    def document(self) -> Outgoing | Incoming | None:
        """What it brings or recalls; None where it refuses something that came."""
        return (self.delivery.outgoing or self.delivery.forwarded) if self.delivery else None

    @property
    def at(self) -> datetime:
        """Since when it stands where it stands."""
        return self.heard_at or self.sent_at or self.made_at


class ReceivedMailQuerySet(models.QuerySet["ReceivedMail"]):
    def aside(self, agencies: Collection[str]) -> Self:
        """Those that wait for a clerk of these agencies, the oldest first."""
        return self.filter(agency__in=agencies, state="aside").order_by("at", "pk")


@names_files("message")
class ReceivedMail(models.Model):
    """An e-mail that came: what it became, or why it lies aside until a clerk looks at it."""

    class State(models.TextChoices):
        """What became of it."""

        NEW = "new", _("New")
        TAKEN = "taken", _("Taken in")
        NOTED = "noted", _("Noted")
        ASIDE = "aside", _("Put aside")
        DISMISSED = "dismissed", _("Dismissed")

    MOVES = {
        "take_in": ({State.ASIDE}, State.TAKEN),
        "dismiss": ({State.ASIDE}, State.DISMISSED),
    }
    REASONS: dict[str, Promise] = {
        "unknown": _("It answers none of our documents."),
        "address": _("It names a document of ours, but comes from an address that was not written to."),
        "auto": _("A machine wrote it: an automatic answer, a list, an advertisement."),
        "report": _("It tells of a mail that was not sent from here."),
        "large": _("It is larger than what is taken in; only its head was read, and it was not kept."),
        "parts": _("It has so many parts that it was not opened."),
        "encrypted": _("It is encrypted or wrapped, and cannot be read here."),
        "unreadable": _("It is no mail that can be read."),
        "secret": _("It says of itself that it is a state secret: it was not kept."),
    }
    # What lies aside for one of these can be taken in; the rest cannot be opened here.
    OPENED = frozenset({"unknown", "address", "auto"})

    # It follows from identifier and content: the same mail twice is one.
    id = models.UUIDField(primary_key=True, editable=False)
    agency = models.CharField(max_length=35)
    address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    text = models.CharField(max_length=2000, blank=True, help_text="The beginning of what it says.")
    names = models.JSONField(default=list, blank=True, help_text="Names of its files.")
    message = models.CharField(max_length=64, blank=True, help_text="Digest of the mail as it came.")
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    reason = models.CharField(max_length=12, blank=True, help_text="Why it lies aside, a key of REASONS.")
    answers = models.ForeignKey(
        SentMail, on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )
    incoming = models.ForeignKey(
        Incoming, on_delete=models.PROTECT, null=True, blank=True, related_name="mails"
    )
    at = models.DateTimeField(default=timezone.now)

    objects = ReceivedMailQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agency", "at"], condition=Q(state="aside"), name="mails_put_aside")]

    def __str__(self) -> str:
        return self.subject

    @property
    def urn(self) -> str:
        return f"came:{self.pk}"

    @property
    def why(self) -> str:
        """Why it lies aside, in words."""
        return str(self.REASONS.get(self.reason, self.reason))

    @property
    def can_be_opened(self) -> bool:
        """Whether a clerk can take it in as it lies here."""
        return self.reason in self.OPENED
