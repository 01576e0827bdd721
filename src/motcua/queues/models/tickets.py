"""Queues of an agency's one-stop desk, and the tickets of a day."""

from datetime import date, datetime
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, F, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.organisations.models import in_language


class Queue(models.Model):
    """One line of people before some counters: its letter, and for what one stands there."""

    agency = models.CharField(max_length=35)
    letter = models.CharField(
        max_length=1, validators=[RegexValidator(r"^[A-Z]$", _("One letter from A to Z."))]
    )
    name_vi = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["agency", "letter"]
        constraints = [models.UniqueConstraint(fields=["agency", "letter"], name="one_queue_a_letter")]

    def __str__(self) -> str:
        return f"{self.letter} {self.name}"

    @property
    def urn(self) -> str:
        return f"queue:{self.agency}:{self.letter}"

    @property
    def name(self) -> str:
        return in_language(self.name_vi, self.name_en)


class TicketQuerySet(models.QuerySet["Ticket"]):
    def of_day(self, agency: str, day: date | None = None) -> Self:
        """The tickets of one agency and day, by default today."""
        return self.filter(agency=agency, day=day or timezone.localdate())

    def waiting(self, now: datetime | None = None) -> Self:
        """Those not yet called, in the order they are: appointments whose time has come, then who came first."""
        has_come = Case(When(first_from__lte=now or timezone.now(), then=F("first_from")))
        found = self.filter(state=Ticket.State.WAITING).alias(turn=has_come)
        return found.order_by(F("turn").asc(nulls_last=True), "number")

    def called(self) -> Self:
        """Those on their way to a counter or there, the latest call first."""
        return self.filter(state=Ticket.State.CALLED).order_by("-called_at")


class Ticket(models.Model):
    """A number drawn at the door; it says nothing about who holds it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting in line")
        CALLED = "called", _("Called to a counter")
        SERVED = "served", _("Served")
        GONE = "gone", _("Did not come")

    MOVES = {
        "serve": ({State.CALLED}, State.SERVED),
        "miss": ({State.CALLED}, State.GONE),
    }

    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="tickets")
    agency = models.CharField(max_length=35)
    day = models.DateField(default=timezone.localdate)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    counter = models.CharField(max_length=10, blank=True)
    called_by = models.CharField(max_length=120, blank=True)
    # From when it stands before those without an appointment; never, for a ticket like any other.
    first_from = models.DateTimeField(null=True, blank=True)
    drawn_at = models.DateTimeField(default=timezone.now)
    called_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agency", "day", "state", "number"])]
        constraints = [
            models.UniqueConstraint(fields=["agency", "day", "number"], name="one_ticket_a_number_and_day")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """As it is printed and called: A007."""
        return f"{self.queue.letter}{self.number:03d}"

    @property
    def urn(self) -> str:
        return f"ticket:{self.agency}:{self.day.isoformat()}:{self.number}"
