"""Running dossiers go over to a later version of their procedure, because a law says so; who agrees is never who drafted it."""

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.organisations.models import Agency
from motcua.procedures.models import Version


class TransitionQuerySet(models.QuerySet["Transition"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the agencies one administers, and of all below them."""
        under = Q(pk__in=[])
        for grant in actor.grants:
            if grant.role == "administrator":
                under |= Q(agency=grant.place) | Q(agency__code__startswith=f"{grant.place}.")
        return self.filter(under)


class Transition(models.Model):
    """A map from the steps of one version to those of a later one, for the running dossiers of an agency and those below it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        AGREED = "agreed", _("Being carried out")
        DONE = "done", _("Carried out")
        DROPPED = "dropped", _("Given up")

    class Term(models.TextChoices):
        KEEP = "keep", _("The date promised stays")
        NEW = "new", _("The term of the new version, counted from the same beginning")

    # The whole life of a transition: action -> (from, to).
    MOVES = {
        "map_steps": ({State.DRAFT}, None),
        "agree": ({State.DRAFT}, State.AGREED),
        "conclude_transition": ({State.AGREED}, State.DONE),
        "drop_transition": ({State.DRAFT}, State.DROPPED),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    old = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    new = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    # Which step of the new version a step of the old one becomes; one that is not named has none.
    steps = models.JSONField(default=dict)
    term = models.CharField(max_length=4, choices=Term, default=Term.KEEP)
    basis = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    authors = ArrayField(models.CharField(max_length=120))
    author = models.CharField(max_length=120)
    approved_by = models.CharField(max_length=120, blank=True)
    approver = models.CharField(max_length=120, blank=True)
    brought = models.PositiveIntegerField(default=0)
    # Codes of dossiers that stayed, each with why.
    left = models.JSONField(default=dict)
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TransitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "old"],
                condition=Q(state__in=["draft", "agreed"]),
                name="one_open_transition_of_a_version",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "done"]) | ~Q(approved_by=""),
                name="a_transition_is_agreed_first",
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(authors__contains=[F("approved_by")]),
                name="a_transition_is_agreed_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"

    @property
    def urn(self) -> str:
        return f"transition:{self.pk}"
