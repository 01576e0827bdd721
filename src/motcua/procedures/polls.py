"""The question put to those who will use a service, before it goes online, and what they answered."""

import datetime as dt
import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# An assent older than this was given to something else.
HOLDS_DAYS = 730


class PollQuerySet(models.QuerySet["Poll"]):
    def coded(self, code: str) -> Self:
        return self.filter(procedure__code=code)

    def closed(self) -> Self:
        """Those whose answers have been counted, the last first."""
        return self.filter(state=Poll.State.CLOSED).order_by("-ends_on", "-closed_at")

    def assent_to(self, code: str, on: dt.date) -> "Poll | None":
        """The last poll about a procedure, if more than half of those who answered assented and it still holds."""
        last = self.coded(code).closed().filter(ends_on__gte=on - dt.timedelta(days=HOLDS_DAYS)).first()
        return last if last and last.is_assent else None


class Poll(models.Model):
    """Users and associations asked about one procedure, in a period; what was counted is never changed."""

    class State(models.TextChoices):
        OPEN = "open", _("Being asked")
        CLOSED = "closed", _("Counted")

    # The whole life of a poll: action -> (from, to).
    MOVES = {"count_poll": ({State.OPEN}, State.CLOSED)}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    procedure = models.ForeignKey("procedures.Procedure", on_delete=models.PROTECT, related_name="polls")
    question = models.TextField()
    whom = models.TextField()
    begins_on = models.DateField()
    ends_on = models.DateField()
    asked = models.PositiveIntegerField()
    answered = models.PositiveIntegerField(null=True, blank=True)
    assented = models.PositiveIntegerField(null=True, blank=True)
    # Number of the letter or report in which the answers are kept.
    document = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_by = models.CharField(max_length=120)
    counted_by = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = PollQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(state="open"), name="one_open_poll_of_a_procedure"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("begins_on")), name="a_poll_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(asked__gt=0), name="a_poll_asks_somebody"),
            models.CheckConstraint(
                condition=Q(state="open", answered=None, assented=None)
                | Q(
                    state="closed",
                    answered__isnull=False,
                    assented__isnull=False,
                    answered__lte=F("asked"),
                    assented__lte=F("answered"),
                ),
                name="a_closed_poll_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.ends_on.isoformat()} ({self.state})"

    @property
    def urn(self) -> str:
        return f"poll:{self.pk}"

    @property
    def owner(self) -> str:
        return self.procedure.owner

    @property
    def is_assent(self) -> bool:
        """More than half of those who answered want it; silence is no assent."""
        return self.state == self.State.CLOSED and 2 * (self.assented or 0) > (self.answered or 0)
