"""The way of a draft through the agency: who is asked for an opinion or initials, and at last for the signature."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor

HEADS = ("chair", "deputy")


class ReviewQuerySet(models.QuerySet["Review"]):
    def waiting(self) -> Self:
        """Whose turn it is and who has not answered."""
        return self.filter(asked_at__isnull=False, answered_at=None)

    def unanswered(self) -> Self:
        """All who have not answered, also those whose turn is still to come."""
        return self.filter(answered_at=None)

    def waiting_for(self, actor: Actor) -> Self:
        """What waits for this officer: asked by name, or to be signed by any head of the agency."""
        places = [grant.place for grant in actor.grants if grant.role in HEADS]
        anyone = Q(officer="", outgoing__agency__in=places)
        return self.waiting().filter(Q(officer=actor.urn) | anyone)


class Review(models.Model):
    """One officer asked about a draft: opinion, initials, or the signature (decree 30/2020, art. 12 and 13)."""

    class Wanted(models.TextChoices):
        """What is asked of them."""

        OPINION = "opinion", _("Opinion on the draft")
        CONTENT = "content", _("Initials for the content")
        FORM = "form", _("Initials for the form")
        SIGNATURE = "signature", _("Signature of the head")

    class Answer(models.TextChoices):
        """What came of it."""

        AGREED = "agreed", _("Answered")
        RETURNED = "returned", _("Sent back")
        CALLED_OFF = "called_off", _("Called off")

    outgoing = models.ForeignKey("dispatches.Outgoing", on_delete=models.PROTECT, related_name="reviews")
    stage = models.PositiveSmallIntegerField(help_text="Those of one stage are asked at once.")
    wanted = models.CharField(max_length=10, choices=Wanted)
    officer = models.CharField(max_length=120, blank=True, help_text="Urn; empty for any head of the agency.")
    officer_name = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=500, blank=True, help_text="What the drafter asks.")
    days = models.PositiveSmallIntegerField(default=1, help_text="Working days from their turn on.")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="Empty as long as others come first.")
    due_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    said = models.CharField(max_length=1000, blank=True)
    version = models.PositiveSmallIntegerField(default=0, help_text="Which version they answered about.")
    fell_at = models.DateTimeField(null=True, blank=True, help_text="Since when a new version takes it back.")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["stage", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="an_answer_says_when",
            ),
            models.CheckConstraint(
                condition=Q(asked_at=None, due_at=None) | Q(asked_at__isnull=False, due_at__isnull=False),
                name="who_is_asked_has_until_when",
            ),
        ]
        indexes = [
            models.Index(fields=["outgoing", "stage"], name="reviews_by_stage"),
            models.Index(
                fields=["officer", "due_at"],
                condition=Q(answered_at=None, asked_at__isnull=False),
                name="reviews_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wanted} {self.officer_name}"

    @property
    def is_initials(self) -> bool:
        return self.wanted in {self.Wanted.CONTENT, self.Wanted.FORM}

    @property
    def counts(self) -> bool:
        """Whether it was given, and for the version that stands."""
        return self.answer == self.Answer.AGREED and self.fell_at is None

    def is_late(self, now: datetime) -> bool:
        """Whether it was not answered in time."""
        return self.due_at is not None and (self.answered_at or now) > self.due_at
