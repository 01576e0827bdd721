"""The engine under every register: versions of a record, what they rest on, and how what is given becomes typed."""

import uuid
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Self, cast

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import TypeAdapter, ValidationError

from motcua.lib.actions import Invalid
from motcua.organisations.models import holds_on


class Sex(StrEnum):
    """As papers and the personal number know it."""

    MALE = "male"
    FEMALE = "female"


class Ground(models.TextChoices):
    """On what kind of thing a change rests."""

    DOSSIER = "dossier", gettext_lazy("dossier")
    DOCUMENT = "document", gettext_lazy("document")
    DECISION = "decision", gettext_lazy("decision")
    TAKEOVER = "takeover", gettext_lazy("records taken over")


@dataclass(frozen=True)
class Basis:
    """What a change of a record rests on: its kind, its code or number, and the agency it comes from."""

    ground: Ground
    reference: str
    agency: str


class Subject(models.Model):
    """What a register keeps records of, under an id of its own; its numbers are the register's.

    `URN` is its kind in the journal.
    """

    URN: str

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def urn(self) -> str:
        return f"{self.URN}:{self.pk}"


class VersionQuerySet[V: "Version"](models.QuerySet[V]):
    def known_at(self, moment: datetime) -> Self:
        """Versions the register held for true at that moment."""
        return self.filter(
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=moment), recorded_at__lte=moment
        )

    def current(self) -> Self:
        """Versions the register holds for true now."""
        return self.filter(superseded_at__isnull=True)

    def valid_on(self, day: date) -> Self:
        return self.filter(holds_on(day))

    def held_of(self, day: date | None, **named: str) -> V | None:
        """What is held for true now of the one subject so named, on a day (today)."""
        held = self.current().valid_on(day or timezone.localdate())
        whose = {f"subject__{field}": value for field, value in named.items()}
        return held.filter(**whose).select_related("subject").first()


class Version(models.Model):
    """What was true of a subject from one day to another, as known from one moment to another.

    Both days belong to the validity. A correction supersedes; it never overwrites and never deletes. A concrete
    version names its `subject` (a foreign key) and has one field for each field of its record.
    """

    RECORD: type[Any]

    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(editable=False)
    superseded_at = models.DateTimeField(null=True, blank=True, editable=False)
    ground = models.CharField(max_length=10, choices=Ground)
    reference = models.CharField(max_length=120)
    agency = models.CharField(max_length=35)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="%(class)s_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="%(class)s_names_its_basis"),
            models.UniqueConstraint(
                fields=["subject", "valid_from"],
                condition=Q(superseded_at__isnull=True),
                name="%(class)s_one_current_a_day",
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(superseded_at__isnull=True, valid_to__isnull=True),
                name="%(class)s_one_current_open",
            ),
        ]

    def __str__(self) -> str:
        return str(getattr(self, "subject"))  # noqa: B009 — each concrete version names its own

    @property
    def basis(self) -> Basis:
        return Basis(Ground(self.ground), self.reference, self.agency)

    @property
    def record(self) -> Any:
        """The content, as the register's record type."""
        return self.RECORD(**{part.name: getattr(self, part.name) for part in fields(self.RECORD)})


def version_of[V: Version](
    kind: type[V], subject: models.Model, record: Any, *, since: date, basis: Basis, until: date | None = None
) -> V:
    """Return a version holding the record, not entered yet."""
    content = {part.name: getattr(record, part.name) for part in fields(record)}
    return kind(
        subject=subject,
        valid_from=since,
        valid_to=until,
        ground=basis.ground,
        reference=basis.reference,
        agency=basis.agency,
        **content,
    )


def typed[T](kind: type[T], given: Mapping[str, Any]) -> T:
    """Make a dataclass of what another agency sent; `Invalid` names the first field that is missing or malformed.

    Dates come as ISO text; what is null counts as not given; what the dataclass does not know is passed over.
    """
    try:
        known: T = _adapter(cast("Hashable", kind)).validate_python(
            {key: value for key, value in given.items() if value is not None}
        )
    except ValidationError as faults:
        field = ".".join(str(part) for part in faults.errors()[0]["loc"])
        message = _("“%(field)s” is missing or not in its form.") % {"field": field}
        raise Invalid(message, field=field) from faults
    return known


def check_born(born_on: date) -> None:
    """Refuse a day of birth that has not come yet."""
    today = timezone.localdate()
    if born_on > today:
        message = _("The date of birth cannot be after today, %(today)s.") % {"today": f"{today:%d/%m/%Y}"}
        raise Invalid(message, field="born_on")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
