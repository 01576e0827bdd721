"""How people found it: what applicants answered when they rated a finished dossier, for the head of an agency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, IntegerField, Max, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import get_language

from motcua.dossiers.models import Dossier
from motcua.dossiers.states import Satisfaction

SPAN = timedelta(days=90)
QUESTIONS = ("overall", "convenience", "timeliness", "attitude")


@dataclass(frozen=True)
class Rated:
    """Ratings of one procedure: how many, the share in percent who are satisfied over all, and the mean of each answer (1 to 3)."""

    code: str
    name: str
    count: int
    satisfied: float
    overall: float
    convenience: float
    timeliness: float
    attitude: float


def ratings(agencies: Sequence[str], *, now: datetime) -> list[Rated]:
    """By procedure, the least liked first, of dossiers that arrived in the last 90 days: one query."""
    since = Dossier.objects.filter(agency__in=agencies, arrived_at__gte=now - SPAN, rating__isnull=False)
    answers = {name: Cast(KeyTextTransform(name, "rating"), IntegerField()) for name in QUESTIONS}
    found: Any = (
        since.annotate(**{f"said_{name}": answer for name, answer in answers.items()})
        .values("version__procedure__code")
        .annotate(
            count=Count("pk"),
            content=Count("pk", filter=Q(said_overall__gte=Satisfaction.YES)),
            vi=Max("version__name_vi"),
            en=Max("version__name_en"),
            **{name: Avg(f"said_{name}") for name in QUESTIONS},
        )
        .order_by()
    )
    english = get_language() == "en"
    return [
        Rated(
            row["version__procedure__code"],
            (row["en"] if english else "") or row["vi"],
            row["count"],
            100 * row["content"] / row["count"],
            *(row[name] for name in QUESTIONS),
        )
        for row in sorted(found, key=lambda row: (row["overall"], -row["count"]))
    ]
