"""Procedures and their versions; dossiers point at the version they were filed under."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.lib.worded import worded_once
from motcua.organisations.decisions import codes_above
from motcua.organisations.models import Agency
from motcua.procedures import polls  # noqa: F401 — Django looks for tables here
from motcua.procedures.localising import Key, Local, localised
from motcua.procedures.places import owners_for
from motcua.procedures.readiness import Facilities, Hindrance, Judgement, judged_here
from motcua.procedures.schema import Definition, Text
from motcua.procedures.vocabulary import OnlineKind, Source


class Procedure(models.Model):
    """A procedure under its national code, whatever its versions say."""

    code = models.CharField(max_length=8, unique=True)
    # The agency whose own it is: its administrators write it, and it is filed there and below; empty for the nation's.
    owner = models.CharField(max_length=35, blank=True, default="")

    def __str__(self) -> str:
        return self.code

    @property
    def urn(self) -> str:
        return f"procedure:{self.code}"


class VersionQuerySet(models.QuerySet["Version"]):
    def in_force(self, on: dt.date) -> Self:
        """The one version of each procedure that holds on this day."""
        return self.filter(Q(effective_until=None) | Q(effective_until__gt=on), effective_from__lte=on)

    def latest(self) -> Self:  # type: ignore[override]
        """The one version of each procedure that nothing has replaced."""
        return self.filter(effective_until=None)

    def offered(self) -> Self:
        """Versions that can be filed here, not only read."""
        return self.filter(is_offered=True)

    def coded(self, code: str) -> Self:
        return self.filter(procedure__code=code)

    def filed_at(self, agencies: Iterable[str]) -> Self:
        """The nation's, and those of the agencies' own or of those above them."""
        return self.filter(procedure__owner__in=owners_for(agencies))

    def with_work_left(self) -> Self:
        """The latest versions of which a person must still read something."""
        return self.latest().exclude(work_left=[])

    def judged_otherwise(self, facilities: Facilities) -> Self:
        """What has not ended and was judged when the node could take payment and now cannot, or the other way round."""
        still = Q(effective_until=None) | Q(effective_until__gt=timezone.localdate())
        paid = Q(hindrances__contains=[Hindrance.NO_PAYMENT])
        if facilities.takes_payment:
            return self.filter(still, paid)
        fee = RawSQL("jsonb_path_exists(content, '$.fees[*].amount ? (@ > 0)')", [], models.BooleanField())
        return self.filter(still, Q(fee), ~paid)

    def claiming_too_much(self) -> Self:
        """Offered as fully online, but somebody must come or send paper all the same."""
        return self.filter(online=OnlineKind.FULL).exclude(readiness__in=["", OnlineKind.FULL])


class Version(models.Model):
    """What a procedure says from a day on; never changed once published."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    effective_from = models.DateField()
    effective_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=10, choices=[(source.value, source.value) for source in Source])
    digest = models.CharField(max_length=64)
    content = models.JSONField()

    # Copied out of the content, so that lists and search need not read it; what search compares is folded.
    name_vi = models.TextField()
    name_en = models.TextField(blank=True)
    field_vi = models.CharField(max_length=200)
    field_en = models.CharField(max_length=200, blank=True)
    online = models.CharField(max_length=10)
    is_offered = models.BooleanField()
    # Offered, and not on paper alone (`going_online.is_online`); a place that opens this way for itself is not counted.
    is_online = models.BooleanField()
    levels = ArrayField(models.CharField(max_length=10))
    audience = ArrayField(models.CharField(max_length=30))
    life_events = ArrayField(models.CharField(max_length=20))
    heading = models.TextField()
    subjects = models.TextField()
    agency = models.TextField(blank=True, default="")
    # What `readiness.judged_here` found, so that lists need not judge again; empty where nobody has judged yet.
    readiness = models.CharField(max_length=10, blank=True, default="")
    hindrances = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    is_understood = models.BooleanField(default=True)
    # How long it may take (`lengths.days_of`).
    term_days = models.PositiveIntegerField(null=True)
    # Whether its forms can be filled in here or downloaded: level 2 of decree 43/2011.
    has_forms = models.BooleanField(default=False)
    # What an import left to be read by a person (`unread.Work`).
    work_left = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    approved_by = models.CharField(
        max_length=120, blank=True, default="", help_text="Of what was written here."
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(effective_until=None), name="procedures_one_open_version"
            ),
            models.CheckConstraint(
                condition=Q(effective_until=None) | Q(effective_until__gte=F("effective_from")),
                name="procedures_until_not_before_from",
            ),
        ]
        indexes = [
            models.Index(
                fields=["procedure"],
                condition=Q(effective_until=None) & ~Q(work_left=[]),
                name="procedures_with_work_left",
            )
        ]

    def __str__(self) -> str:
        return f"{self.procedure.code} ({self.effective_from.isoformat()})"

    @property
    def code(self) -> str:
        return self.procedure.code

    @property
    def owner(self) -> str:
        return self.procedure.owner

    @property
    def urn(self) -> str:
        return self.procedure.urn

    @property
    def definition(self) -> Definition:
        """The typed definition; read once per digest, however many rows and requests ask."""
        return parsed(Content(self))

    @property
    def judgement(self) -> Judgement:
        """How far it can be done online, with every reason."""
        return judged_here(self.definition)

    @property
    def claims_too_much(self) -> bool:
        return self.online == OnlineKind.FULL and self.readiness not in {"", OnlineKind.FULL}

    def overlays_at(self, agency: str, on: dt.date) -> list[uuid.UUID]:
        """The overlays that hold at an agency on a day, the nation's end first: what a dossier filed then keeps."""
        return Overlay.objects.at(self.procedure_id, agency, on)

    def with_overlays(self, ids: Sequence[uuid.UUID]) -> Definition:
        """The definition with these overlays; read once, since neither versions nor overlays change."""
        return localised_once(Content(self), tuple(ids)) if ids else self.definition

    def at(self, agency: str, on: dt.date) -> Definition:
        """The definition as it holds at an agency on a day."""
        return self.with_overlays(self.overlays_at(agency, on))

    def name_in(self, language: str) -> str:
        return self.name_en if language.startswith("en") and self.name_en else self.name_vi

    def field_in(self, language: str) -> str:
        return self.field_en if language.startswith("en") and self.field_en else self.field_vi


class Content:
    """The content of a version, known by its digest alone, and not read while its definition is known."""

    def __init__(self, version: Version) -> None:
        self.version, self.digest = [version], version.digest

    def take(self) -> dict[str, Any]:
        """The content, once; what stays as a key keeps no row alive."""
        value: dict[str, Any] = self.version.pop().content
        return value

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Content) and other.digest == self.digest


@lru_cache(maxsize=500)
def parsed(content: Content) -> Definition:
    return Definition.from_content(content.take())


class Edition(models.Model):
    """One row whose stamp is new after every change of a version or an agency; a trigger sees to it, whoever writes."""

    stamp = models.UUIDField()

    def __str__(self) -> str:
        return str(self.stamp)


class Favourite(models.Model):
    """A procedure that someone keeps at hand."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourites")
    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="+")
    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "procedure"], name="procedures_one_mark_each"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} · {self.account_id}"

    @property
    def urn(self) -> str:
        return f"person:{self.account_id}"


@lru_cache(maxsize=500)
def localised_once(content: Content, ids: tuple[uuid.UUID, ...]) -> Definition:
    found = Overlay.objects.in_bulk(ids)
    return localised(parsed(content), [found[id_].local for id_ in ids])


class OverlayQuerySet(models.QuerySet["Overlay"]):
    def in_force(self, on: dt.date) -> Self:
        """Those that hold on a day."""
        return self.filter(Q(effective_until=None) | Q(effective_until__gt=on), effective_from__lte=on)

    def at(self, procedure: int, agency: str, on: dt.date) -> list[uuid.UUID]:
        """The ids of those that hold for an agency on a day, of the farthest agency first, so that the nearest wins."""
        rows = holding(procedure, codes_above(agency), on)
        return [pk for pk, _code, _from in sorted(rows, key=lambda row: (len(row[1]), row[2], row[0]))]

    def below(self, code: str) -> Self:
        """Those of an agency and of all under it."""
        return self.filter(Q(agency=code) | Q(agency__code__startswith=f"{code}."))


class Overlay(models.Model):
    """One value that a place sets for itself, by which decision; never changed, only ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="overlays")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=10, choices=[(key.value, key.value) for key in Key])
    case = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=10, blank=True)
    step = models.CharField(max_length=60, blank=True)
    value = models.JSONField(null=True)
    decision = models.CharField(max_length=200)
    effective_from = models.DateField()
    effective_until = models.DateField(null=True, blank=True)
    set_by = models.CharField(max_length=120)
    set_at = models.DateTimeField(default=timezone.now)

    objects = OverlayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "agency", "key", "case", "channel", "step"],
                condition=Q(effective_until=None),
                name="one_open_overlay_of_a_part",
            ),
            models.CheckConstraint(
                condition=Q(key__in=[key.value for key in Key]), name="only_what_the_law_leaves_is_overlaid"
            ),
            models.CheckConstraint(condition=~Q(decision=""), name="an_overlay_names_its_decision"),
            models.CheckConstraint(
                condition=Q(effective_until=None) | Q(effective_until__gte=F("effective_from")),
                name="overlay_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["procedure", "agency"])]

    def __str__(self) -> str:
        return f"{self.procedure} {self.key} @ {self.agency_id}"

    @property
    def urn(self) -> str:
        return f"overlay:{self.pk}"

    @property
    def local(self) -> Local:
        return Local(Key(self.key), self.value, self.case, self.channel, self.step)


@worded_once
def holding(
    procedure: int, agencies: Sequence[str], on: dt.date
) -> models.QuerySet[Overlay, tuple[uuid.UUID, str, dt.date]]:
    """The overlays that hold at one of these agencies on a day: id, agency, and since when."""
    found = Overlay.objects.in_force(on).filter(procedure=procedure, agency__code__in=agencies)
    return found.values_list("pk", "agency", "effective_from")


class DraftQuerySet(models.QuerySet["Draft"]):
    def open(self) -> Self:
        """Those that may still become a version."""
        return self.filter(state__in=["draft", "proposed"])


class Draft(models.Model):
    """The next version of a procedure while people still write it; who approves is never who wrote."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        PROPOSED = "proposed", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        DISCARDED = "discarded", _("Given up")

    # The whole life of a draft: action -> (from, to).
    MOVES = {
        "edit": ({State.DRAFT}, None),
        "propose": ({State.DRAFT}, State.PROPOSED),
        "send_back": ({State.PROPOSED}, State.DRAFT),
        "approve": ({State.PROPOSED}, State.APPROVED),
        "discard": ({State.DRAFT, State.PROPOSED}, State.DISCARDED),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=8)
    # The agency whose own the procedure is; empty for the nation's.
    owner = models.CharField(max_length=35, blank=True, default="")
    # What it changes; nothing for a procedure that is not there yet.
    base = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.OneToOneField(
        Version, on_delete=models.PROTECT, null=True, blank=True, related_name="draft"
    )
    content = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    authors = ArrayField(models.CharField(max_length=120))
    author = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    proposed_by = models.CharField(max_length=120, blank=True)
    proposer = models.CharField(max_length=120, blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    approver = models.CharField(max_length=120, blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    proposed_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state__in=["draft", "proposed"]),
                name="one_open_draft_of_a_procedure",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (Q(version__isnull=False) & ~Q(approved_by="") & ~Q(approved_by=F("proposed_by"))),
                name="a_draft_is_approved_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.state})"

    @property
    def urn(self) -> str:
        return f"draft:{self.pk}"

    @property
    def definition(self) -> Definition:
        return Definition.from_content(self.content)

    @property
    def before(self) -> Definition | None:
        """What holds until it is approved; None for a procedure that is not there yet."""
        return self.base.definition if self.base else None

    def name_in(self, language: str) -> str:
        return Text.model_validate(self.content["name"]).said_in(language)
