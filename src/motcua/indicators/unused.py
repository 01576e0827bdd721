"""Services that are online and that nobody uses, or that promise more than they keep; each with its reason."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import reduce
from operator import or_

from django.db.models import BooleanField, Exists, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL

from motcua.indicators.models import Count, Kind
from motcua.indicators.usage import Usage
from motcua.procedures.lengths import longest_fit
from motcua.procedures.models import Version, VersionQuerySet
from motcua.procedures.vocabulary import OnlineKind


class Why(StrEnum):
    """Why a service stands in the list."""

    UNUSED = "unused"
    IMPRACTICAL = "impractical"
    COUNTER = "counter"
    LATE = "late"
    LONG = "long"


# Looked at over so many days; a service younger than that is not called unused.
SPANS = (90, 365)
ONLINE = [OnlineKind.FULL, OnlineKind.PARTIAL]


def services(today: date, days: int) -> VersionQuerySet:
    """What can be filed online here, with the day it was `last_filed`, whether it `is_unused` and `is_impractical`."""
    first = today - timedelta(days=days)
    used = Count.objects.filter(procedure=OuterRef("procedure__code"), kind=Kind.FILED, day__gte=first)
    older = Version.objects.offered().filter(
        procedure=OuterRef("procedure"), effective_from__lte=first, readiness__in=ONLINE
    )
    return (
        Version.objects.in_force(today)
        .offered()
        .filter(readiness__in=ONLINE)
        .annotate(
            is_unused=~Exists(used) & Exists(older),
            last_filed=Subquery(
                Count.objects.filter(procedure=OuterRef("procedure__code"), kind=Kind.FILED)
                .order_by("-day")
                .values("day")[:1]
            ),
            is_impractical=Q(online=OnlineKind.FULL) & ~Q(readiness=OnlineKind.FULL),
        )
    )


def wanting(found: VersionQuerySet, why: Why | None, use: Usage) -> VersionQuerySet:
    """Those of one reason, or of any."""
    conditions = conditions_of(use)
    return found.filter(conditions[why] if why else reduce(or_, conditions.values()))


def conditions_of(use: Usage) -> dict[Why, Q]:
    """Each reason as a condition on `services`."""
    return {
        Why.UNUSED: Q(is_unused=True),
        Why.IMPRACTICAL: Q(is_impractical=True),
        Why.COUNTER: Q(procedure__code__in=use.at_counter),
        Why.LATE: Q(procedure__code__in=use.late),
        Why.LONG: Q(longer_than({name: longest_fit(middle) for name, middle in use.middles.items()})),
    }


def longer_than(days: Mapping[str, float]) -> RawSQL:
    """May take longer than what is named for its field."""
    statement = '"procedures_version"."term_days" > (%s::jsonb ->> "procedures_version"."field_vi")::float'
    return RawSQL(statement, [json.dumps(days)], BooleanField())  # noqa: S611 — our own words
