"""Dossiers that were brought to a counter, as the page of one's own knows them: whose they are, and nothing of what they say."""

from typing import Self

from django.db import models

from motcua.dossiers.models.applications import is_person
from motcua.lib.actors import Actor
from motcua.mandates.models import account_id
from motcua.people.models import Account
from motcua.procedures.folding import fold


class BroughtQuerySet(models.QuerySet["Brought"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the person who bears this number and this name: a number mistyped at a counter shows nobody another's."""
        found = Account.objects.filter(pk=account_id(actor)).first() if is_person(actor) else None
        if found is None:
            return self.none()
        return self.filter(owner=found.username, folded_name=fold(found.name))

    def received(self) -> Self:
        """Those that bear their code."""
        return self.exclude(code="")


class Brought(models.Model):
    """A dossier an agency has from its counter, by post or from a hired service, for a person or business known by number."""

    dossier = models.UUIDField(primary_key=True, editable=False)
    owner = models.CharField(max_length=14)
    folded_name = models.CharField(max_length=200)
    # None before it is received.
    code = models.CharField(max_length=60)
    procedure = models.CharField(max_length=40)
    agency = models.CharField(max_length=35)
    at = models.DateTimeField()

    objects = BroughtQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "brought"
        indexes = [models.Index(fields=["owner", "-at"], name="dossiers_brought_by")]

    def __str__(self) -> str:
        return self.code

    @property
    def urn(self) -> str:
        return f"dossier:{self.dossier}"
