"""Health insurance cards."""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from motcua.registers.insurance.records import CardRecord
from motcua.registers.records import Version, VersionQuerySet


class Card(models.Model):
    """A card under its number; a child has one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    personal_number = models.CharField(max_length=12, unique=True)
    code = models.CharField(max_length=10, unique=True)
    number = models.CharField(max_length=15, unique=True)
    occasion = models.CharField(max_length=120, unique=True)
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{10}$"), name="code_has_10_digits"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[A-Z]{2}[1-5][0-9]{12}$"), name="card_number_has_its_form"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="card_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def urn(self) -> str:
        return f"card:{self.pk}"


class CardVersion(Version):
    """What stands on a card."""

    RECORD = CardRecord

    subject = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="versions")
    full_name = models.CharField(max_length=100)
    sex = models.CharField(max_length=6)
    born_on = models.DateField()
    address = models.CharField(max_length=200)
    clinic = models.CharField(max_length=200)

    objects = VersionQuerySet["CardVersion"].as_manager()

    def __str__(self) -> str:
        return str(self.subject)


def card_of(personal_number: str, day: date | None = None) -> CardVersion | None:
    """Return what stands on a person's card on a day (today); nothing when the card does not hold then."""
    versions = CardVersion.objects.current().valid_on(day or timezone.localdate())
    return versions.filter(subject__personal_number=personal_number).select_related("subject").first()
