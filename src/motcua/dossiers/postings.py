"""Results that go by post: to whom, for how much, and under which number the post has them (decree 61/2018, art. 20.2)."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Self

import yaml
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.organisations.models import Agency
from motcua.procedures.comparing import Value

TARIFF = Path(__file__).parent / "postage.yaml"


class PostingQuerySet(models.QuerySet["Posting"]):
    def waiting(self) -> Self:
        """Those not yet handed to the post, the oldest first."""
        return self.filter(state=Posting.State.WAITING).order_by("made_at", "id")

    def with_dossiers(self) -> Self:
        """Each with its dossier and procedure."""
        return self.select_related("dossier__version__procedure").defer("dossier__version__content")


class Posting(models.Model):
    """A result on its way by post: written when it is signed, so that a later change of the map does not lose it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("To be handed to the post")
        SENT = "sent", _("With the post")

    MOVES = {"consign": ({State.WAITING}, State.SENT)}

    dossier = models.OneToOneField("dossiers.Dossier", on_delete=models.PROTECT, related_name="posting")
    agency = models.CharField(max_length=35)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=300)
    commune = models.CharField(max_length=80)
    province = models.CharField(max_length=80)
    postage = models.PositiveIntegerField(help_text="In đồng; whoever receives it pays the postman.")
    waybill = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.CharField(max_length=120, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agency", "state", "made_at", "id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["waybill"], condition=~Q(waybill=""), name="a_waybill_is_used_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", waybill="", sent_at=None)
                | Q(state="sent", sent_at__isnull=False) & ~Q(waybill=""),
                name="what_is_with_the_post_has_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier} {self.waybill}"

    @property
    def urn(self) -> str:
        return f"posting:{self.pk}"

    @property
    def lines(self) -> list[str]:
        """The address as it stands on the parcel."""
        return [line for line in (self.address, self.commune, self.province) if line]


@cache
def tariff() -> tuple[dict[str, Any], ...]:
    """The lines of the tariff, the latest first."""
    lines = yaml.safe_load(TARIFF.read_text("utf-8"))
    return tuple(sorted(lines, key=lambda line: line["since"], reverse=True))


def tariffs() -> list[Value]:
    """Each line of the tariff, for administrators to compare with what the post has published."""
    return [
        Value(
            f"postage:{line['since']}",
            "",
            f"{line['within']}/{line['beyond']}",
            line.get("source", ""),
            line["since"],
        )
        for line in tariff()
    ]


def postage(province: str, *, agency: str, on: date) -> int:
    """What the post takes from the agency to a province, in đồng; 0 where no tariff holds yet."""
    line = next((line for line in tariff() if line["since"] <= on), None)
    if line is None:
        return 0
    return int(line["within"] if province and province == home(agency) else line["beyond"])


def home(agency: str) -> str:
    """The province an agency lies in, by its full name; empty for those of the nation."""
    found = Agency.objects.filter(code=agency.partition(".")[0]).first()
    unit = found.unit if found else None
    return str(unit) if unit and unit.level == unit.Level.PROVINCE else ""
