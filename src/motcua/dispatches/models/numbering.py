"""How an agency numbers what it sends."""

from django.db import models


class Numbering(models.Model):
    """One series for all kinds, or one for each, from 1 every year (decree 30/2020, art. 15). Without a row: one for all."""

    agency = models.CharField(max_length=35, primary_key=True)
    is_by_kind = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.agency

    @property
    def urn(self) -> str:
        return f"numbering:{self.agency}"


def series_of(agency: str, kind: str) -> str:
    """The series a document of this kind is numbered in; empty where all share one."""
    return kind if Numbering.objects.filter(agency=agency, is_by_kind=True).exists() else ""
