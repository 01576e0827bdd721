"""Who answers for what an agency left when it ended: by this, old codes keep working."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

# How long what an unknown heir says is kept waiting for word of the reorganisation.
PATIENCE = timedelta(days=3)


class Heir(models.Model):
    """One agency answers, from a day on, for what another left when it ended: directly, or by way of those between."""

    old = models.ForeignKey("organisations.Agency", on_delete=models.PROTECT, related_name="heirs")
    new = models.ForeignKey("organisations.Agency", on_delete=models.PROTECT, related_name="inherited")
    on = models.DateField()
    # Where the work was divided, the one that answers for all that names no part.
    main = models.BooleanField(default=True)
    # Which part of the work goes here, in the words of the plan: each {"place", "procedures", "field", "contains"}; by
    # `place` it is told which of them all is asked first.
    share = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="one_heir_a_pair"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="nobody_is_their_own_heir"),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id}"


def answering(code: str, day: date | None = None) -> str:
    """The code of the agency that on a day (today) answers for what is sent to `code`; of one in force, its own."""
    heirs = Heir.objects.filter(old=code, main=True, on__lte=day or timezone.localdate())
    return heirs.order_by("-on", "-pk").values_list("new", flat=True).first() or code


def shares(code: str, day: date | None = None) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Who followed an agency when it ended, the main one first, each with its share; nothing of one still in force."""
    rows = Heir.objects.filter(old=code, on__lte=day or timezone.localdate()).order_by("on", "-main", "pk")
    found = list(rows.values_list("on", "new", "share"))
    # Those that came later follow the ones that followed: they are led to step by step.
    return [(new, share) for on, new, share in found if on == found[0][0]]


def formerly(code: str) -> list[str]:
    """Codes of the ended agencies that this one follows, in whole or in part."""
    return list(Heir.objects.filter(new=code).order_by("old").values_list("old", flat=True))


def speaks_for(sender: str, asked: str, *, told: Sequence[str] = (), said_at: datetime) -> bool:
    """Whether who sends is the agency that was asked, or follows it; `told` is whom it says that it follows.

    Two that divided the work of a third may hand on what was sent to it. A reorganisation this node has not heard of
    yet is waited for (`HeirNotKnownError`).
    """
    if sender == asked or follows_from(asked, sender, told, pairs({asked, *told})):
        return True
    if asked in told:
        await_word_of_heirs(sender, asked, said_at)
    return False


class HeirNotKnownError(Exception):
    """An agency says that it follows another, and this node has not heard of it yet; what it sends is tried again later."""


def await_word_of_heirs(new: str, old: str, said_at: datetime) -> None:
    """Have a message tried again later, until this node hears of the reorganisation it speaks of; not for ever."""
    if timezone.now() - said_at < PATIENCE:
        raise HeirNotKnownError(f"{new} says that it follows {old}; this node has not heard of it yet.")


def follows_from(was: str, now: str, told: Sequence[str], heirs: AbstractSet[tuple[str, str]]) -> bool:
    """Whether one agency may speak where another did: it follows it, or both follow one of those `told`; by pairs (old, new)."""
    return (was, now) in heirs or any({(old, was), (old, now)} <= heirs for old in told)


def pairs(codes: Iterable[str]) -> set[tuple[str, str]]:
    """Each (old, new) of the agencies that follow any of these."""
    return set(Heir.objects.filter(old__in=set(codes)).values_list("old", "new"))
