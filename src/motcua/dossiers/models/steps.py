"""The steps of a dossier and the stretches of its clock."""

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.models.dossiers import Dossier
from motcua.lib.worded import worded_once

# The kinds of steps an officer of the handling agency has on the desk.
BY_PEOPLE = ("human", "consult")


class Step(models.Model):
    """One step of the procedure in one dossier, with its own clock."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Not begun")
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    # Found by its dossier through the constraint below; a second index would be written with every step.
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="steps", db_index=False)
    key = models.CharField(max_length=40)
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    role = models.CharField(max_length=20, blank=True)
    agency = models.CharField(max_length=35)
    service = models.CharField(max_length=80, blank=True)
    hours = models.DecimalField(max_digits=6, decimal_places=2)
    after = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # The dossier by which it is decided above, as long as that is awaited, and after.
    above = models.UUIDField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Working hours the dossier's clock stood still while people here had the step, by the same calendar.
    paused = models.DecimalField(max_digits=10, decimal_places=4, default=0)
    # Working hours from beginning to end without these, by the calendar of the step's agency as it then was.
    took = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    by_urn = models.CharField(max_length=120, blank=True)
    by_name = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    trouble = models.TextField(blank=True)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["dossier", "key"], name="a_step_stands_once")]
        indexes = [
            models.Index(
                fields=["agency", "ended_at"], condition=Q(ended_at__isnull=False), name="steps_that_ended"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier} {self.key}"

    @property
    def is_on_time(self) -> bool:
        return self.due_at is None or (self.ended_at or timezone.now()) <= self.due_at


class Round(models.Model):
    """An earlier time a step was done, or begun, before the dossier was sent back and it began anew."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="rounds")
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    role = models.CharField(max_length=20, blank=True)
    agency = models.CharField(max_length=35)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField()
    by_urn = models.CharField(max_length=120, blank=True)
    by_name = models.CharField(max_length=120, blank=True)
    # The step it was sent back to from here; empty for one that was done, or broken off by another.
    back_to = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.dossier} {self.key} {self.started_at}"

    @property
    def is_on_time(self) -> bool:
        return self.due_at is None or self.ended_at <= self.due_at


@worded_once
def steps_of(dossier: UUID) -> models.QuerySet[Step]:
    """The steps of a dossier in their order."""
    return Step.objects.filter(dossier=dossier)


class Segment(models.Model):
    """A stretch of a dossier's clock: running, or standing still and why."""

    class Kind(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Standing still")

    class Cause(models.TextChoices):
        SUPPLEMENT = "supplement", _("Waiting for a supplement")
        FEE = "fee", _("Waiting for the fee")
        STOPPED = "stopped", _("The work was stopped")

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="segments")
    kind = models.CharField(max_length=10, choices=Kind)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # Why it stands still, and the same in words.
    cause = models.CharField(max_length=10, choices=Cause, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    # Working hours left when it began, for one that goes on after a pause; none for one that starts from zero.
    left = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(ended_at__isnull=True), name="one_open_segment_of_a_clock"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier} {self.kind} {self.began_at}"
