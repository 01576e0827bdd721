"""Running counters: so many of a kind on a day, and so many dossiers in each state. Both only ever follow the journal."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What is counted, each dossier once for each kind."""

    FILED = "filed", _("filed")
    RECEIVED = "received", _("received at the desk")
    REFUSED = "refused", _("not received")
    SUPPLEMENTED = "supplemented", _("asked for more papers")
    WITHDRAWN = "withdrawn", _("withdrawn")
    STOPPED = "stopped", _("stopped")
    FINISHED = "finished", _("finished")
    EARLY = "early", _("before the day promised")
    ON_DAY = "on_day", _("on the day promised")
    OVERDUE = "overdue", _("after the day promised")
    DELIVERED = "delivered", _("results delivered")
    # Of ratings: how many, how many of them are satisfied over all, and the sum of each answer (1 to 3).
    RATED = "rated", _("rated")
    SATISFIED = "satisfied", _("satisfied over all")
    OVERALL = "overall", _("points over all")
    CONVENIENCE = "convenience", _("points for convenience")
    TIMELINESS = "timeliness", _("points for keeping time")
    ATTITUDE = "attitude", _("points for attitude")


OF_RATINGS = (Kind.RATED, Kind.SATISFIED, Kind.OVERALL, Kind.CONVENIENCE, Kind.TIMELINESS, Kind.ATTITUDE)


class CountQuerySet(models.QuerySet["Count"]):
    def between(self, first: date, last: date) -> Self:
        """Both days belong to the span."""
        return self.filter(day__gte=first, day__lte=last)

    def under(self, code: str) -> Self:
        """The agency of this code and all below it; all agencies if there is no code."""
        return self.filter(Q(agency=code) | Q(agency__startswith=f"{code}.")) if code else self

    def of_dossiers(self) -> Self:
        """All but ratings."""
        return self.exclude(kind__in=OF_RATINGS)

    def of_ratings(self) -> Self:
        return self.filter(kind__in=OF_RATINGS)

    def summed(self, *keys: str) -> models.QuerySet["Count", tuple[Any, ...]]:
        """Rows of the keys and their sum."""
        return self.values_list(*keys).order_by().annotate(sum=Sum("number"))


class Count(models.Model):
    """How many dossiers of one agency, procedure and channel did one thing on one day."""

    pk = models.CompositePrimaryKey("day", "agency", "procedure", "channel", "kind")
    day = models.DateField()
    agency = models.TextField()
    procedure = models.TextField()
    channel = models.PositiveSmallIntegerField()
    kind = models.TextField(choices=Kind)
    number = models.BigIntegerField()

    objects = CountQuerySet.as_manager()

    class Meta:
        # When a service was last used is asked of each service; only what is new is written here.
        indexes = [
            models.Index(fields=["procedure", "day"], condition=Q(kind="filed"), name="indicators_last_filed")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.agency} {self.kind} {self.number}"


class StandingQuerySet(models.QuerySet["Standing"]):
    def under(self, code: str) -> Self:
        """The agency of this code and all below it; all agencies if there is no code."""
        return self.filter(Q(agency=code) | Q(agency__startswith=f"{code}.")) if code else self


class Standing(models.Model):
    """How many dossiers of one agency, procedure and channel are in one state."""

    pk = models.CompositePrimaryKey("agency", "procedure", "channel", "state")
    agency = models.TextField()
    procedure = models.TextField()
    channel = models.PositiveSmallIntegerField()
    state = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()

    objects = StandingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.agency} {self.state} {self.number}"


class Declaration(models.Model):
    """What only people know of an agency's quarter or year, declared by its head for the nine indicators."""

    agency = models.CharField(max_length=35)
    year = models.PositiveSmallIntegerField()
    # 1 to 4; 0 for the whole year.
    quarter = models.PositiveSmallIntegerField()
    notice_board = models.BooleanField(default=False)
    electronic = models.BooleanField(default=False)
    petitions = models.PositiveIntegerField(default=0)
    petitions_on_time = models.PositiveIntegerField(default=0)
    dragging = models.BooleanField(default=False)
    # Codes of dossiers about which a complaint was upheld.
    complaints = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "quarter"], name="one_declaration_a_period"),
            models.CheckConstraint(condition=Q(quarter__lte=4), name="a_year_has_four_quarters"),
            models.CheckConstraint(
                condition=Q(petitions_on_time__lte=models.F("petitions")),
                name="no_more_in_time_than_received",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.year}-{self.quarter}"

    @property
    def urn(self) -> str:
        return f"declaration:{self.agency}:{self.year}-{self.quarter}"
