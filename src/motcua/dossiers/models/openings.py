"""Dossiers and papers of theirs that were opened at the agency, as the agency told of each."""

from datetime import date
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from motcua.dossiers.models.applications import Application
from motcua.dossiers.models.brought import Brought


class OpeningQuerySet(models.QuerySet["Opening"]):
    def of_person(self, account: UUID, on: date, *, number: str, folded_name: str) -> Self:
        """Of the matters of one person or business, as far as this account may see them: filed online, or brought to a counter.

        Of the former what they filed for themselves and what others filed for them; of the latter what bears number and name.
        """
        own = Q(application__mandate=None, application__account__username=number)
        online = self.filter(application__in=Application.objects.of_person(account, on))
        online = online.filter(own | Q(application__mandate__principal_number=number))
        at_counter = self.filter(brought__owner=number, brought__folded_name=folded_name)
        # Two conditions joined by OR would look through the openings of everybody.
        return self.filter(pk__in=online.values("pk").union(at_counter.values("pk")))

    def newest_first(self) -> Self:
        return self.select_related("application", "brought").order_by("-at", "-pk")


class Opening(models.Model):
    """Somebody at the agency, an officer or a system, opened the dossier, or a paper the applicant had given."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, null=True, blank=True, related_name="openings"
    )
    brought = models.ForeignKey(
        Brought, on_delete=models.CASCADE, null=True, blank=True, related_name="openings", db_index=False
    )
    # The agency's code and the number of its journal's entry: told twice it is written down once.
    key = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()
    who = models.CharField(max_length=120)
    agency = models.CharField(max_length=200)
    # The paper; nothing where it was the dossier itself.
    paper = models.CharField(max_length=200, blank=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["application", "-at", "-id"], name="openings_of_a_dossier"),
            models.Index(
                fields=["brought", "-at", "-id"],
                condition=Q(brought__isnull=False),
                name="openings_at_a_counter",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(application__isnull=False, brought__isnull=True)
                | Q(application__isnull=True, brought__isnull=False),
                name="an_opening_is_of_one_dossier",
            )
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.paper}"

    @property
    def matter(self) -> Application | Brought:
        """The dossier, as its applicant knows it."""
        matter = self.application or self.brought
        assert matter is not None  # noqa: S101 — the constraint says so
        return matter

    @property
    def agencies(self) -> tuple[str, str]:
        """The codes of who opened it and of who has the dossier since: the former may have ended."""
        return self.key.partition(":")[0], self.matter.agency
