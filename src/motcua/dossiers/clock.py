"""The legal clock: when a dossier is due, and what a change of working time would move."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q

from motcua.dossiers.models import Dossier, Segment, Step
from motcua.dossiers.states import OPEN, PAUSED, Channel, State
from motcua.lib.working_time import Calendar
from motcua.organisations.decisions import Decisions
from motcua.procedures.models import Version
from motcua.procedures.runs import part_of
from motcua.procedures.schema import WORKING_HOURS_A_DAY, Term
from motcua.procedures.vocabulary import Unit

# What comes in is taken up the same working day (decree 61/2018, art. 17 and 18): so many hours of the agency's calendar.
HOURS_TO_RECEIVE = 8.0
# What the appraisal finds missing is asked for within so many working days of receipt (art. 19.4).
DAYS_TO_ASK = 3


# The law says that a supplement is asked for once, not until when it is to come: calendar days, if the officer names no others,
# the fewest and the most one may name, and how long before the last day the applicant is reminded.
DAYS_TO_ANSWER, FEWEST_DAYS, MOST_DAYS = 30, 10, 90
REMINDED_BEFORE = timedelta(days=5)


def answer_by(calendar: Calendar, asked_at: datetime, days: int) -> datetime:
    """By when a supplement is to be sent: its last day ends at midnight (Bộ luật Dân sự 91/2015, điều 148.6)."""
    last = calendar.last_day(asked_at.astimezone(calendar.zone).date(), days=days)
    return datetime.combine(last, time.max, calendar.zone)


def is_fitting(name: str, dossier: Dossier, now: datetime) -> bool:
    """What waits for a supplement is ended only when its last day is over: refused before it was received, stopped after."""
    if dossier.state != State.SUPPLEMENT or name not in {"refuse", "stop"}:
        return True
    is_over = dossier.answer_by is None or dossier.answer_by <= now
    return is_over and name == ("stop" if dossier.accepted_at else "refuse")


def receive_by(dossier: Dossier, calendar: Calendar) -> datetime:
    """By when the desk receives it or says why not; what belongs elsewhere goes on the same working day."""
    if dossier.forward_to:
        return calendar.hand_on_by(dossier.arrived_at, dossier.definition.cut_off_time)
    return calendar.add(dossier.began_at or dossier.arrived_at, HOURS_TO_RECEIVE)


def ask_by(dossier: Dossier, calendar: Calendar) -> datetime | None:
    """By when form 02 goes out for what the appraisal finds missing; nothing before receipt, or once it has been asked for.

    What is decided for an agency below goes back there instead.
    """
    if dossier.accepted_at is None or dossier.supplements_asked or dossier.is_part:
        return None
    day = dossier.accepted_at.astimezone(calendar.zone).date()
    for _day in range(DAYS_TO_ASK):
        day = calendar.next_working_day(day)
    return calendar.closes(day)


def last_asked_on(calendar: Calendar, day: date) -> tuple[date, date] | None:
    """From which day until before which was received what is asked about at last on this day; None if nobody works on it."""
    if not calendar.hours_on(day):
        return None
    back = [day]
    while len(back) <= DAYS_TO_ASK:
        before = back[-1] - timedelta(days=1)
        while not calendar.hours_on(before):
            before -= timedelta(days=1)
        back.append(before)
    return back[DAYS_TO_ASK], back[DAYS_TO_ASK - 1]


def due_at(dossier: Dossier, calendar: Calendar, began: datetime) -> datetime:
    """When the result is due if the clock began to run then, by the term of the procedure's case and way of filing.

    What is decided for an agency below is due within the time its step has there.
    """
    if dossier.part:
        *outside, key = dossier.part
        step = part_of(dossier.version.with_overlays(dossier.overlays), outside).step(key)
        return calendar.add(began, step.hours)
    term = dossier.definition.term_for(dossier.case, Channel(dossier.channel).word)
    return ends(term, calendar, began)


def ends(term: Term | None, calendar: Calendar, began: datetime) -> datetime:
    """When a term is over; one that is not written in numbers counts as a working day.

    Terms in calendar days and months end with the office hours of their last day (Bộ luật Dân sự 91/2015, điều 147–148).
    """
    if term and term.value and term.unit in {Unit.DAYS, Unit.MONTHS}:
        length = {"months" if term.unit is Unit.MONTHS else "days": term.value}
        return calendar.closes(calendar.last_day(began.astimezone(calendar.zone).date(), **length))
    hours = term.working_hours if term and term.working_hours else WORKING_HOURS_A_DAY
    return calendar.add(began, float(hours))


def ends_at(segment: Segment, calendar: Calendar) -> datetime:
    """When the result is due by this running stretch: with the whole term, or with what a pause had left of it."""
    if segment.left is None:
        return due_at(segment.dossier, calendar, segment.began_at)
    return calendar.add(segment.began_at, float(segment.left))


def stands_since(stretches: Sequence[Segment]) -> datetime | None:
    """Since when the clock stands still; None while it runs. Of a stop upon a fee or a supplement, the first counts."""
    since = None
    for one in reversed(stretches):
        if one.kind == Segment.Kind.RUNNING:
            break
        since = one.began_at
    return since


def step_due_at(step: Step, calendar: Calendar) -> datetime | None:
    """When a step that has begun is due: its hours, and as many as the dossier's clock stood still meanwhile."""
    if not step.hours or step.started_at is None:
        return None
    return calendar.add(step.started_at, float(step.hours) + float(step.paused))


@dataclass(frozen=True)
class Shift:
    """A dossier whose due date moves."""

    dossier: Dossier
    before: datetime
    after: datetime


def shifts(segments: Iterable[Segment], decisions: Decisions) -> Iterator[Shift]:
    """The dossiers of these running clocks whose due date is another under these decisions."""
    for segment in segments:
        dossier = segment.dossier
        after = ends_at(segment, decisions.calendar(dossier.agency))
        if dossier.due_at is not None and after != dossier.due_at:
            yield Shift(dossier, dossier.due_at, after)


def running(agency: str, *, after: int = 0, limit: int | None = None) -> Sequence[Segment]:
    """Clocks that run at an agency and those below it (all, without a code), with their dossiers: two queries.

    A date an extension has promised in writing is not among them: it stays (decree 61/2018, art. 19.9).
    """
    clocks = Segment.objects.filter(
        under(agency, "dossier__agency"),
        kind=Segment.Kind.RUNNING,
        ended_at=None,
        pk__gt=after,
        dossier__state__in=OPEN - PAUSED,
        dossier__accepted_at__isnull=False,
    ).exclude(dossier__extension__due_at=F("dossier__due_at"))
    found = list(clocks.select_related("dossier").order_by("pk")[:limit])
    # What a procedure says is long: it is read once for each version, not for each dossier.
    versions = Version.objects.in_bulk({segment.dossier.version_id for segment in found})
    for segment in found:
        segment.dossier.version = versions[segment.dossier.version_id]
    return found


def unreceived(agency: str, decisions: Decisions) -> Iterator[tuple[Dossier, datetime | None]]:
    """What waits to be received at an agency and those below it, by another time now: that time set, and what it was."""
    waiting = Dossier.objects.select_for_update(of=("self",)).filter(under(agency), state=State.NEW)
    for dossier in waiting.with_procedures().order_by("pk"):
        by = receive_by(dossier, decisions.calendar(dossier.agency))
        if by != (was := dossier.receive_by):
            dossier.receive_by = by
            yield dossier, was


def moved_steps(steps: Iterable[Step], decisions: Decisions) -> Iterator[Step]:
    """The running steps with another due date under these decisions, that date set."""
    for step in steps:
        after = step_due_at(step, decisions.calendar(step.agency))
        if after and after != step.due_at:
            step.due_at = after
            yield step


def under(code: str, field: str = "agency") -> Q:
    """Rows of the agency of this code and those below it; all rows without a code."""
    return Q(**{field: code}) | Q(**{f"{field}__startswith": f"{code}."}) if code else Q()
