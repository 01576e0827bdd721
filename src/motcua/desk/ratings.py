"""How people found it: what applicants answered when they rated a finished dossier, for the head of an agency."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, IntegerField, Max, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import get_language

from motcua.dossiers.models import Dossier
from motcua.dossiers.ratings import QUESTIONS, Rated
from motcua.dossiers.states import Satisfaction
from motcua.lib.worded import worded_once

SPAN = timedelta(days=90)


def ratings(agencies: Sequence[str], *, now: datetime) -> list[Rated]:
    """By procedure, the least liked first, of dossiers that arrived in the last 90 days: one query."""
    english = get_language() == "en"
    return [
        Rated(
            row["version__procedure__code"],
            (row["en"] if english else "") or row["vi"],
            row["count"],
            100 * row["content"] / row["count"],
            *(row[name] for name in QUESTIONS),
        )
        for row in sorted(
            answered(tuple(agencies), now - SPAN), key=lambda row: (row["overall"], -row["count"])
        )
    ]


@worded_once
def answered(agencies: Any, since: Any) -> QuerySet[Any, Any]:
    """By procedure, how many rated it, how many are satisfied over all, and the mean of each answer."""
    rated = Dossier.objects.filter(agency__in=agencies, arrived_at__gte=since, rating__isnull=False)
    said = {f"said_{name}": Cast(KeyTextTransform(name, "rating"), IntegerField()) for name in QUESTIONS}
    return (
        rated.annotate(**said)
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
