"""The national mirror: where each dossier stands and through which states it passed. No personal data at all."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.states import ENDED, OPEN, PAUSED, Channel, State
from motcua.tracking.codes import read_code


class TrackedQuerySet(models.QuerySet["Tracked"]):
    def coded(self, text: str) -> Self:
        """The dossier whose code a person typed; `Invalid` if it cannot be a code. Who bore a code first keeps it."""
        return self.filter(code=read_code(text)).order_by("first_at", "dossier")

    def overdue(self, now: datetime | None = None) -> Self:
        """Those whose time is up while somebody works on them."""
        return self.filter(is_running=True, due_at__lt=now or timezone.now())


class Tracked(models.Model):
    """A dossier as the agency that handles it last told the country."""

    dossier = models.UUIDField(primary_key=True)
    code = models.TextField()
    procedure = models.TextField()
    agency = models.TextField()
    channel = models.PositiveSmallIntegerField(choices=Channel)
    state = models.PositiveSmallIntegerField(choices=State)
    step = models.TextField()
    due_at = models.DateTimeField(null=True)
    on_time = models.BooleanField()
    first_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # The states it was ever in, bit n for state n: tells without a look-up whether it comes into one for the first time.
    seen = models.PositiveSmallIntegerField()
    # When it was first known to be received, and to be finished: what the report counts by.
    received_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    # Somebody works on it. An index that looked at the state itself would be written anew with each state.
    is_running = models.GeneratedField(
        expression=models.ExpressionWrapper(models.Q(state__in=sorted(OPEN - PAUSED)), models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # It has left for the agency it belongs to, which tells of it as a dossier of its own.
    is_away = models.BooleanField(default=False, db_default=False)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["code"], condition=~models.Q(code=""), name="tracking_by_code"),
            # With all that the report asks of late ones: to fetch each from its place in the mirror took it most of its time.
            models.Index(
                fields=["due_at", "dossier"],
                include=["agency", "procedure", "received_at", "is_away"],
                condition=models.Q(is_running=True),
                name="tracking_by_due_date",
            ),
        ]

    def __str__(self) -> str:
        return self.code or str(self.dossier)

    @property
    def urn(self) -> str:
        return f"dossier:{self.dossier}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_paused(self) -> bool:
        return self.state in PAUSED

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED


class Passage(models.Model):
    """A dossier came into a state, or to another step of it, at a moment the agency names; each once, whenever it is told."""

    pk = models.CompositePrimaryKey("dossier", "state", "step", "at")
    # Named, not referred to: a foreign key would cost a look-up for each of some hundred million rows.
    dossier = models.UUIDField()
    state = models.PositiveSmallIntegerField(choices=State)
    step = models.TextField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("passage")

    def __str__(self) -> str:
        return f"{self.dossier} {self.state} {self.at}"


class Quarter(models.Model):
    """What a quarter brought: received, ended early, on the day, late or without a result; by how many those past their time grew.

    Running counts, written with the states they count; `sql` says what they are and numbers the quarters.
    """

    quarter = models.PositiveSmallIntegerField()
    channel = models.PositiveSmallIntegerField(choices=Channel)
    received = models.BigIntegerField()
    early = models.BigIntegerField()
    on_day = models.BigIntegerField()
    late = models.BigIntegerField()
    undone = models.BigIntegerField()
    over = models.BigIntegerField()

    class Meta:
        abstract = True


class AgencyQuarter(Quarter):
    """Of one agency, all procedures together."""

    pk = models.CompositePrimaryKey("quarter", "agency", "channel")
    agency = models.TextField()

    def __str__(self) -> str:
        return f"{self.quarter} {self.agency} {self.channel}"


class ProcedureQuarter(Quarter):
    """Of one procedure, all agencies of a province or ministry together."""

    pk = models.CompositePrimaryKey("quarter", "authority", "procedure", "channel")
    authority = models.TextField()
    procedure = models.TextField()

    def __str__(self) -> str:
        return f"{self.quarter} {self.authority} {self.procedure} {self.channel}"


class Rating(models.Model):
    """That a dossier has been rated; what was said is counted and not kept by dossier."""

    dossier = models.UUIDField(primary_key=True)

    class Meta:
        verbose_name = _("rating")

    def __str__(self) -> str:
        return str(self.dossier)
