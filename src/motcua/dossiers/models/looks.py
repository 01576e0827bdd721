"""Who opened which dossier here on which day, until its applicant has been told."""

from django.db import models
from django.db.models import Q

from motcua.dossiers.models.dossiers import Dossier


class Look(models.Model):
    """An officer or a system opened a dossier on a day: kept until that is told and the day over, in the journal for ever."""

    # It follows from dossier, day and who looked: opened twice it is written down once.
    id = models.UUIDField(primary_key=True, editable=False)
    # Where it was opened: the dossier may have passed to another agency since.
    agency = models.CharField(max_length=35)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="looks", db_index=False)
    looker = models.CharField(max_length=80)
    who = models.CharField(max_length=120)
    at = models.DateTimeField()
    is_told = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["dossier"], condition=Q(is_told=False), name="looks_to_be_told")]

    def __str__(self) -> str:
        return f"{self.who} {self.id}"
