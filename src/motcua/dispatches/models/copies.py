"""Copies an agency makes of documents it has received or issued, in their register of the year."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from motcua.dispatches.models.incoming import Incoming
from motcua.dispatches.models.outgoing import Outgoing
from motcua.documents.copying import Manner
from motcua.lib.actors import Actor
from motcua.lib.named_files import names_files


class CopyQuerySet(models.QuerySet["Copy"]):
    def visible_to(self, actor: Actor, *roles: str) -> Self:
        """Those of documents one may see."""
        if actor.is_system:
            return self
        came = Incoming.objects.visible_to(actor, *roles).values("pk")
        went = Outgoing.objects.visible_to(actor, *roles).values("pk")
        return self.filter(Q(incoming__in=came) | Q(outgoing__in=went))

    def register(self, agency: str, year: int) -> Self:
        """All of a year, in the order of their numbers."""
        return self.filter(agency=agency, year=year).order_by("serial")


@names_files("original", "file")
class Copy(models.Model):
    """A copy of one file of a document, under a number of its own; all kinds of copies of an agency share one series a year."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=35)
    manner = models.CharField(max_length=5)
    incoming = models.ForeignKey(
        Incoming, on_delete=models.PROTECT, null=True, blank=True, related_name="copies"
    )
    outgoing = models.ForeignKey(
        Outgoing, on_delete=models.PROTECT, null=True, blank=True, related_name="copies"
    )
    # What was copied and the copy, each {"name", "media", "size", "digest"}.
    original = models.JSONField()
    file = models.JSONField()
    pages = models.CharField(max_length=200, blank=True, help_text="Of an excerpt: 2-4, 7.")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    notation = models.CharField(max_length=30)
    made_by = models.CharField(max_length=120)
    made_by_name = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=timezone.now)
    sent = models.OneToOneField(
        Outgoing, on_delete=models.PROTECT, null=True, blank=True, related_name="copy_sent"
    )

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "copies"
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "serial"], name="a_copy_has_its_number_alone"),
            models.CheckConstraint(
                condition=Q(incoming=None, outgoing__isnull=False) | Q(incoming__isnull=False, outgoing=None),
                name="a_copy_is_of_one_document",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def urn(self) -> str:
        return f"copy:{self.pk}"

    @property
    def number(self) -> str:
        """As it stands on the copy: 03/SY-UBND."""
        return f"{self.serial:02}/{self.notation}"

    @property
    def words(self) -> str:
        """What kind of copy it is."""
        return str(Manner(self.manner).words)

    @property
    def of(self) -> Any:
        """The document it is a copy of, in whichever register it stands."""
        return self.incoming or self.outgoing
