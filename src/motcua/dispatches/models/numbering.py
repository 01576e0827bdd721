"""How an agency numbers what it sends."""

from django.db import models


class Numbering(models.Model):
    """From a year on: one series for all kinds, or one for each, from 1 every year (decree 30/2020, art. 15). Without: one for all.

    A year that has begun keeps its way: otherwise a number could be given twice.
    """

    agency = models.CharField(max_length=35)
    since = models.PositiveSmallIntegerField(help_text="The first year it holds.")
    is_by_kind = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "since"], name="one_way_of_numbering_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.since}"

    @property
    def urn(self) -> str:
        return f"numbering:{self.agency}"


def numbering_of(agency: str, year: int) -> bool:
    """Whether an agency numbers by kind in a year."""
    held = Numbering.objects.filter(agency=agency, since__lte=year).order_by("-since").first()
    return held is not None and held.is_by_kind


def series_of(agency: str, kind: str, year: int) -> str:
    """The series a document of this kind is numbered in; empty where all share one."""
    return kind if numbering_of(agency, year) else ""
