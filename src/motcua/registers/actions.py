"""How every register enters what is true: beside what was held for true before, never over it."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from motcua.registers.records import Version

DAY = timedelta(days=1)


def enter[V: Version](version: V) -> V:
    """Enter a version into its subject's history, in the transaction of the register's own action.

    Current versions that overlap its validity are superseded; what they still say outside of it is recorded anew,
    on their own basis. So at each moment exactly one version is held for true of each day.
    """
    kind = type(version)
    subject = version._meta.get_field("subject").related_model
    # One writer at a time for one subject; others wait here and then see what we entered.
    subject._base_manager.select_for_update().get(pk=version.subject_id)  # type: ignore[attr-defined, union-attr]
    now = timezone.now()
    current = kind._default_manager.filter(superseded_at__isnull=True, subject=version.subject_id)  # type: ignore[attr-defined]
    overlapping = list(
        current.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=version.valid_from),
            valid_from__lte=version.valid_to or date.max,
        )
    )
    kind._default_manager.filter(pk__in=[old.pk for old in overlapping]).update(superseded_at=now)
    version.recorded_at = now
    remainders = [rest for old in overlapping for rest in outside(old, version)]
    kind._default_manager.bulk_create([*remainders, version])
    return version


def outside[V: Version](old: V, new: V) -> list[V]:
    """Return what an old version still says before and after a new one, recorded when the new one is."""
    rests: list[V] = []
    if old.valid_from < new.valid_from:
        rests.append(_cut(old, new, old.valid_from, new.valid_from - DAY))
    if new.valid_to is not None and (old.valid_to is None or old.valid_to > new.valid_to):
        rests.append(_cut(old, new, new.valid_to + DAY, old.valid_to))
    return rests


def _cut[V: Version](old: V, new: V, begins: date, ends: date | None) -> V:
    values = {
        field.attname: getattr(old, field.attname)
        for field in old._meta.concrete_fields
        if not field.primary_key
    }
    values |= {"valid_from": begins, "valid_to": ends, "recorded_at": new.recorded_at, "superseded_at": None}
    return type(old)(**values)
