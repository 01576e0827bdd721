"""Administrative units of both eras, agencies, posts, and the days on which they work."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.lib.statements import prepared
from motcua.lib.working_time import Calendar, Week
from motcua.organisations.decisions import Decisions, codes_above, read_spans
from motcua.organisations.heirs import Heir  # noqa: F401 — Django looks for models here

# Since when, if no day is known: the founding of the state.
ALWAYS = date(1945, 9, 2)

AGENCY_CODE = r"^[A-Y][0-9]{2}(\.[A-Z0-9]+)*$"
UNIT_CODE = r"^([0-9]{2}|[0-9]{3}|[0-9]{5})$"


def holds_on(day: date) -> Q:
    """Rows valid on a day; both ends belong to the validity."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def in_language(vietnamese: str, english: str) -> str:
    """Return one of two names, by the language being spoken."""
    return english if get_language() == "en" and english else vietnamese


class UnitQuerySet(models.QuerySet["Unit"]):
    def on(self, day: date) -> Self:
        """Units that existed on a day."""
        return self.filter(holds_on(day))

    def provinces(self) -> Self:
        return self.filter(level=Unit.Level.PROVINCE).order_by("code")

    def within(self, parent: str) -> Self:
        """Units directly under a code: districts of a province, or since 1 July 2025 its communes."""
        return self.filter(parent_code=parent).order_by("code")

    def predecessors_of(self, unit: "Unit") -> Self:
        """Units that became this one, in whole or in part, on the day it began."""
        begins = unit.valid_from
        old = Succession.objects.filter(new_code=unit.code, on=begins).values("old_code")
        return self.filter(code__in=old, valid_to=begins - timedelta(days=1)).order_by("code")

    def successors_of(self, unit: "Unit") -> Self:
        """Units this one became; several when its land was divided, the main one first."""
        if unit.valid_to is None:
            return self.none()
        day = unit.valid_to + timedelta(days=1)
        parts = Succession.objects.filter(old_code=unit.code, on=day)
        main = parts.filter(main=True, new_code=OuterRef("code"))
        heirs = self.filter(code__in=parts.values("new_code"), valid_from=day)
        return heirs.annotate(main=Exists(main)).order_by("-main", "code")


class Unit(models.Model):
    """A province, district or commune as it was during a span of time: a code without a date is ambiguous."""

    class Level(models.IntegerChoices):
        PROVINCE = 1, _("province")
        DISTRICT = 2, _("district")
        COMMUNE = 3, _("commune")

    code = models.CharField(max_length=5, validators=[RegexValidator(UNIT_CODE)])
    level = models.PositiveSmallIntegerField(choices=Level)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    parent_code = models.CharField(max_length=3, blank=True)
    valid_from = models.DateField(default=ALWAYS)
    valid_to = models.DateField(null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["parent_code", "code"])]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="one_unit_a_code_and_day"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{2}$", level=1, parent_code="")
                | Q(code__regex=r"^[0-9]{3}$", level=2, parent_code__regex=r"^[0-9]{2}$")
                | Q(code__regex=r"^[0-9]{5}$", level=3, parent_code__regex=r"^[0-9]{2,3}$"),
                name="unit_code_fits_level",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="unit_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def urn(self) -> str:
        return f"unit:{self.code}@{self.valid_from.isoformat()}"

    @property
    def inline(self) -> str:
        """The name inside a sentence or an address: “xã Bát Xát”."""
        return f"{self.kind[0].lower()}{self.kind[1:]} {self.name}"


class Succession(models.Model):
    """On a day, the land of one unit, or part of it, came to another."""

    old_code = models.CharField(max_length=5)
    new_code = models.CharField(max_length=5)
    on = models.DateField()
    # Where the land was divided, the one part that takes over what names no street.
    main = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["new_code", "on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["old_code", "on", "new_code"], name="one_succession_a_pair_and_day"
            ),
            models.UniqueConstraint(
                fields=["old_code", "on"], condition=Q(main=True), name="one_main_successor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code}"


def unit_on(code: str, day: date | None = None) -> Unit | None:
    """Return the unit that bore this code on a day (today), if there was one."""
    return Unit.objects.on(day or timezone.localdate()).filter(code=code).first()


def translated(code: str, since: date, day: date | None = None) -> Unit | None:
    """Return the unit that, on a later day (today), answers for what `code` meant on the day `since`."""
    until = day or timezone.localdate()
    unit = unit_on(code, since)
    while unit is not None and unit.valid_to is not None and unit.valid_to < until:
        unit = Unit.objects.successors_of(unit).first()
    return unit


class AgencyQuerySet(models.QuerySet["Agency"]):
    def in_force(self, on: date | None = None) -> Self:
        """Agencies that exist on a day, by default today."""
        return self.filter(holds_on(on or timezone.localdate()))

    def under(self, code: str) -> Self:
        """The agency of this code and all below it."""
        return self.filter(Q(code=code) | Q(code__startswith=f"{code}."))

    def at_level(self, level: int) -> Self:
        return self.filter(level=level)


class Agency(models.Model):
    """A state agency under its electronic identification code (quyết định 20/2020/QĐ-TTg)."""

    code = models.CharField(max_length=35, primary_key=True, validators=[RegexValidator(AGENCY_CODE)])
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    short_name = models.CharField(max_length=100, help_text=_("As people say it: UBND xã Bát Xát."))
    abbreviation = models.CharField(max_length=20, help_text=_("As it stands in the notation of documents."))
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="subordinates"
    )
    unit_code = models.CharField(max_length=5, blank=True, validators=[RegexValidator(UNIT_CODE)])
    valid_from = models.DateField(default=ALWAYS)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "agencies"
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=AGENCY_CODE), name="agency_code_has_its_form"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="agency_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(valid_to__isnull=False),
                name="only_a_closed_agency_has_a_successor",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def urn(self) -> str:
        return f"agency:{self.code}"

    @property
    def name(self) -> str:
        return in_language(self.name_vi, self.name_en)

    @property
    def codes_above(self) -> list[str]:
        """Codes of this agency and of those above it, its own first."""
        return codes_above(self.code)

    @property
    def unit(self) -> Unit | None:
        """The place it governs today; central bodies govern none."""
        return unit_on(self.unit_code) if self.unit_code else None

    def is_in_force(self, on: date | None = None) -> bool:
        day = on or timezone.localdate()
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


class Post(models.Model):
    """A place of work in an agency, with the role it gives; people are appointed to it."""

    class Role(models.TextChoices):
        """What someone in office may be called to do; the list is closed."""

        RECEIVER = "receiver", _("one-stop officer")
        REGISTRAR = "registrar", _("civil-status officer")
        SPECIALIST = "specialist", _("specialist")
        CHAIR = "chair", _("head of the agency")
        DEPUTY = "deputy", _("deputy head of the agency")
        CLERK = "clerk", _("records clerk")
        ADMINISTRATOR = "administrator", _("administrator")
        AUDITOR = "auditor", _("auditor")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role)
    title_vi = models.CharField(max_length=100)
    title_en = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "role", "title_vi"], name="one_post_a_title"),
            models.CheckConstraint(
                condition=Q(
                    role__in=[
                        "receiver",
                        "registrar",
                        "specialist",
                        "chair",
                        "deputy",
                        "clerk",
                        "administrator",
                        "auditor",
                    ]
                ),
                name="post_role_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.agency.short_name}"

    @property
    def urn(self) -> str:
        return f"post:{self.pk}"

    @property
    def title(self) -> str:
        return in_language(self.title_vi, self.title_en)


class CalendarDay(models.Model):
    """A day that differs from an ordinary week, for the whole country or for one agency and those below it."""

    date = models.DateField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="days")
    works = models.BooleanField()
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=120, blank=True)
    edited_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["date", "agency"], name="one_decision_a_day_and_agency", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.date.isoformat()} {self.name}"

    @property
    def urn(self) -> str:
        return f"day:{self.date.isoformat()}" + (f"@{self.agency_id}" if self.agency_id else "")

    @property
    def name(self) -> str:
        return in_language(self.name_vi, self.name_en)


class OfficeHours(models.Model):
    """The hours of an agency's ordinary week from a day on, for it and those below it that have none of their own."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="hours")
    since = models.DateField()
    # Monday first, each as people write it: “07:30-11:30, 13:00-17:00”; empty for a day off.
    week = ArrayField(models.CharField(max_length=60, blank=True), size=7)
    source = models.CharField(max_length=120, blank=True)
    edited_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "office hours"
        constraints = [
            models.UniqueConstraint(fields=["agency", "since"], name="one_week_an_agency_and_day"),
            models.CheckConstraint(condition=Q(week__len=7), name="a_week_has_seven_days"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.since.isoformat()}"

    @property
    def urn(self) -> str:
        return f"hours:{self.since.isoformat()}@{self.agency_id}"

    @property
    def as_week(self) -> Week:
        """The hours to calculate with; ValueError if they do not hold."""
        return Week(self.since, tuple(read_spans(day) for day in self.week))


def calendar_for(agency: Agency | str | None = None) -> Calendar:
    """Return the working calendar of an agency (by its code, too), or the country's: one small query.

    A decision of the agency goes before one of those above it, and that before the country's.
    """
    code = agency.code if isinstance(agency, Agency) else agency
    return decided().calendar(code or "")


# The sums of the times of editing differ as soon as any day or week is added, changed or removed.
EDITION = """
SELECT (SELECT sum(extract(epoch FROM edited_at)) FROM organisations_calendarday),
    (SELECT sum(extract(epoch FROM edited_at)) FROM organisations_officehours)
"""


def decided() -> Decisions:
    """Return all that has been decided about working time: one small query, for the rows are kept until they change."""
    with prepared() as cursor:
        cursor.execute(EDITION)
        return _decided(cursor.fetchone())


@lru_cache(maxsize=4)
def _decided(_edition: object) -> Decisions:
    days: dict[str, dict[date, bool]] = {}
    for code, day, works in CalendarDay.objects.values_list("agency_id", "date", "works"):
        days.setdefault(code or "", {})[day] = works
    weeks: dict[str, list[Week]] = {}
    for hours in OfficeHours.objects.all():
        weeks.setdefault(hours.agency_id, []).append(hours.as_week)
    return Decisions(days, weeks)
