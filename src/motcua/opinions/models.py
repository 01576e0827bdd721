"""A question to another agency, on both sides: the inquiry at who asks, the question at who is asked."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.lib.named_files import names_files


class Verdict(models.TextChoices):
    """What an opinion comes to."""

    AGREES = "agrees", _("Agrees")
    CONDITIONALLY = "conditionally", _("Agrees on conditions")
    DISAGREES = "disagrees", _("Does not agree")


class Exchanged(models.Model):
    """What both sides know alike: what is asked, with which papers, until when, and what was answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=300, help_text="What it is about: the procedure as it is called.")
    reference = models.CharField(max_length=60, blank=True, help_text="Code of the dossier.")
    question = models.TextField(max_length=4000)
    # Each {"name", "media", "size", "digest"}.
    papers = models.JSONField(default=list, blank=True)
    # Personal numbers of whose matter it is, or codes of businesses: none of them answers it.
    concerned = ArrayField(models.CharField(max_length=14), default=list, blank=True)
    silence_agrees = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    verdict = models.CharField(max_length=15, choices=Verdict, blank=True)
    answer = models.TextField(max_length=4000, blank=True)
    # {"name", "media", "size", "digest"} of the signed letter, if one came with the answer.
    file = models.JSONField(default=dict, blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.reference} {self.name}".strip()

    def is_late(self, now: datetime | None = None) -> bool:
        """Whether its time is up, or was when the answer came."""
        return (self.answered_at or now or timezone.now()) > self.due_at


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def about(self, subject: Any) -> Self:
        """The inquiries about a subject, the oldest first."""
        return self.filter(subject=subject.urn).order_by("asked_at", "pk")

    def lapsed(self, now: datetime) -> Self:
        """Unanswered, their time up, where silence means consent."""
        return self.filter(state=Inquiry.State.ASKED, silence_agrees=True, due_at__lt=now)

    def overdue(self, now: datetime) -> Self:
        """Unanswered, their time up, where silence means nothing, and nobody has been told yet."""
        late = self.filter(state=Inquiry.State.ASKED, silence_agrees=False, due_at__lt=now)
        return late.filter(is_noted_late=False)


@names_files("papers", "file")
class Inquiry(Exchanged):
    """We ask another agency, on behalf of one step of what we handle."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for an opinion")
        ANSWERED = "answered", _("Answered")
        PRESUMED = "presumed", _("Silent, and so agreed")

    MOVES = {
        "take_answer": ({State.ASKED, State.PRESUMED}, State.ANSWERED),
        "presume": ({State.ASKED}, State.PRESUMED),
    }

    subject = models.CharField(max_length=120)
    step = models.CharField(max_length=40, blank=True)
    asker = models.CharField(max_length=35)
    asked_by = models.CharField(max_length=120)
    agency = models.CharField(max_length=35)
    agency_name = models.CharField(max_length=200)
    # Several asked together bear the same; of these one answer may be enough.
    round = models.UUIDField(default=uuid.uuid4)
    one_is_enough = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    is_noted_late = models.BooleanField(default=False, help_text="That its time is up has been told, once.")

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "inquiries"
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "agency"],
                condition=Q(state="asked"),
                name="an_agency_is_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="answered") & ~Q(verdict="") & Q(answered_at__isnull=False)
                | ~Q(state="answered") & Q(verdict=""),
                name="an_answered_inquiry_has_its_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "asked_at"]),
            models.Index(fields=["due_at"], condition=Q(state="asked"), name="inquiries_still_open"),
        ]

    @property
    def urn(self) -> str:
        return f"inquiry:{self.pk}"


@names_files("papers", "file")
class Question(Exchanged):
    """Another agency asks us."""

    class State(models.TextChoices):
        WAITING = "waiting", _("To be answered")
        GIVEN = "given", _("Answered")

    MOVES = {"answer_question": ({State.WAITING}, State.GIVEN)}

    inquiry = models.UUIDField()
    agency = models.CharField(max_length=35)
    asker = models.CharField(max_length=35)
    asker_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "agency"], name="a_question_comes_once"),
            models.CheckConstraint(
                condition=Q(state="given") & ~Q(verdict="") | Q(state="waiting", verdict=""),
                name="a_given_opinion_has_its_verdict",
            ),
        ]
        indexes = [models.Index(fields=["agency", "state", "due_at"])]

    @property
    def urn(self) -> str:
        return f"question:{self.pk}"


def waited_for(inquiries: list[Inquiry]) -> list[Inquiry]:
    """Those whose answers are still needed: of each round all, or none once one has come where one is enough."""
    settled = {one.round for one in inquiries if one.one_is_enough and one.state != Inquiry.State.ASKED}
    return [one for one in inquiries if one.state == Inquiry.State.ASKED and one.round not in settled]
