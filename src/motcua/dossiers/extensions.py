"""The one new date of a late dossier."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Extension(models.Model):
    """The one new date of a late dossier, with the apology that names it (form 04; decree 61/2018, art. 19.9)."""

    # One to one: the law allows a single new date, and the database keeps to it.
    dossier = models.OneToOneField("dossiers.Dossier", on_delete=models.PROTECT, related_name="extension")
    agency = models.CharField(max_length=35)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    reason = models.TextField()
    was_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    signed_by = models.CharField(max_length=120)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="one_apology_a_number_and_year"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=models.F("was_due_at")), name="a_new_date_comes_after_the_old"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier} {self.notation}"

    @property
    def notation(self) -> str:
        """Its number as the paper bears it: 7/PXL."""
        return f"{self.number}/PXL"

    @property
    def is_in_time(self) -> bool:
        """Whether it came at least a day before the time was up, as the law wants it."""
        return timezone.localdate(self.given_at) < timezone.localdate(self.was_due_at)
