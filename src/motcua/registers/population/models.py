"""Persons, what is known of them, and who read it."""

from collections.abc import Collection
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from motcua.lib.worded import worded_once
from motcua.registers.population.records import PersonRecord
from motcua.registers.records import Subject, Version, VersionQuerySet


class Person(Subject):
    """One human being, under the number they keep for life."""

    URN = "citizen"

    number = models.CharField(max_length=12, unique=True)
    # The errand by which the number was issued: the same errand gets the same number again.
    occasion = models.CharField(max_length=120, blank=True)
    issued_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(number__regex=r"^[0-9]{12}$"), name="number_has_12_digits"),
            models.UniqueConstraint(
                fields=["occasion"], condition=~Q(occasion=""), name="one_number_an_occasion"
            ),
        ]


class PersonVersion(Version):
    """What the register says of a person."""

    RECORD = PersonRecord

    subject = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="versions")
    full_name = models.CharField(max_length=100)
    sex = models.CharField(max_length=6)
    born_on = models.DateField()
    ethnicity = models.CharField(max_length=40)
    nationality = models.CharField(max_length=40)
    home_town = models.CharField(max_length=200, blank=True)
    residence = models.CharField(max_length=200, blank=True)
    residence_unit = models.CharField(max_length=5, blank=True)
    mother_number = models.CharField(max_length=12, blank=True)
    father_number = models.CharField(max_length=12, blank=True)
    is_alive = models.BooleanField(default=True)

    objects = VersionQuerySet["PersonVersion"].as_manager()


def person_on(number: str, day: date | None = None) -> PersonVersion | None:
    """Return what is held for true now of the holder of a number, on a day (today)."""
    return held_of.first(number, day or timezone.localdate())


@worded_once
def held_of(number: str, day: date) -> VersionQuerySet[PersonVersion]:
    """The same, as it is asked."""
    held = PersonVersion.objects.all().current().valid_on(day)
    return held.filter(subject__number=number).select_related("subject").order_by("pk")[:1]


def people_on(numbers: Collection[str]) -> dict[str, PersonVersion]:
    """What is held for true today of the holders of several numbers, by their number."""
    found = held_of_all(tuple(sorted(numbers)), timezone.localdate())
    return {one.subject.number: one for one in reversed(found)}


@worded_once
def held_of_all(numbers: Any, day: date) -> VersionQuerySet[PersonVersion]:
    """The same, as it is asked."""
    held = PersonVersion.objects.all().current().valid_on(day)
    return held.filter(subject__number__in=numbers).select_related("subject").order_by("pk")


class ReadingQuerySet(models.QuerySet["Reading"]):
    def of(self, number: str) -> Self:
        """Readings of the record of one person, newest first."""
        return self.filter(subject=number).order_by("-at", "-id")


class Reading(models.Model):
    """Someone read a person's record in a register of this node; the person sees it."""

    # A personal number; of a business its code.
    subject = models.CharField(max_length=14)
    service = models.CharField(max_length=80)
    agency = models.CharField(max_length=35)
    reader = models.CharField(max_length=120)
    reader_name = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=200)
    dossier = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(db_default=Now())

    objects = ReadingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject", "-at", "-id"])]

    def __str__(self) -> str:
        return f"{self.service} {self.agency}"

    @property
    def urn(self) -> str:
        return f"reading:{self.pk}"
