"""Mandates, where people apply; claims of representation, where an agency looks at the proof."""

import uuid
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.named_files import names_files
from motcua.lib.worded import worded_once
from motcua.people.models import Account
from motcua.procedures.models import Version


class Kind(models.TextChoices):
    """What makes one person act for another (civil code 2015, art. 134–138)."""

    PROXY = "proxy", _("Mandate of a person")
    PARENT = "parent", _("Parent or guardian of a child under 18")
    REPRESENTATIVE = "representative", _("Legal representative of a business")
    STAFF = "staff", _("Staff of a business")


# Nobody writes these; they are so, and are proven.
PROVEN = frozenset({Kind.PARENT, Kind.REPRESENTATIVE})
OF_BUSINESS = frozenset({Kind.REPRESENTATIVE, Kind.STAFF})
PREFIXES = {Kind.PROXY: "UQ", Kind.STAFF: "UQ", Kind.PARENT: "ĐD", Kind.REPRESENTATIVE: "ĐD"}


class MandateQuerySet(models.QuerySet["Mandate"]):
    def in_force(self, on: date | None = None) -> Self:
        """Those that hold on a day, by default today."""
        day = on or timezone.localdate()
        until = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        return self.filter(until, state=Mandate.State.IN_FORCE, valid_from__lte=day)

    def held_by(self, actor: Actor) -> Self:
        """By which this person acts for others."""
        return self.filter(agent=account_id(actor))

    def about(self, actor: Actor, on: date | None = None) -> Self:
        """By which others act for this person, or for a business this person represents on a day, by default today."""
        return self.about_person(account_id(actor), on or timezone.localdate())

    def about_person(self, account: UUID, on: date) -> Self:
        """The same for the person of an account."""
        own = Account.objects.filter(pk=account).values("username")
        businesses = Mandate.objects.in_force(on).filter(agent_id=account, kind=Kind.REPRESENTATIVE)
        return self.filter(
            Q(principal_number__in=own) | Q(principal_number__in=businesses.values("principal_number"))
        )

    def concerning(self, actor: Actor) -> Self:
        """All this person may see: held, or about them and theirs."""
        if not actor.urn.startswith("person:"):
            return self.none()
        return self.held_by(actor) | self.about(actor)

    def opening(self, actor: Actor, on: date | None = None) -> Self:
        """Those under which this person may look at what was filed: held and in force, or about them and theirs."""
        if not actor.urn.startswith("person:"):
            return self.none()
        return self.opening_to(account_id(actor), on or timezone.localdate())

    def opening_to(self, account: UUID, on: date) -> Self:
        """The same for the person of an account."""
        return self.in_force(on).filter(agent=account) | self.about_person(account, on)


@names_files("paper")
class Mandate(models.Model):
    """By it one person, the agent, acts for another person, a child or a business: in what, and from when until when."""

    Kind = Kind

    class State(models.TextChoices):
        OFFERED = "offered", _("Waiting for the agent")
        CLAIMED = "claimed", _("Waiting for the agency")
        IN_FORCE = "in_force", _("In force")
        DECLINED = "declined", _("Declined")
        REFUSED = "refused", _("Not confirmed")
        REVOKED = "revoked", _("Revoked")

    MOVES = {
        "accept": ({State.OFFERED}, State.IN_FORCE),
        "decline": ({State.OFFERED}, State.DECLINED),
        "confirm": ({State.CLAIMED}, State.IN_FORCE),
        "reject": ({State.CLAIMED}, State.REFUSED),
        "revoke": ({State.OFFERED, State.CLAIMED, State.IN_FORCE}, State.REVOKED),
        "lapse": ({State.OFFERED, State.IN_FORCE}, State.REVOKED),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=15, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    # Twelve digits of a person, or the code of a business: ten digits, or thirteen with a dash.
    principal_number = models.CharField(max_length=14)
    principal_name = models.CharField(max_length=200)
    born_on = models.DateField(null=True, blank=True, help_text="Of a child.")
    agent = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="mandates")
    given_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="mandates_given")
    # In what: these procedures, or all of these fields; neither means everything.
    procedures = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    fields = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    valid_from = models.DateField(default=timezone.localdate)
    valid_until = models.DateField(null=True, blank=True)
    # What proves a representation: {"service", "at"} of a register, or {"agency", "officer", "at"} of who saw the papers.
    proof = models.JSONField(default=dict, blank=True)
    paper = models.JSONField(default=dict, blank=True)
    agency = models.CharField(max_length=35, blank=True)
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="mandate_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=False),
                name="every_mandate_has_a_last_day",
            ),
            models.UniqueConstraint(
                fields=["agent", "principal_number", "kind"],
                condition=Q(kind__in=sorted(PROVEN), state__in=["claimed", "in_force"]),
                name="one_representation_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "state"]),
            models.Index(fields=["principal_number", "state"]),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def urn(self) -> str:
        return f"mandate:{self.pk}"

    @property
    def is_of_business(self) -> bool:
        return self.kind in OF_BUSINESS

    @property
    def is_of_person(self) -> bool:
        return not self.is_of_business

    @property
    def is_in_force(self) -> bool:
        return not self.ended()

    def ended(self, on: date | None = None) -> str:
        """Why it does not hold on a day (today), in words; nothing if it holds."""
        day = on or timezone.localdate()
        if self.state != self.State.IN_FORCE:
            return now_("%(number)s is not in force: %(state)s.") % {
                "number": self.number,
                "state": self.get_state_display().lower(),
            }
        if day < self.valid_from:
            return now_("%(number)s begins only on %(day)s.") % {
                "number": self.number,
                "day": f"{self.valid_from:%d/%m/%Y}",
            }
        if self.valid_until and day > self.valid_until:
            return now_("%(number)s ended on %(day)s.") % {
                "number": self.number,
                "day": f"{self.valid_until:%d/%m/%Y}",
            }
        return ""

    def why_not(self, version: Version, on: date | None = None) -> str:
        """Why it does not allow to file this procedure on a day, in words; nothing if it does."""
        if words := self.ended(on):
            return words
        if self.covers(version):
            return ""
        return now_("%(number)s does not cover the procedure “%(procedure)s”.") % {
            "number": self.number,
            "procedure": version.name_vi,
        }

    def covers(self, version: Version) -> bool:
        """Whether the procedure is among what it is for."""
        is_unlimited = not self.procedures and not self.fields
        return is_unlimited or version.code in self.procedures or version.field_vi in self.fields

    def as_authority(self) -> dict[str, Any]:
        """As it goes with a dossier to the agency."""
        return {
            "number": self.number,
            "kind": self.kind,
            "from": self.valid_from.isoformat(),
            "until": self.valid_until.isoformat() if self.valid_until else "",
            "procedures": self.procedures,
            "fields": self.fields,
        }


class ClaimQuerySet(models.QuerySet["Claim"]):
    def waiting(self, agencies: list[str]) -> Self:
        """Those an officer has to look at, the oldest first."""
        return self.filter(agency__in=agencies, state=Claim.State.WAITING).order_by("arrived_at", "pk")


@names_files("paper")
class Claim(models.Model):
    """A representation someone claims, at the agency that looks at the papers; it bears the mandate's id."""

    class State(models.TextChoices):
        WAITING = "waiting", _("To be looked at")
        UPHELD = "upheld", _("Confirmed")
        DISMISSED = "dismissed", _("Not confirmed")

    MOVES = {
        "uphold": ({State.WAITING}, State.UPHELD),
        "dismiss": ({State.WAITING}, State.DISMISSED),
    }

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=15, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    agency = models.CharField(max_length=35)
    origin = models.CharField(max_length=35)
    principal_number = models.CharField(max_length=14)
    principal_name = models.CharField(max_length=200)
    born_on = models.DateField(null=True, blank=True)
    agent_number = models.CharField(max_length=12)
    agent_name = models.CharField(max_length=120)
    paper = models.JSONField()
    reason = models.TextField(blank=True)
    arrived_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agency", "state", "arrived_at"])]

    def __str__(self) -> str:
        return self.number

    @property
    def urn(self) -> str:
        return f"mandate-claim:{self.pk}"


def account_id(actor: Actor) -> UUID:
    """The id of a person's account."""
    return UUID(actor.urn.removeprefix("person:"))


@worded_once
def opening(account: UUID, on: date) -> models.QuerySet[Mandate, Any]:
    """The ids of the mandates that on a day open what was filed to the person of this account: every page of a person asks it."""
    return Mandate.objects.opening_to(account, on).values("pk")


def speakers(mandate: Mandate) -> list[Account]:
    """The accounts of the principal: the person's own, or of those who represent the business."""
    if mandate.is_of_person:
        return list(Account.objects.filter(username=mandate.principal_number))
    held = Mandate.objects.in_force().filter(
        kind=Kind.REPRESENTATIVE, principal_number=mandate.principal_number
    )
    return list(Account.objects.filter(pk__in=held.values("agent")))
