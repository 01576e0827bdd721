"""Enterprises, co-operatives and household businesses."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.registers.business.records import EnterpriseRecord
from motcua.registers.records import Subject, Version, VersionQuerySet


class Enterprise(Subject):
    """One that does business, under the code it keeps as long as it lasts."""

    URN = "enterprise"

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("enterprise")
        HOUSEHOLD = "household", _("household business")
        COOPERATIVE = "cooperative", _("co-operative")

    code = models.CharField(max_length=14, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    # The errand by which it was registered: the same errand gets the same entry again.
    occasion = models.CharField(max_length=120, unique=True)
    registered_at = models.CharField(max_length=35, help_text="The agency that registered it.")
    registered_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="household", code__regex=r"^[0-9]{12}$")
                | Q(kind__in=["enterprise", "cooperative"], code__regex=r"^[0-9]{10}(-[0-9]{3})?$"),
                name="an_enterprise_code_has_the_form_of_its_kind",
            )
        ]


class EnterpriseVersion(Version):
    """What the register says of an enterprise."""

    RECORD = EnterpriseRecord

    subject = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=150)
    address = models.CharField(max_length=300)
    representative_name = models.CharField(max_length=100)
    representative_number = models.CharField(max_length=12)
    trade = models.CharField(max_length=300, blank=True)
    capital = models.PositiveBigIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    is_paused = models.BooleanField(default=False)

    objects = VersionQuerySet["EnterpriseVersion"].as_manager()


def versions_from(enterprise: Enterprise, day: date) -> list[EnterpriseVersion]:
    """What is held for true now of a day and all that follow, the earliest first."""
    current = EnterpriseVersion.objects.current().filter(subject=enterprise)
    return list(current.filter(Q(valid_to=None) | Q(valid_to__gte=day)).order_by("valid_from"))


def enterprise_on(code: str, day: date | None = None) -> EnterpriseVersion | None:
    """Return what is held for true now of the enterprise of a code, on a day (today)."""
    return EnterpriseVersion.objects.all().held_of(day, code=code)
