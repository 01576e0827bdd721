"""The stretches of a dossier's clock: how the first ones begin, and how one ends and the next begins.

What is to be written is given as parts of one statement (`rows.write`), for whoever writes the dossier with it.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from motcua.dossiers.clock import due_at, stands_since, step_due_at
from motcua.dossiers.models import BY_PEOPLE, Dossier, Segment, Step, steps_of
from motcua.lib import rows
from motcua.lib.working_time import Calendar
from motcua.organisations.decisions import Decisions
from motcua.organisations.models import decided

# What the clock sets on the dossier, for who saves it.
CLOCK = ("began_at", "due_at")

# A stretch that would end before it began, after the cut-off hour, ends where it begins.
END = """
UPDATE dossiers_segment SET ended_at = greatest(%s::timestamptz, began_at)
WHERE dossier_id = %s::uuid AND ended_at IS NULL RETURNING id
"""
# One is open at a time: the next is written behind the end of the one before, in whatever order the parts are taken.
BEGIN = """
INSERT INTO dossiers_segment (dossier_id, kind, began_at, cause, reason, "left")
SELECT %s::uuid, %s::text, %s::timestamptz, %s::text, %s::text, %s::numeric FROM (SELECT count(*) FROM ended) AS before
"""


def first_stretches(
    dossier: Dossier, *, since: datetime, calendar: Calendar, waits_for: str
) -> list[Segment]:
    """The clock of a dossier that has none yet, begun as `run_clock` does and, if it waits for the fee, stopped at once."""
    began = calendar.opens_after(since, dossier.definition.cut_off_time)
    dossier.began_at, dossier.due_at = began, due_at(dossier, calendar, began)
    running = Segment(dossier=dossier, kind=Segment.Kind.RUNNING, began_at=began)
    if not waits_for:
        return [running]
    running.ended_at = max(since, began)
    paused = Segment(dossier=dossier, kind=Segment.Kind.PAUSED, began_at=since, reason=waits_for[:200])
    paused.cause = Segment.Cause.FEE
    return [running, paused]


def run_clock(dossier: Dossier, *, since: datetime) -> list[rows.Part]:
    """Start the legal clock from zero at `since`; the dossier bears when the result is due (decree 61/2018, art. 18–19).

    The clock begins at once, or after the procedure's cut-off hour with the next working day.
    """
    decisions = decided()
    calendar = decisions.calendar(dossier.agency)
    began = calendar.opens_after(since, dossier.definition.cut_off_time)
    dossier.due_at = due_at(dossier, calendar, began)
    return [*go_on(dossier, stretches_of(dossier), decisions, at=began), *turn(dossier, at=began)]


def continue_clock(dossier: Dossier, *, since: datetime) -> list[rows.Part]:
    """Go on where the clock stopped; the dossier bears the new date: what was left then is left from `since` on.

    Unlike a supplement, a fee or a stop does not start the time limit again; a clock that had not begun yet begins as it
    would have.
    """
    decisions, stretches = decided(), stretches_of(dossier)
    calendar = decisions.calendar(dossier.agency)
    ran = next(one for one in reversed(stretches) if one.kind == Segment.Kind.RUNNING)
    stood = max(stands_since(stretches) or since, ran.began_at)
    hours = calendar.between(stood, dossier.due_at or stood)
    left, again = Decimal(max(0.0, hours)).quantize(Decimal("0.0001")), max(since, ran.began_at)
    dossier.due_at = calendar.add(again, float(left))
    return [*go_on(dossier, stretches, decisions, at=again), *turn(dossier, at=again, left=left)]


def stretches_of(dossier: Dossier) -> list[Segment]:
    """Its clock so far, the oldest first."""
    return list(dossier.segments.order_by("id"))


def go_on(
    dossier: Dossier, stretches: Sequence[Segment], decisions: Decisions, *, at: datetime
) -> list[rows.Part]:
    """The steps people have here go on at `at` with what they had left: meanwhile nobody could work on them.

    What another agency was asked for went on there; its own clock never stood still.
    """
    stood = stands_since(stretches) or at
    steps = [
        step for step in steps_of(dossier.pk) if step.kind in BY_PEOPLE and step.state == Step.State.RUNNING
    ]
    for step in steps:
        calendar, since = decisions.calendar(step.agency), max(stood, step.started_at or stood)
        step.paused += Decimal(max(0.0, calendar.between(since, at))).quantize(Decimal("0.0001"))
        step.due_at = step_due_at(step, calendar)
    return [rows.updated(steps, "paused", "due_at", name="went_on")] if steps else []


def turn(dossier: Dossier, *, at: datetime, left: Decimal | None = None) -> list[rows.Part]:
    """End the open stretch of the clock, and let it run."""
    dossier.began_at = at
    return followed_by(dossier, Segment(kind=Segment.Kind.RUNNING, began_at=at, left=left))


def pause(dossier: Dossier, cause: str, *, at: datetime, reason: str) -> list[rows.Part]:
    """End the open stretch of the clock, and let it stand still."""
    stands = Segment(kind=Segment.Kind.PAUSED, began_at=at, cause=cause, reason=reason[:200])
    return followed_by(dossier, stands)


def followed_by(dossier: Dossier, new: Segment) -> list[rows.Part]:
    """The open stretch ends, and this one begins."""
    values = (dossier.pk, new.kind, new.began_at, new.cause, new.reason, new.left)
    return [stop_clock(dossier, at=new.began_at), rows.Part("begun", BEGIN, values)]


def stop_clock(dossier: Dossier, *, at: datetime) -> rows.Part:
    """End the open stretch, if there is one."""
    return rows.Part("ended", END, (at, dossier.pk))
