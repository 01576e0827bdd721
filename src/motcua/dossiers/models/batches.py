"""Many dossiers filed from one form."""

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from motcua.dossiers.models.applications import own_or_under
from motcua.lib.actors import Actor
from motcua.lib.named_files import names_files
from motcua.mandates.models import Mandate
from motcua.people.models import Account
from motcua.procedures.models import Version
from motcua.procedures.schema import Definition


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, actor: Actor) -> Self:
        """As applications are."""
        return self.filter(own_or_under(actor))


@names_files("papers")
class Batch(models.Model):
    """Dossiers of one procedure at one agency, from one form whose answers they share and a list of what differs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="batches")
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="batches"
    )
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    overlays = ArrayField(models.UUIDField(), default=list, blank=True)
    case = models.CharField(max_length=40)
    agency = models.CharField(max_length=35)
    agency_name = models.CharField(max_length=200)
    # What all share: the answers of the form it was made from, and its papers as attachments know them.
    answers = models.JSONField(default=dict)
    papers = models.JSONField(default=list)
    made_at = models.DateTimeField(default=timezone.now)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "batches"
        indexes = [models.Index(fields=["account", "-made_at"])]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def urn(self) -> str:
        return f"batch:{self.pk}"

    @property
    def principal_name(self) -> str:
        """Whose matters they are."""
        return self.mandate.principal_name if self.mandate else self.account.name

    @property
    def principal_number(self) -> str:
        """Their personal number, or the code of their business."""
        return self.mandate.principal_number if self.mandate else self.account.username

    @property
    def definition(self) -> Definition:
        """The procedure as it holds at the agency."""
        return self.version.with_overlays(self.overlays)
