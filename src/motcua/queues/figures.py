"""How long people waited and were served today, for the head of an agency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

# One waits from drawing the ticket, with an appointment from its time at the earliest: who comes early chose to.
TODAY = """
WITH of_day AS (
    SELECT agency,
        greatest(0, extract(epoch FROM called_at - greatest(drawn_at, first_from)) / 60) AS waited,
        CASE WHEN state = 'served' THEN extract(epoch FROM ended_at - called_at) / 60 END AS served
    FROM queues_ticket WHERE agency = ANY(%s) AND day = %s AND called_at IS NOT NULL
)
SELECT agency, count(*), avg(waited), percentile_cont(0.9) WITHIN GROUP (ORDER BY waited),
    count(served), avg(served), percentile_cont(0.9) WITHIN GROUP (ORDER BY served)
FROM of_day GROUP BY agency ORDER BY agency
"""


@dataclass(frozen=True)
class Waiting:
    """An agency's day before the counters: tickets called and served; minutes waited and served, mean and 90th percentile."""

    agency: str
    called: int
    waited: float
    waited_slow: float
    served: int
    serving: float | None
    serving_slow: float | None


def waiting(agencies: Sequence[str], day: date) -> list[Waiting]:
    """The figures of each agency that called somebody on the day: one query."""
    with connection.cursor() as cursor:
        cursor.execute(TODAY, [list(agencies), day])
        return [
            Waiting(
                agency=agency,
                called=called,
                waited=float(waited),
                waited_slow=float(slow),
                served=served,
                serving=None if serving is None else float(serving),
                serving_slow=None if serving_slow is None else float(serving_slow),
            )
            for agency, called, waited, slow, served, serving, serving_slow in cursor.fetchall()
        ]
