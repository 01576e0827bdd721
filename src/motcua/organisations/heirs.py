"""Who answers for what an agency left when it ended: by this, old codes keep working."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

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


def left_to(codes: Iterable[str]) -> models.QuerySet[Heir, str]:
    """Codes of the ended agencies for whose papers these answer; to stand inside another query."""
    heirs = Heir.objects.filter(new__in=list(codes), main=True, on__lte=timezone.localdate())
    return heirs.values_list("old", flat=True)


class HeirNotKnownError(Exception):
    """An agency says that it follows another, and this node has not heard of it yet; what it sends is tried again later."""


def await_word_of_heirs(new: str, old: str, said_at: datetime) -> None:
    """Have a message tried again later, until this node hears of the reorganisation it speaks of; not for ever."""
    if timezone.now() - said_at < PATIENCE:
        raise HeirNotKnownError(f"{new} says that it follows {old}; this node has not heard of it yet.")


def follows(new: str, old: str) -> bool:
    """Whether an agency answers, in whole or in part, for what another left."""
    return Heir.objects.filter(old=old, new=new).exists()
