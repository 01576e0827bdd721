"""Petitions where people write them, and as agencies receive them."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.models import Application
from motcua.lib.actors import Actor
from motcua.lib.worded import worded_once
from motcua.people.models import Account

LONGEST = 4000


class Kind(models.TextChoices):
    """What it is about, and so who answers it and within what time."""

    QUESTION = "question", _("Question about a reading of personal data")
    COMPLAINT = "complaint", _("Complaint about a dossier")


# Working days to answer in. Complaints as petitions about procedures are handled (decree 20/2008); a formal complaint by
# the law on complaints is another road. For questions nothing is laid down: this is our own promise.
DAYS = {Kind.QUESTION: 5, Kind.COMPLAINT: 10}
# Who answers: a question anyone who works on dossiers there, a complaint the head alone.
ANSWERERS = {
    Kind.QUESTION: ("receiver", "registrar", "specialist", "clerk", "chair", "auditor"),
    Kind.COMPLAINT: ("chair",),
}


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting for the answer")
    ANSWERED = "answered", _("Answered")


class PetitionQuerySet(models.QuerySet["Petition"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, and nobody else's."""
        if not actor.urn.startswith("person:"):
            return self.none()
        return self.filter(account=uuid.UUID(actor.urn.removeprefix("person:")))


class Petition(models.Model):
    """What a person wrote to an agency, and its answer; the agency's copy bears the same id."""

    Kind, State = Kind, State

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="petitions")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="petitions"
    )
    agency = models.CharField(max_length=35)
    agency_name = models.CharField(max_length=200)
    # Of a question the reading it asks about: when, who, what, what for and under which dossier, as the register told it.
    about = models.JSONField(default=dict, blank=True)
    text = models.TextField(max_length=LONGEST)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    # Of a complaint whether the agency found it right, once it is answered.
    upheld = models.BooleanField(null=True, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = PetitionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["account", "-sent_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=Kind.COMPLAINT) | Q(application__isnull=False),
                name="a_complaint_is_about_a_dossier",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def urn(self) -> str:
        return f"petition:{self.pk}"

    @property
    def is_answered(self) -> bool:
        return self.state == State.ANSWERED


class ReceivedQuerySet(models.QuerySet["Received"]):
    def visible_to(self, actor: Actor) -> Self:
        """Each kind to those who answer it at their agency: a complaint only to the head."""
        mine = Q(pk__in=[])
        for kind, roles in ANSWERERS.items():
            mine |= Q(kind=kind, agency__in=actor.answers_for(*roles))
        return self.filter(mine)

    def by_receipt_of(self, dossier: uuid.UUID) -> Self:
        """What whoever holds the receipt of a dossier wrote about it, the newest first."""
        return self.filter(dossier=dossier, origin="").order_by("-arrived_at", "-pk")

    def handling(self, agency: str, since: datetime, until: datetime) -> "Handling":
        """How an agency handled what came to it in a span; what is not answered and not due yet says nothing so far."""
        found = handled.first(agency, since, until, timezone.now())
        return Handling(found["received"], found["late"], found["dragging"]) if found else Handling(0, 0, 0)


@dataclass(frozen=True)
class Handling:
    """Petitions that were to be answered by now: all, those answered late or not at all, and of these the latter."""

    received: int
    late: int
    dragging: int


class Received(models.Model):
    """A petition at the agency that is to answer it."""

    Kind, State = Kind, State

    MOVES = {"reply": ({State.WAITING}, State.ANSWERED)}

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    agency = models.CharField(max_length=35)
    # Where it was written and its answer goes; nowhere, if whoever holds the receipt of a dossier wrote it here.
    origin = models.CharField(max_length=35, blank=True)
    asker_name = models.CharField(max_length=120)
    asker_number = models.CharField(max_length=14)
    dossier = models.UUIDField(null=True, blank=True)
    about = models.JSONField(default=dict, blank=True)
    text = models.TextField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    # Of a complaint whether it was found right, once it is answered: indicator 7 of circular 01/2018 counts by it.
    upheld = models.BooleanField(null=True, blank=True)
    arrived_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ReceivedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "received"
        indexes = [
            models.Index(fields=["agency", "state", "due_at"]),
            models.Index(fields=["dossier"], condition=Q(upheld=True), name="petitions_upheld"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(upheld=None) | Q(kind=Kind.COMPLAINT, state=State.ANSWERED),
                name="only_an_answered_complaint_is_upheld",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def urn(self) -> str:
        return f"petition-received:{self.pk}"

    @property
    def is_by_receipt(self) -> bool:
        """Whether it was written here by who has no account: the answer stands on the page the receipt opens."""
        return not self.origin

    @property
    def is_answered(self) -> bool:
        return self.state == State.ANSWERED

    @property
    def is_late(self) -> bool:
        return (self.answered_at or timezone.now()) > self.due_at


@worded_once
def handled(agency: str, since: datetime, until: datetime, now: datetime) -> models.QuerySet[Any, Any]:
    """The counts of `Handling`; no row where nothing was to be answered."""
    late = Q(answered_at__gt=F("due_at")) | Q(state=State.WAITING, due_at__lt=now)
    came = Received.objects.filter(agency=agency, arrived_at__gte=since, arrived_at__lt=until)
    said = came.filter(late | Q(state=State.ANSWERED)).values("agency")
    dragging = Count("pk", filter=Q(state=State.WAITING))
    return said.annotate(received=Count("pk"), late=Count("pk", filter=late), dragging=dragging)
