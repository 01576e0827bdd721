"""What an agency offers by appointment, and the times it holds for people."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.organisations.models import in_language
from motcua.queues.models.tickets import Queue, Ticket

# Bounds an administrator keeps to: minutes of a time, persons at once, days ahead, minutes one may be late.
FEWEST = {"minutes": 5, "persons": 1, "days_ahead": 1, "late_minutes": 0}
MOST = {"minutes": 240, "persons": 50, "days_ahead": 60, "late_minutes": 60}


def within(name: str) -> list[MinValueValidator | MaxValueValidator]:
    """What a number of this name is held to."""
    return [MinValueValidator(FEWEST[name]), MaxValueValidator(MOST[name])]


class Offer(models.Model):
    """Whether and how an agency's one-stop desk takes appointments; one that has said nothing takes none."""

    agency = models.CharField(max_length=35, unique=True)
    is_open = models.BooleanField(default=True)
    minutes = models.PositiveSmallIntegerField(default=30, validators=within("minutes"))
    persons = models.PositiveSmallIntegerField(default=2, validators=within("persons"))
    days_ahead = models.PositiveSmallIntegerField(default=14, validators=within("days_ahead"))
    late_minutes = models.PositiveSmallIntegerField(default=10, validators=within("late_minutes"))
    # Where whoever comes with an appointment gets a ticket; the agency's first queue if none is named.
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{name}__gte": FEWEST[name], f"{name}__lte": MOST[name]}),
                name=f"offer_{name}_within_bounds",
            )
            for name in MOST
        ]

    def __str__(self) -> str:
        return self.agency

    @property
    def urn(self) -> str:
        return f"appointments:{self.agency}"


def offer_of(agency: str) -> Offer:
    """What an agency offers; with the usual numbers, and closed, if it has said nothing yet."""
    return Offer.objects.filter(agency=agency).first() or Offer(agency=agency, is_open=False)


class PlaceQuerySet(models.QuerySet["Place"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the desks where the actor receives people, and of those these follow.

        Administrators, and who stands above, look after times and numbers, not after persons.
        """
        return self.filter(agency__in=actor.answers_for("receiver", "registrar"))

    def held(self) -> Self:
        """Those somebody is still expected with."""
        return self.filter(state=Place.State.HELD)

    def reserved_by(self, actor: Actor) -> Self:
        """Those one of the agency's own systems booked here itself."""
        return self.filter(booked_by=actor.urn).exclude(booked_by="")

    def expected(self, agency: str, code: str) -> "Place | None":
        """Whose code this is at the door: of those still expected, or who came today; the one held before all others."""
        since = timezone.now() - timedelta(hours=24)
        kept = Q(state=Place.State.HELD) | Q(state=Place.State.COME, begins_at__gt=since)
        return self.filter(kept, agency=agency, code=code).order_by("-state", "-begins_at").first()

    def occupying(self, agency: str, since: datetime, until: datetime) -> Self:
        """Those that take up some of this span at the agency's desk."""
        kept = self.filter(agency=agency, state__in=(Place.State.HELD, Place.State.COME))
        return kept.filter(begins_at__lt=until, ends_at__gt=since)


class Place(models.Model):
    """A time at an agency's one-stop desk that is held for a person; it bears the id of the booking."""

    class State(models.TextChoices):
        HELD = "held", _("Expected")
        COME = "come", _("Has come")
        UNUSED = "unused", _("Did not come")
        FREED = "freed", _("Cancelled by the person")
        LOST = "lost", _("Cannot be kept")

    MOVES = {
        "shift": ({State.HELD}, None),
        "free": ({State.HELD}, State.FREED),
        "welcome": ({State.HELD}, State.COME),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=35)
    origin = models.CharField(max_length=35)
    # The system of the agency that booked it here itself, by its urn; empty where a portal did, which is then told.
    booked_by = models.CharField(max_length=60, blank=True)
    procedure = models.CharField(max_length=40)
    name_vi = models.TextField()
    name_en = models.TextField(blank=True)
    # Whose matter it is: twelve digits of a person, or the code of a business.
    person_name = models.CharField(max_length=120)
    person_number = models.CharField(max_length=14)
    # Who comes in their stead: {"name", "number", "phone", "authority"}; empty if they come themselves.
    bringer = models.JSONField(default=dict, blank=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # Which of the persons that fit into the time: what keeps two from taking the same place, behind the rule.
    seat = models.PositiveSmallIntegerField()
    # What is typed or scanned at the door.
    code = models.CharField(max_length=6)
    state = models.CharField(max_length=6, choices=State, default=State.HELD)
    ticket = models.OneToOneField(
        Ticket, on_delete=models.PROTECT, null=True, blank=True, related_name="place"
    )
    booked_at = models.DateTimeField(default=timezone.now)
    came_at = models.DateTimeField(null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["agency", "begins_at"]),
            models.Index(fields=["begins_at"], name="places_held", condition=Q(state="held")),
            models.Index(
                fields=["booked_by", "begins_at"], name="places_reserved", condition=~Q(booked_by="")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "begins_at", "seat"],
                condition=Q(state__in=["held", "come"]),
                name="one_person_a_seat",
            ),
            models.UniqueConstraint(
                fields=["agency", "person_number", "procedure"],
                condition=Q(state="held"),
                name="one_place_held_a_person_and_procedure",
            ),
            models.UniqueConstraint(
                fields=["agency", "code"], condition=Q(state="held"), name="one_place_held_a_code"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")), name="a_place_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.begins_at.isoformat()}"

    @property
    def urn(self) -> str:
        return f"place:{self.pk}"

    @property
    def name(self) -> str:
        """What the person comes for."""
        return in_language(self.name_vi, self.name_en)
