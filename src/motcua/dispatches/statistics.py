"""How many documents went and came, electronic, signed and how, and how soon they were dealt with: from the journal."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.db import connection
from django.utils import timezone

from motcua.organisations.models import Agency

TYPED = re.compile(r"(?P<year>20[0-9]{2})(-(?P<month>0[1-9]|1[0-2]))?")
ISSUED, ARRIVED = "dispatches.DispatchIssued", "dispatches.DispatchArrived"
ON_PAPER = "dispatches.IssuedOnPaper"
REGISTERED, FINISHED = "dispatches.DispatchRegistered", "dispatches.WorkFinished"

# What left each agency in a period, and how much of it by network.
SENT = """
SELECT facts->>'agency', count(*), count(*) FILTER (WHERE event = %(issued)s)
FROM journal_entry
WHERE event IN (%(issued)s, %(on_paper)s) AND at >= %(since)s AND at < %(until)s AND facts->>'agency' = ANY(%(agencies)s)
GROUP BY 1
"""
# What came to each in a period, how it was signed, and how soon it was entered and done: seconds, the middle one of all.
RECEIVED = """
WITH arrived AS (
    SELECT about, at, facts->>'agency' AS agency, facts->>'signed' AS signed FROM journal_entry
    WHERE event = %(arrived)s AND at >= %(since)s AND at < %(until)s AND facts->>'agency' = ANY(%(agencies)s)
), step AS (
    SELECT about, min(at) FILTER (WHERE event = %(registered)s) AS registered,
           min(at) FILTER (WHERE event = %(finished)s) AS finished,
           bool_or(event = %(finished)s AND facts->>'in_time' = 'false') AS late
    FROM journal_entry WHERE event IN (%(registered)s, %(finished)s) AND about IN (SELECT about FROM arrived) GROUP BY about
)
SELECT agency, count(*), count(*) FILTER (WHERE signed = 'personal'), count(*) FILTER (WHERE signed = 'seal'),
       count(*) FILTER (WHERE signed = 'both'),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM registered - at)),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished - at)),
       count(registered),
       count(registered) FILTER (WHERE (registered AT TIME ZONE %(zone)s)::date = (at AT TIME ZONE %(zone)s)::date),
       count(finished), count(*) FILTER (WHERE late)
FROM arrived LEFT JOIN step USING (about) GROUP BY agency
"""
# Each fault and broken rule of form on what came, and on how many documents it was found.
FAULTS = """
SELECT facts->>'agency', fault, count(*) FROM journal_entry, unnest(string_to_array(facts->>'faults', ' ')) AS fault
WHERE event = %(arrived)s AND at >= %(since)s AND at < %(until)s AND facts->>'agency' = ANY(%(agencies)s) AND fault <> ''
GROUP BY 1, 2 ORDER BY 3 DESC, 2
"""


@dataclass(frozen=True)
class Period:
    """A month (`2026-11`) or a year (`2026`): its first day, and the day after its last."""

    first: date
    after: date

    @classmethod
    def read(cls, typed: str, today: date) -> Self:
        """What was typed, or the month of today where that says nothing."""
        found = TYPED.fullmatch(typed)
        if found is None:
            return cls.month(today.year, today.month)
        year = int(found["year"])
        return (
            cls.month(year, int(found["month"]))
            if found["month"]
            else cls(date(year, 1, 1), date(year + 1, 1, 1))
        )

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        first = date(year, month, 1)
        return cls(first, (first + timedelta(days=32)).replace(day=1))

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.first:%Y}" if (self.after - self.first).days > 31 else f"{self.first:%Y-%m}"


@dataclass
class Counted:
    """The documents of one agency in a period; seconds are the middle of all, None where there was none."""

    code: str
    name: str
    sent: int = 0
    sent_electronic: int = 0
    received: int = 0
    personal: int = 0
    seal: int = 0
    both: int = 0
    registered: int = 0
    registered_same_day: int = 0
    done: int = 0
    late: int = 0
    seconds_to_register: float | None = None
    seconds_to_done: float | None = None
    faults: dict[str, int] = field(default_factory=dict)

    @property
    def signed(self) -> int:
        """Whatever bears a signature that can be read, a person's, the agency's, or both."""
        return self.personal + self.seal + self.both

    @property
    def percent_electronic(self) -> float | None:
        return percent(self.sent_electronic, self.sent)

    @property
    def percent_signed(self) -> float | None:
        return percent(self.signed, self.received)

    @property
    def percent_both(self) -> float | None:
        return percent(self.both, self.received)


def percent(part: int, whole: int) -> float | None:
    """With two digits behind the point, as the country's tables print it; None of nothing."""
    return round(100 * part / whole, 2) if whole else None


def counted(agencies: Iterable[Agency], period: Period) -> list[Counted]:
    """Each agency that sent or received something, by its code."""
    found = {one.code: Counted(one.code, one.name_vi) for one in agencies}
    asked = {
        "agencies": list(found),
        "since": midnight(period.first),
        "until": midnight(period.after),
        "zone": timezone.get_default_timezone_name(),
        "issued": ISSUED,
        "on_paper": ON_PAPER,
        "arrived": ARRIVED,
        "registered": REGISTERED,
        "finished": FINISHED,
    }
    for code, sent, electronic in rows(SENT, asked):
        found[code].sent, found[code].sent_electronic = sent, electronic
    names = ("received", "personal", "seal", "both", "seconds_to_register", "seconds_to_done",
             "registered", "registered_same_day", "done", "late")  # fmt: skip
    for code, *numbers in rows(RECEIVED, asked):
        for name, number in zip(names, numbers, strict=True):
            setattr(found[code], name, number)
    for code, fault, number in rows(FAULTS, asked):
        found[code].faults[fault] = number
    return [one for one in sorted(found.values(), key=lambda one: one.code) if one.sent or one.received]


SUMS = (
    "sent",
    "sent_electronic",
    "received",
    "personal",
    "seal",
    "both",
    "registered",
    "registered_same_day",
    "done",
    "late",
)


def total(lines: Sequence[Counted]) -> Counted:
    """All of them together; of times there is no sum."""
    whole = Counted("", "", **{name: sum(getattr(one, name) for one in lines) for name in SUMS})
    for one in lines:
        for fault, number in one.faults.items():
            whole.faults[fault] = whole.faults.get(fault, 0) + number
    return whole


def rows(query: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return list(cursor.fetchall())


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
