"""Drafts of results: what the officer words, before the head of the agency signs."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from motcua.dossiers.models.dossiers import Dossier
from motcua.people.models import Account


class ResultDraft(models.Model):
    """One version of a result's wording; never changed, the next version replaces it."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="drafts")
    number = models.PositiveSmallIntegerField()
    granted = models.CharField(max_length=500)
    # [label, value] each, as they are printed.
    facts = models.JSONField(default=list)
    terms = models.TextField(max_length=2000, blank=True)
    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    initialled_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    initialled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="one_draft_a_number"),
            models.CheckConstraint(
                condition=Q(initialled_by=None, initialled_at=None)
                | Q(initialled_by__isnull=False, initialled_at__isnull=False) & ~Q(initialled_by=F("author")),
                name="nobody_initials_what_they_wrote",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier} {self.number}"

    @property
    def urn(self) -> str:
        return f"draft-result:{self.pk}"

    @property
    def agency(self) -> str:
        return self.dossier.agency
