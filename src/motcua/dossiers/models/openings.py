"""Papers of an application that were opened at the agency, as the agency told of each."""

from typing import Self

from django.db import models
from django.db.models import Q

from motcua.dossiers.models.applications import Application
from motcua.lib.actors import Actor


class OpeningQuerySet(models.QuerySet["Opening"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the applications one may see."""
        return self.filter(application__in=Application.objects.visible_to(actor))

    def of_matters_of(self, number: str) -> Self:
        """Of the matters of one person or business: what they filed for themselves, and what others filed for them."""
        own = Q(application__mandate=None, application__account__username=number)
        return self.filter(own | Q(application__mandate__principal_number=number))

    def newest_first(self) -> Self:
        return self.select_related("application").order_by("-at", "-pk")


class Opening(models.Model):
    """Somebody at the agency, an officer or a system, opened a paper the applicant had given."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="openings")
    # The agency's code and the number of its journal's entry: told twice it is written down once.
    key = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()
    who = models.CharField(max_length=120)
    agency = models.CharField(max_length=200)
    paper = models.CharField(max_length=200)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["application", "-at", "-id"], name="openings_of_a_dossier")]

    def __str__(self) -> str:
        return f"{self.who} {self.paper}"
