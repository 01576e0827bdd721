"""One showing at a counter: who, where, for what, and what became of it."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def latest_at(self, agencies: list[str], most: int = 20) -> Self:
        """The last ones at these counters, the newest first."""
        return self.filter(agency__in=agencies).order_by("-shown_at", "-pk")[:most]


class Enrolment(models.Model):
    """A person and their card were seen at a counter (decree 69/2024); the password they got is not kept."""

    class State(models.TextChoices):
        SENT = "sent", _("On its way")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    MOVES = {
        "conclude": ({State.SENT}, State.DONE),
        # The node that keeps identities signs for the message first, and may refuse what it says after that.
        "call_off": ({State.SENT, State.DONE}, State.REFUSED),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=35)
    number = models.CharField(max_length=12)
    name = models.CharField(max_length=120, blank=True)
    gives_password = models.BooleanField(default=False)
    # What they confirm with in the second step is lost as well; only together with a new password.
    drops_second_step = models.BooleanField(default=False)
    officer = models.CharField(max_length=120)
    shown_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    reason = models.TextField(max_length=500, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agency", "-shown_at", "-id"], name="enrolments_at_a_counter")]

    def __str__(self) -> str:
        return self.name or str(self.pk)

    @property
    def urn(self) -> str:
        return f"enrolment:{self.pk}"


class OfficerQuerySet(models.QuerySet["Officer"]):
    def in_office(self) -> Self:
        """Those who hold a post today."""
        return self.filter(Q(until=None) | Q(until__gte=timezone.localdate()))


class Officer(models.Model):
    """Somebody who holds a post at an agency of another node, as that agency tells the node that keeps identities.

    No counter gives them a password: who has it signs in to that agency's desk in their name.
    """

    number = models.CharField(max_length=12)
    agency = models.CharField(max_length=35)
    # The last day, once it is known.
    until = models.DateField(null=True, blank=True)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "agency"], name="an_officer_stands_once_an_agency")
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.pk}"

    @property
    def urn(self) -> str:
        return f"officer:{self.pk}"
