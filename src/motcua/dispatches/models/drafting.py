"""The versions of a draft, none of which is ever lost, and what colleagues remark on them."""

from typing import Any

from django.db import models
from django.utils import timezone

from motcua.dispatches.kinds import Kind, Urgency
from motcua.lib.named_files import names_files


@names_files("files")
class Version(models.Model):
    """A draft as it stood after one change: who changed it, when, and why."""

    outgoing = models.ForeignKey("dispatches.Outgoing", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    subject = models.CharField(max_length=500)
    text = models.TextField(blank=True)
    receivers = models.JSONField(default=list)
    # As in `Outgoing.files`.
    files = models.JSONField(default=list)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.NONE)
    answer_by = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    written_by = models.CharField(max_length=120)
    written_by_name = models.CharField(max_length=120, blank=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outgoing", "number"], name="a_draft_counts_its_versions")
        ]

    def __str__(self) -> str:
        return f"{self.outgoing_id} {self.number}"

    @property
    def content(self) -> tuple[Any, ...]:
        """What makes it differ from another."""
        return (
            self.kind,
            self.subject,
            self.text,
            self.receivers,
            self.files,
            self.urgency,
            self.answer_by,
        )


class Remark(models.Model):
    """What a colleague noted on a version; the drafter settles it."""

    outgoing = models.ForeignKey("dispatches.Outgoing", on_delete=models.PROTECT, related_name="remarks")
    version = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=1000)
    made_by = models.CharField(max_length=120)
    made_by_name = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["outgoing", "version"], name="remarks_by_version")]

    def __str__(self) -> str:
        return self.words[:60]
