"""Births in the books of the agencies that register them."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.registers.civil.records import BirthRecord
from motcua.registers.records import Subject, Version, VersionQuerySet

# Births are registered at once: who has waited a day for a number no longer keeps others out.
HOLD = timedelta(days=1)


class Birth(Subject):
    """One entry of a birth book; before it has its number it holds the place of the child it is about."""

    URN = "birth"

    class State(models.TextChoices):
        AWAITING = "awaiting", _("Waiting for the personal number")
        REGISTERED = "registered", _("Registered")

    MOVES = {
        "complete": ({State.AWAITING}, State.REGISTERED),
        "correct": ({State.REGISTERED}, State.REGISTERED),
    }

    state = models.CharField(max_length=10, choices=State, default=State.AWAITING)
    occasion = models.CharField(max_length=120, unique=True)
    agency = models.CharField(max_length=35)
    parents_key = models.CharField(max_length=120, blank=True)
    name_key = models.CharField(max_length=120)
    born_on = models.DateField()
    taken_at = models.DateTimeField(default=timezone.now)
    declared = models.JSONField(default=dict)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    registered_on = models.DateField(null=True)
    personal_number = models.CharField(max_length=12, null=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "number"], name="one_birth_a_number"),
            models.UniqueConstraint(
                fields=["parents_key", "born_on", "name_key"],
                condition=~Q(parents_key=""),
                name="one_registration_a_child",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="registered",
                    year__isnull=False,
                    number__isnull=False,
                    registered_on__isnull=False,
                    personal_number__isnull=False,
                )
                | Q(state="awaiting", number__isnull=True, personal_number__isnull=True),
                name="a_registered_birth_has_its_numbers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_number} {self.agency}"

    @property
    def certificate_number(self) -> str:
        """As it stands on the certificate: “15/2026”."""
        return f"{self.number}/{self.year}" if self.number else ""

    @property
    def book(self) -> str:
        """An agency keeps one book a year: “01/2026”."""
        return f"01/{self.year}" if self.year else ""

    @property
    def has_lapsed(self) -> bool:
        return self.state == self.State.AWAITING and timezone.now() - self.taken_at > HOLD


class BirthVersion(Version):
    """What the book says of a birth."""

    RECORD = BirthRecord

    subject = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="versions")
    surname = models.CharField(max_length=30)
    middle_name = models.CharField(max_length=60, blank=True)
    given_name = models.CharField(max_length=30)
    sex = models.CharField(max_length=6)
    born_on = models.DateField()
    born_at = models.CharField(max_length=200)
    born_in = models.CharField(max_length=200, blank=True)
    home_town = models.CharField(max_length=200, blank=True)
    ethnicity = models.CharField(max_length=40)
    nationality = models.CharField(max_length=40)
    mother = models.JSONField(default=dict)
    father = models.JSONField(default=dict)
    declarant_number = models.CharField(max_length=12, blank=True)
    relation = models.CharField(max_length=40, blank=True)

    objects = VersionQuerySet["BirthVersion"].as_manager()


def birth_of(personal_number: str, day: date | None = None) -> BirthVersion | None:
    """Return what is held for true now of the birth of a person, on a day (today)."""
    return BirthVersion.objects.all().held_of(day, personal_number=personal_number)
