"""Health insurance cards."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from motcua.registers.insurance.records import CardRecord
from motcua.registers.records import Subject, Version, VersionQuerySet


class Card(Subject):
    """A card under its number; a child has one."""

    URN = "card"

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


def card_of(personal_number: str, day: date | None = None) -> CardVersion | None:
    """Return what stands on a person's card on a day (today); nothing when the card does not hold then."""
    return CardVersion.objects.all().held_of(day, personal_number=personal_number)
