"""The nine indicators of an agency and its officers over a quarter or a year, counted from its dossiers."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from motcua.dossiers.models import Dossier
from motcua.dossiers.states import State
from motcua.indicators import circular
from motcua.indicators.circular import AGENCY_CLASSES, STAFF, STAFF_CLASSES, Score, classed, mean, total
from motcua.indicators.models import Declaration
from motcua.organisations.models import Agency
from motcua.petitions.models import Handling, Received

# Dossiers that got their result in the span, by how they went; the row without a person is the agency's. The time allowed is
# the one first promised: a new date does not make a late dossier early. Hours of steps are compared to the minute.
WENT = """
WITH closed AS (
    SELECT d.id, d.channel, d.supplements_asked, d.code = ANY(%(complaints)s)
            OR d.id IN (SELECT p.dossier FROM petitions_received p WHERE p.upheld) AS complained,
        CASE WHEN ended < due THEN 'early' WHEN ended = due THEN 'on_day' ELSE 'late' END AS pace
    FROM dossiers_dossier d LEFT JOIN dossiers_extension e ON e.dossier_id = d.id
    CROSS JOIN LATERAL (SELECT (d.ended_at AT TIME ZONE %(zone)s)::date AS ended,
        (coalesce(e.was_due_at, d.due_at) AT TIME ZONE %(zone)s)::date AS due) AS days
    WHERE d.agency = %(agency)s AND d.state IN (9, 10) AND d.ended_at >= %(since)s AND d.ended_at < %(until)s
), done AS (
    SELECT s.dossier_id, s.kind, s.by_urn, s.by_name, s.ended_at, s.due_at
    FROM dossiers_step s JOIN closed ON closed.id = s.dossier_id
    UNION ALL
    SELECT r.dossier_id, r.kind, r.by_urn, r.by_name, r.ended_at, r.due_at
    FROM dossiers_round r JOIN closed ON closed.id = r.dossier_id
), stepped AS (
    SELECT dossier_id, CASE WHEN kind = 'human' THEN by_urn ELSE '' END AS urn, by_name,
        CASE WHEN date_trunc('minute', ended_at) < date_trunc('minute', due_at) THEN 0
            WHEN date_trunc('minute', ended_at) = date_trunc('minute', due_at) THEN 1 ELSE 2 END AS pace
    FROM done WHERE ended_at IS NOT NULL AND due_at IS NOT NULL
), hands AS (
    SELECT dossier_id, '' AS urn, '' AS name, max(pace) AS worst FROM stepped GROUP BY 1
    UNION ALL
    SELECT dossier_id, urn, max(by_name), max(pace) FROM stepped WHERE urn <> '' GROUP BY 1, 2
)
SELECT coalesce(urn, '') AS urn, max(name), pace, worst, supplements_asked, channel = 1, complained, count(*)
FROM closed LEFT JOIN hands ON hands.dossier_id = closed.id
GROUP BY 1, 3, 4, 5, 6, 7
"""

# Procedures received in the span: how many there are, how many are mostly decided on the spot, how many can be filed online;
# dossiers: how many, how many online, how many of these online are or were late. On the spot is at once or on the day it
# was received, by nobody but the agency.
RECEIVED = """
SELECT count(DISTINCT p.procedure_id), count(DISTINCT p.procedure_id) FILTER (WHERE p.on_the_spot >= 0.5),
    count(DISTINCT p.procedure_id) FILTER (WHERE p.online IN ('full', 'partial')),
    count(*), count(*) FILTER (WHERE p.channel = 2), count(*) FILTER (WHERE p.channel = 2 AND p.late)
FROM (
    SELECT v.procedure_id, v.online, d.channel,
        avg(CASE WHEN d.state NOT IN (9, 10) THEN NULL
            WHEN EXISTS (SELECT 1 FROM dossiers_step s WHERE s.dossier_id = d.id AND s.agency <> d.agency) THEN 0
            ELSE (d.is_at_once OR (d.ended_at AT TIME ZONE %(zone)s)::date = (d.accepted_at AT TIME ZONE %(zone)s)::date)::int
        END) OVER (PARTITION BY v.procedure_id) AS on_the_spot,
        coalesce(d.ended_at, CASE WHEN d.state IN (2, 4) THEN now() END) > d.due_at AS late
    FROM dossiers_dossier d JOIN procedures_version v ON v.id = d.version_id
    WHERE d.agency = %(agency)s AND d.accepted_at >= %(since)s AND d.accepted_at < %(until)s
) AS p
"""

PACES = {0: "early", 1: "on_day", 2: "late"}
KEPT = 300  # seconds that what was counted is remembered


@dataclass(frozen=True)
class Period:
    """A quarter (1–4) or a whole year (0)."""

    year: int
    quarter: int = 0

    @classmethod
    def read(cls, text: str, today: date) -> "Period":
        """`2026-3` or `2026`; the present quarter for anything else."""
        year, _mark, quarter = text.partition("-")
        if year.isdecimal() and 2018 <= int(year) <= today.year and quarter in {"", "1", "2", "3", "4"}:
            return cls(int(year), int(quarter or 0))
        return cls(today.year, (today.month + 2) // 3)

    def __str__(self) -> str:
        return f"{self.year}-{self.quarter}" if self.quarter else str(self.year)

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def last(self) -> date:
        month = 3 * self.quarter if self.quarter else 12
        return date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From the first moment to that after the last."""
        zone = timezone.get_current_timezone()
        after = self.last + timedelta(days=1)
        return datetime.combine(self.first, time(), zone), datetime.combine(after, time(), zone)


@dataclass(frozen=True)
class Went:
    """So many dossiers that went alike."""

    pace: str
    unit: str
    supplements: int
    direct: bool
    complained: bool
    number: int


@dataclass(frozen=True)
class Sheet:
    """The scores of an agency or an officer, their sum, and the class it reaches: empty while indicators lack data."""

    name: str
    scores: tuple[Score, ...]
    total: Decimal
    most: int
    classed: str
    counted: int


@dataclass(frozen=True)
class Assessment:
    """An agency over a period, and its officers."""

    agency: Agency
    period: Period
    sheet: Sheet
    officers: list[Sheet]
    counted_at: datetime


class Counted(NamedTuple):
    """What the database counted, and when: how dossiers went, and what was received."""

    at: datetime
    went: list[Any]
    received: Any


def assessment(agency: Agency, period: Period) -> Assessment:
    """Count the nine indicators: four queries, however many dossiers and officers."""
    declared = declaration(agency, period)
    return assessed(agency, period, declared, count(question(agency, period, declared)))


def lately(agency: Agency, period: Period) -> Assessment:
    """The same, counted at most five minutes ago, for thousands of steps are read for it; what is declared counts at once."""
    declared = declaration(agency, period)
    asked = question(agency, period, declared)
    place = "indicators:" + hashlib.sha256(repr(sorted(asked.items())).encode()).hexdigest()
    kept = cache.get(place)
    if kept is None:
        kept = tuple(count(asked))
        cache.set(place, kept, KEPT)
    return assessed(agency, period, declared, Counted(*kept))


def declaration(agency: Agency, period: Period) -> Declaration | None:
    known = Declaration.objects.filter(agency=agency.code, year=period.year, quarter=period.quarter)
    return known.first()


def question(agency: Agency, period: Period, declared: Declaration | None) -> dict[str, Any]:
    """What is asked of the database."""
    since, until = period.span
    return {
        "agency": agency.code,
        "since": since,
        "until": until,
        "zone": timezone.get_current_timezone_name(),
        "complaints": declared.complaints if declared else [],
    }


def count(asked: dict[str, Any]) -> Counted:
    (received,) = rows(RECEIVED, asked)
    return Counted(timezone.now(), rows(WENT, asked), received)


def assessed(agency: Agency, period: Period, declared: Declaration | None, counted: Counted) -> Assessment:
    """The scores that follow from what was counted and declared."""
    went: dict[str, list[Went]] = defaultdict(list)
    names: dict[str, str] = {}
    for urn, name, pace, worst, supplements, direct, complained, number in counted.went:
        names[urn] = name or ""
        went[urn].append(
            Went(pace, PACES.get(worst, ""), supplements, bool(direct), bool(complained), number)
        )
    officers = [officer(names[urn], went[urn]) for urn in sorted(names, key=lambda urn: names[urn]) if urn]
    handled = Received.objects.all().handling(agency.code, *period.span)
    people = of_people(handled, declared, is_idle=not (counted.received[0] or went))
    scores = (*of_dossiers(went[""]), *of_agency(agency, counted.received), *people)
    whole = sheet(agency.name, scores, AGENCY_CLASSES, went[""])
    return Assessment(agency, period, whole, officers, counted.at)


def officer(name: str, went: list[Went]) -> Sheet:
    """An officer's five indicators, over the dossiers in which they did a step."""
    scores = [score for score in of_dossiers(went) if score.number in STAFF]
    return sheet(name, scores, STAFF_CLASSES, went)


def sheet(name: str, scores: Iterable[Score], classes: Any, went: list[Went]) -> Sheet:
    ordered = tuple(sorted(scores, key=lambda score: score.number))
    points = total(ordered)
    most = 2 * sum(score.points is not None for score in ordered)
    # Points that are still to come may lift it: the class is said when all have come, or when it is the best already.
    is_known = most == 2 * len(ordered) or points >= classes[0][0]
    return Sheet(
        name, ordered, points, most, classed(points, classes) if is_known else "", sum(w.number for w in went)
    )


def of_dossiers(went: list[Went]) -> list[Score]:
    """The indicators that are counted dossier by dossier: 1, 2, 3, 4 and 7."""
    return [
        mean(1, [(circular.of_time(w.pace), w.number) for w in went]),
        mean(2, [(circular.of_time(w.unit), w.number) for w in went if w.unit]),
        mean(3, [(circular.of_contacts(w.supplements), w.number) for w in went]),
        mean(4, [(circular.of_contacts(int(w.direct or w.supplements > 0)), w.number) for w in went]),
        mean(7, [(circular.of_attitude(w.pace, complained=w.complained), w.number) for w in went]),
    ]


def of_agency(agency: Agency, received: Any) -> list[Score]:
    """The indicators 5 and 9 of the agency as a whole, from what it received."""
    procedures, on_the_spot, online, dossiers, filed_online, late = received
    if not procedures:
        return [Score(5, None), Score(9, None)]
    # What stands here was received at the one-stop desk and is handed out there or online: no other way leads in or out.
    five = circular.of_one_stop(
        decided_on_the_spot=100 * on_the_spot / procedures, needed=needed(agency), all_at_the_desk=True
    )
    nine = circular.of_online(
        procedures=100 * online / procedures, dossiers=100 * filed_online / dossiers, overdue=bool(late)
    )
    return [Score(5, Decimal(five), procedures), Score(9, Decimal(nine), procedures)]


def of_people(handled: Handling, declared: Declaration | None, *, is_idle: bool) -> list[Score]:
    """The indicators 6 and 8: publicity as it was declared; petitions as they came here, with those declared beside them.

    That there were none is worth points (2), but not where there was no work at all.
    """
    six = Score(6, None)
    if declared:
        worth = circular.of_publicity(notice_board=declared.notice_board, electronic=declared.electronic)
        six = Score(6, Decimal(worth), 1)
    more, in_time, drags = 0, 0, False
    if declared:
        more, in_time, drags = declared.petitions, declared.petitions_on_time, declared.dragging
    received = handled.received + more
    if not received and is_idle and declared is None:
        return [six, Score(8, None)]
    eight = circular.of_petitions(
        received=received,
        on_time=handled.received - handled.late + in_time,
        dragging=bool(handled.dragging) or drags,
    )
    return [six, Score(8, Decimal(eight), received)]


def needed(agency: Agency) -> float:
    """Share of procedures to be decided on the spot: 20 % at a ministry or province, 50 % in a district, all in a commune."""
    return {5: 100.0, 3: 50.0}.get(len(agency.unit_code), 20.0)


def rows(statement: str, asked: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())


def sample(agency: str, period: Period, *, seed: str, size: int) -> list[Dossier]:
    """Draw dossiers that got their result in the period: those whose SHA-256 of “seed:code” is smallest.

    Whoever knows the seed and the codes draws the same ones; whoever handles dossiers cannot know the seed before.
    """
    since, until = period.span
    ended = Dossier.objects.filter(
        agency=agency, state__in=(State.DONE, State.RETURNED), ended_at__gte=since, ended_at__lt=until
    )
    codes = list(ended.values_list("code", flat=True))
    drawn = sorted(codes, key=lambda code: hashlib.sha256(f"{seed}:{code}".encode()).digest())[:size]
    found = {dossier.code: dossier for dossier in ended.with_procedures().filter(code__in=drawn)}
    return [found[code] for code in drawn]
