"""The number of a dossier's control slip."""

from django.db import models


class Slip(models.Model):
    """The control slip of a dossier (form 06, 05 before 2025) has one number, however often it is printed."""

    dossier = models.OneToOneField("dossiers.Dossier", on_delete=models.PROTECT, related_name="slip")
    agency = models.CharField(max_length=35)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="one_control_slip_a_number_and_year"
            )
        ]

    def __str__(self) -> str:
        return self.notation

    @property
    def notation(self) -> str:
        """Its number as the paper bears it: 12/PKS-BPTNTKQ."""
        return f"{self.number}/PKS-BPTNTKQ"
