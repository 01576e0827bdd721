"""The files an agency keeps of its work by the list of a year, what lies in each, and how long it is kept."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.named_files import names_files


class FolderQuerySet(models.QuerySet["Folder"]):
    def visible_to(self, actor: Actor, *roles: str) -> Self:
        """Those of the agencies where one of these roles is held."""
        return self if actor.is_system else self.filter(agency__in=actor.answers_for(*roles))

    def open(self) -> Self:
        return self.filter(state="open")

    def to_hand_over(self) -> Self:
        """Closed and still at the agency's offices, the longest first."""
        return self.filter(state="closed").order_by("closed_on", "pk")

    def ended(self, year: int) -> Self:
        """Kept as long as they had to be by this year; those kept for ever never are."""
        ends_in = ExtractYear("closed_on") + F("retention_years")
        return (
            self.filter(closed_on__isnull=False, retention_years__isnull=False)
            .annotate(ends_in=ends_in)
            .filter(ends_in__lt=year)
        )


@names_files("contents")
class Folder(models.Model):
    """A file of work (hồ sơ công việc): what belongs to one matter, listed for a year, closed with a list of contents."""

    class State(models.TextChoices):
        """Where it is in its life."""

        NEW = "new", _("New")
        OPEN = "open", _("Being filled")
        CLOSED = "closed", _("File of work closed")
        HANDED_OVER = "handed_over", _("In the archive")

    MOVES = {
        "open_folder": ({State.NEW}, State.OPEN),
        "amend_folder": ({State.OPEN}, State.OPEN),
        "take_from": ({State.OPEN}, State.OPEN),
        "close_folder": ({State.OPEN}, State.CLOSED),
        "archive": ({State.CLOSED}, State.HANDED_OVER),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=35)
    year = models.PositiveSmallIntegerField(help_text="Of the list it stands in.")
    heading = models.CharField(max_length=200, blank=True, help_text="Under which heading of the list.")
    notation = models.CharField(max_length=20)
    title = models.CharField(max_length=500)
    retention_years = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: for ever.")
    keeper = models.CharField(max_length=120)
    keeper_name = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    closed_on = models.DateField(null=True, blank=True, help_text="The day its matter ended.")
    archived_on = models.DateField(null=True, blank=True)
    # Of the file that lists the contents, made when it was closed.
    contents = models.CharField(max_length=64, blank=True)

    objects = FolderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "notation"], name="a_notation_names_one_folder_a_year"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None)
                | Q(state__in=["closed", "handed_over"], closed_on__isnull=False),
                name="what_is_closed_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "closed_on"], name="folders_by_closing"),
            models.Index(fields=["keeper"], name="folders_of_a_keeper"),
        ]

    def __str__(self) -> str:
        return f"{self.notation} {self.title}"

    @property
    def urn(self) -> str:
        return f"folder:{self.pk}"

    @property
    def kept(self) -> str:
        """How long it is kept, in words."""
        if self.retention_years is None:
            return now_("Kept for ever")
        return now_("%(years)s years") % {"years": self.retention_years}

    @property
    def kept_until(self) -> int | None:
        """The last year in which it is kept, counted from the year its matter ended; none for what is open or kept for ever."""
        if self.closed_on is None or self.retention_years is None:
            return None
        return self.closed_on.year + self.retention_years

    @property
    def hand_over_by(self) -> date | None:
        """The last day to hand it over to the archive: a year from the year its matter ended (law 33/2024 on archives, art. 17)."""
        return date(self.closed_on.year + 1, 12, 31) if self.closed_on else None


class Filing(models.Model):
    """A document in a folder, in the order in which they were put there."""

    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="filings")
    ordinal = models.PositiveSmallIntegerField()
    incoming = models.ForeignKey(
        "dispatches.Incoming", on_delete=models.PROTECT, null=True, blank=True, related_name="filings"
    )
    outgoing = models.ForeignKey(
        "dispatches.Outgoing", on_delete=models.PROTECT, null=True, blank=True, related_name="filings"
    )
    pages = models.PositiveSmallIntegerField(
        default=0, help_text="Of the document itself; 0 where they cannot be counted."
    )
    filed_by = models.CharField(max_length=120)
    filed_by_name = models.CharField(max_length=120)
    filed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["folder", "ordinal"], name="a_folder_counts_its_documents"),
            models.UniqueConstraint(fields=["folder", "incoming"], name="what_came_lies_once_in_a_folder"),
            models.UniqueConstraint(fields=["folder", "outgoing"], name="what_went_lies_once_in_a_folder"),
            models.CheckConstraint(
                condition=Q(incoming=None, outgoing__isnull=False) | Q(incoming__isnull=False, outgoing=None),
                name="a_filing_is_of_one_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.folder_id} {self.ordinal}"
