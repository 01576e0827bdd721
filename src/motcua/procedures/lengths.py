"""How long a procedure may take by its own words, in calendar days, so that it can be held beside others of its field."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from django.db.models import Aggregate, Count, FloatField, QuerySet

from motcua.procedures.schema import Definition
from motcua.procedures.vocabulary import Channel, Unit

# A day of work is eight hours, a week five of them; a month is taken as thirty days. Enough to compare, not to promise.
DAYS = {Unit.AT_ONCE: 1.0, Unit.HOURS: 7 / 40, Unit.WORKING_DAYS: 7 / 5, Unit.DAYS: 1.0, Unit.MONTHS: 30.0}
# So many services of a field must have a term before one of them is called long,
FEWEST = 5
# and it is, when it may take more than so many times what the middle one may, and so many days longer.
TIMES, LONGER = 2, 5


def days_of(definition: Definition) -> int | None:
    """The longest term that holds for what is filed online (of any way, where none does); None where none has a number."""
    terms = [
        (term, DAYS[term.unit] * (1 if term.unit is Unit.AT_ONCE else term.value or 0))
        for term in definition.terms
        if term.unit is not None and (term.unit is Unit.AT_ONCE or term.value is not None)
    ]
    online = [days for term, days in terms if not term.channels or Channel.ONLINE in term.channels]
    return ceil(max(online or [days for _term, days in terms], default=0)) or None


class Middle(Aggregate):
    """The median."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def middles(versions: QuerySet[Any]) -> Mapping[str, float]:
    """For each field with enough services that have a term: what the middle one of them may take, in days."""
    rows = versions.exclude(term_days=None).values("field_vi").order_by()
    enough = rows.annotate(number=Count("pk"), middle=Middle("term_days")).filter(number__gte=FEWEST)
    return dict(enough.values_list("field_vi", "middle"))


def longest_fit(middle: float) -> float:
    """What is longer than this is long beside that middle."""
    return max(TIMES * middle, middle + LONGER)
