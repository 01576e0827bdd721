"""Plans of reorganisations: what is to happen, who wrote and who approved it, and what came of it."""

import hashlib
import json
import uuid
from datetime import date, timedelta
from functools import cached_property
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.organisations.decisions import codes_above
from motcua.organisations.models import Agency
from motcua.reorganisations.scheme import KINDS, Kind, Scheme

# How long after the end what still reaches an old desk is moved on; what was under way then has long been written.
AFTERWARDS = timedelta(days=2)


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the agencies one administers, and of all below them."""
        under = Q(pk__in=[])
        for grant in actor.grants:
            if grant.role == "administrator":
                under |= Q(agency=grant.place) | Q(agency__code__startswith=f"{grant.place}.")
        return self.filter(under)

    def open(self) -> Self:
        """Those that are written, approved, or being carried out."""
        return self.filter(state__in=[Plan.State.DRAFT, Plan.State.APPROVED, Plan.State.RUNNING])

    def due(self, day: date) -> Self:
        """Those to be carried out now, or taken up where they were left, and those just done."""
        running = Q(state=Plan.State.APPROVED, on__lte=day) | Q(state=Plan.State.RUNNING)
        fresh = Q(state=Plan.State.DONE, ended_at__gt=timezone.now() - AFTERWARDS)
        return self.filter(running | fresh).order_by("on", "begun_at")


class Plan(models.Model):
    """One reorganisation under way: who approves it is never who wrote it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        APPROVED = "approved", _("Approved")
        RUNNING = "running", _("Being carried out")
        DONE = "done", _("Carried out")
        DISCARDED = "discarded", _("Given up")

    # The whole life of a plan: action -> (from, to).
    MOVES = {
        "rewrite": ({State.DRAFT}, None),
        "authorise": ({State.DRAFT}, State.APPROVED),
        "reopen": ({State.APPROVED}, State.DRAFT),
        "set_up": ({State.APPROVED}, State.RUNNING),
        "move_on": ({State.RUNNING, State.DONE}, None),
        "finish": ({State.RUNNING}, State.DONE),
        "abandon": ({State.DRAFT, State.APPROVED}, State.DISCARDED),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    decision = models.CharField(max_length=200)
    on = models.DateField()
    kind = models.CharField(max_length=10, choices=[(kind.value, KINDS[kind]) for kind in Kind])
    content = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    authors = ArrayField(models.CharField(max_length=120))
    author = models.CharField(max_length=120)
    approved_by = models.CharField(max_length=120, blank=True)
    approver = models.CharField(max_length=120, blank=True)
    # What kept it from being carried out on its day.
    trouble = models.TextField(blank=True)
    # What came of it: {"dossiers": {"H38.1 H38.2": 12}, "officers": …, "posts": …, "values": …, "estates": {"petitions": 2, …}}.
    report = models.JSONField(default=dict)
    begun_at = models.DateTimeField(default=timezone.now)
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "running", "done"])
                | (~Q(approved_by="") & Q(approved_at__isnull=False)),
                name="a_reorganisation_is_approved_first",
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(authors__contains=[F("approved_by")]),
                name="a_reorganisation_is_approved_by_a_second_person",
            ),
        ]
        indexes = [models.Index(fields=["state", "on"])]

    def __str__(self) -> str:
        return self.title

    @property
    def urn(self) -> str:
        return f"reorganisation:{self.pk}"

    @cached_property
    def scheme(self) -> Scheme:
        return Scheme.from_content(self.content)

    @property
    def digest(self) -> str:
        """SHA-256 of the content: what was approved is what is carried out."""
        text = json.dumps(self.content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def place_of(scheme: Scheme) -> str:
    """The agency above all that a plan speaks of, whose administrators decide: over provinces and ministries, the nation's."""
    above = [codes_above(code)[1:] for code in scheme.codes]
    if not above:
        return ""
    return next((code for code in above[0] if all(code in one for one in above)), settings.NODE.national)
