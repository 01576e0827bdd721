"""The steps of a dossier: which can begin, what beginning means, and what follows when one ends."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers.clock import due_at, stands_since, step_due_at
from motcua.dossiers.events import StepCompleted, StepStarted
from motcua.dossiers.handing import above, digests_of, whole
from motcua.dossiers.models import BY_PEOPLE, Dossier, Round, Segment, Step, steps_of
from motcua.dossiers.proving import LONGEST
from motcua.exchange import actions as exchange
from motcua.journal.actions import record, record_many
from motcua.lib import rows
from motcua.lib.actions import NotNow
from motcua.lib.actors import Actor
from motcua.lib.working_time import Calendar
from motcua.organisations.models import calendar_for, decided
from motcua.procedures.inputs import resolve
from motcua.procedures.runs import earlier, goes_back_to
from motcua.procedures.schema import Step as Defined
from motcua.procedures.vocabulary import StepKind, Verb
from motcua.sharing import actions as sharing
from motcua.sharing.models import Request

EXAMINING = ("registrar", "specialist")


def lay_out(dossier: Dossier) -> None:
    """Give a new dossier the steps of its procedure and case. Raises Invalid where one has nobody to decide it."""
    defined = dossier.definition.steps_for(dossier.case)
    steps = [
        Step(
            dossier=dossier,
            key=step.id,
            place=place,
            kind=step.kind,
            role=step.role or "",
            # Of a step of kind consult: who is asked, so that the answer is due in their working time.
            agency=above(dossier, step) if step.kind is StepKind.ABOVE else step.agency or dossier.agency,
            service=step.service or "",
            hours=step.hours or 0,
            after=list(step.after or ()),
        )
        for place, step in enumerate(defined)
    ]
    if steps:
        rows.write(rows.inserted(steps))


class Walk:
    """Steps that end and begin together: worked out in memory, then written with a few statements, however many they are."""

    def __init__(self, dossier: Dossier, *, by: Actor) -> None:
        self.dossier, self.by, self.decisions = dossier, by, decided()
        self.steps = steps_of(dossier.pk)
        self.changed: dict[str, Step] = {}
        self.happened: list[StepStarted | StepCompleted] = []
        self.asked: list[Step] = []

    def begin_ready(self) -> None:
        """Begin every step whose predecessors are done; a service step begins by asking the other agency."""
        done = {step.key for step in self.steps if step.state == Step.State.DONE}
        for step in self.steps:
            if step.state == Step.State.WAITING and done.issuperset(step.after):
                self.happened.append(begun(step, self.decisions.calendar(step.agency)))
                self.changed[step.key] = step
                self.asked += [step] if StepKind(step.kind).is_elsewhere else []

    def end(self, key: str) -> None:
        """End a step and begin what waited for it; ending an ended step changes nothing."""
        step = next((one for one in self.steps if one.key == key), None)
        if step is None:
            raise Step.DoesNotExist(key)
        if step.state == Step.State.DONE:
            return
        step.state, step.ended_at, step.by_name, step.trouble = (
            Step.State.DONE,
            timezone.now(),
            self.by.name,
            "",
        )
        step.by_urn, step.started_at = self.by.urn, step.started_at or step.ended_at
        hours = self.decisions.calendar(step.agency).between(step.started_at, step.ended_at)
        step.took = max(Decimal(0), Decimal(hours) - step.paused)
        self.happened.append(StepCompleted(step.key, step.agency, step.is_on_time))
        self.changed[step.key] = step
        self.begin_ready()

    @property
    def holding(self) -> Step | None:
        """The step that holds the dossier now, as `running_step` finds it."""
        now = [one for one in self.steps if one.state in {Step.State.RUNNING, Step.State.REFUSED}]
        return max(now, key=lambda one: (one.due_at is None, one.due_at or one.started_at), default=None)

    @property
    def parts(self) -> list[rows.Part]:
        """What writes the steps that changed, as parts of one statement."""
        return [rows.updated([*self.changed.values()], *WALKED, name="walked")] if self.changed else []

    def write(self) -> None:
        """Write the steps and where the dossier stands now, and what happened; then ask."""
        note_standing(self.dossier, self.steps)
        rows.write(*self.parts, rows.updated([self.dossier], *STANDING))
        self.tell()

    def tell(self, *, asks_anew: bool = True) -> None:
        """Record what happened, and ask other agencies; `asks_anew=False` if none can have been asked before."""
        record_many([(event, self.dossier.urn) for event in self.happened], by=self.by)
        for step in self.asked:
            ask(self.dossier, step, tries=None if asks_anew else 0)


WALKED = ("state", "started_at", "due_at", "ended_at", "took", "by_urn", "by_name", "trouble")
# What `note_standing` sets.
STANDING = ("standing", "turns", "assigned_to", "assigned_for")


def stand(dossier: Dossier, steps: Sequence[Step]) -> None:
    """Note on the dossier at which steps it stands and whose turn it is, as lists of dossiers show it."""
    note_standing(dossier, steps)
    dossier.save(update_fields=STANDING)


def note_standing(dossier: Dossier, steps: Sequence[Step]) -> None:
    """The same in memory, for who saves the dossier."""
    now = [step for step in steps if step.state in {Step.State.RUNNING, Step.State.REFUSED}]
    dossier.standing = [
        {
            "key": step.key,
            "kind": step.kind,
            "role": step.role,
            "agency": step.agency,
            "state": str(step.state),
            "since": step.started_at.isoformat() if step.started_at else "",
        }
        for step in now
    ]
    dossier.turns = sorted({role for step in now for role in roles_of(step, steps)})
    if dossier.assigned_for not in {step.key for step in now}:
        dossier.assigned_to, dossier.assigned_for = None, ""


def roles_of(step: Step, steps: Sequence[Step]) -> set[str]:
    """Whose turn a step is; what another agency refused is the examining officers' to put right."""
    if step.state == Step.State.REFUSED:
        return {other.role for other in steps if other.role in EXAMINING} or {"registrar"}
    return {step.role} if step.kind in BY_PEOPLE else set()


def start(dossier: Dossier, step: Step, *, by: Actor) -> None:
    """Begin one step."""
    event = begun(step, calendar_for(step.agency))
    step.save()
    record(event, about=dossier, by=by)
    if StepKind(step.kind).is_elsewhere:
        ask(dossier, step)


def begun(step: Step, calendar: Calendar) -> StepStarted:
    """A step that begins, in memory: its clock runs from now, in the working hours of its agency."""
    step.state, step.started_at, step.trouble = Step.State.RUNNING, timezone.now(), ""
    step.due_at = step_due_at(step, calendar)
    return StepStarted(step.key, step.agency, step.due_at.isoformat() if step.due_at else "")


def ask(dossier: Dossier, step: Step, *, tries: int | None = None) -> None:
    """Send the step's request to the agency that holds it; a second try is a new request. `tries` if they are known."""
    if step.kind == StepKind.ABOVE:
        submit(dossier, step)
        return
    if tries is None:
        tries = Request.objects.filter(correlation__startswith=correlation_of(dossier, step)).count()
    sharing.ask(
        Request(
            service=step.service,
            sender=dossier.agency,
            to=step.agency,
            purpose=dossier.definition.name.vi[:LONGEST],
            dossier=dossier.code or "",
            correlation=f"{correlation_of(dossier, step)}:{tries + 1}",
            params=resolve(defined(dossier, step).inputs, dossier.facts()),
        ),
        by=Actor.system("dossiers"),
    )


def submit(dossier: Dossier, step: Step) -> None:
    """Send the dossier to the agency above, with all that was found here; a second try is a new dossier there."""
    step.above = uuid4()
    step.save(update_fields=["above"])
    notes = dossier.steps.exclude(note="").order_by("place").values_list("note", flat=True)
    body = whole(dossier) | {
        "as": str(step.above),
        "part": [*(dossier.part or ()), step.key],
        "code": dossier.code or "",
        "results": dossier.results,
        "opinion": dossier.opinion or "\n".join(notes),
    }
    exchange.send(
        "dossier.submitted_above",
        json.dumps(body, ensure_ascii=False).encode(),
        sender=dossier.agency,
        recipient=step.agency,
        stream=f"dossier:{dossier.pk}",
        correlation=str(step.above),
        attachments=digests_of(dossier),
    )


def finish(dossier: Dossier, key: str, *, by: Actor) -> None:
    """End a step and begin what waited for it; ending an ended step changes nothing."""
    walk = Walk(dossier, by=by)
    walk.end(key)
    if walk.changed:
        walk.write()


def go_back(dossier: Dossier, step: Step, *, by: Actor) -> str:
    """Begin an earlier step anew and let those between wait again; what other agencies have done stays done.

    Returns the key of the step that holds the dossier now.
    """
    ours = dossier.definition.steps_for(dossier.case)
    target = goes_back_to(defined(dossier, step), ours)
    if target is None:
        raise NotNow(_("This step has none before it to return to."))
    again = [
        other
        for other in dossier.steps.filter(kind__in=BY_PEOPLE)
        if target in {other.key, *earlier(other.key, ours)}
    ]
    now = timezone.now()
    Round.objects.bulk_create(
        round_of(other, step, by, at=now, target=target) for other in again if other.started_at
    )
    for other in again:
        other.state, other.started_at, other.due_at, other.ended_at = Step.State.WAITING, None, None, None
        other.paused, other.took, other.by_urn, other.by_name = Decimal(0), None, "", ""
        other.save()
    start(dossier, dossier.steps.get(key=target), by=by)
    stand(dossier, list(dossier.steps.all()))
    return target


def round_of(other: Step, sender: Step, by: Actor, *, at: datetime, target: str) -> Round:
    """What is kept of a step that begins anew, or waits again, because the dossier goes back to `target` from `sender`."""
    is_sender = other.key == sender.key
    return Round(
        dossier_id=other.dossier_id,
        key=other.key,
        kind=other.kind,
        role=other.role,
        agency=other.agency,
        started_at=other.started_at or at,
        due_at=other.due_at,
        ended_at=other.ended_at or at,
        by_urn=by.urn if is_sender else other.by_urn,
        by_name=by.name if is_sender else other.by_name,
        back_to=target if is_sender else "",
    )


def run_clock(dossier: Dossier, *, since: datetime) -> datetime:
    """Start the legal clock from zero at `since`; return when the result is due (decree 61/2018, art. 18–19).

    The clock begins at once, or after the procedure's cut-off hour with the next working day.
    """
    calendar = calendar_for(dossier.agency)
    began = calendar.opens_after(since, dossier.definition.cut_off_time)
    go_on(dossier, list(dossier.segments.order_by("id")), at=began)
    turn(dossier, at=began)
    return due_at(dossier, calendar, began)


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


def continue_clock(dossier: Dossier, *, since: datetime) -> datetime:
    """Go on where the clock stopped; return when the result is due now: what was left then is left from `since` on.

    Unlike a supplement, a fee or a stop does not start the time limit again; a clock that had not begun yet begins as it
    would have.
    """
    calendar = calendar_for(dossier.agency)
    stretches = list(dossier.segments.order_by("id"))
    ran = next(one for one in reversed(stretches) if one.kind == Segment.Kind.RUNNING)
    stood = max(stands_since(stretches) or since, ran.began_at)
    hours = calendar.between(stood, dossier.due_at or stood)
    left, again = Decimal(max(0.0, hours)).quantize(Decimal("0.0001")), max(since, ran.began_at)
    go_on(dossier, stretches, at=again)
    turn(dossier, at=again, left=left)
    return calendar.add(again, float(left))


def go_on(dossier: Dossier, stretches: Sequence[Segment], *, at: datetime) -> None:
    """The steps people have here go on at `at` with what they had left: meanwhile nobody could work on them.

    What another agency was asked for went on there; its own clock never stood still.
    """
    stood, decisions = stands_since(stretches) or at, decided()
    steps = list(dossier.steps.filter(kind__in=BY_PEOPLE, state=Step.State.RUNNING))
    for step in steps:
        calendar, since = decisions.calendar(step.agency), max(stood, step.started_at or stood)
        step.paused += Decimal(max(0.0, calendar.between(since, at))).quantize(Decimal("0.0001"))
        step.due_at = step_due_at(step, calendar)
    Step.objects.bulk_update(steps, ["paused", "due_at"])


def turn(dossier: Dossier, *, at: datetime, left: Decimal | None = None) -> None:
    """End the open stretch of the clock, and let it run."""
    stop_clock(dossier, at=at)
    dossier.began_at = at
    Segment.objects.create(dossier=dossier, kind=Segment.Kind.RUNNING, began_at=at, left=left)


def pause(dossier: Dossier, cause: str, *, at: datetime, reason: str) -> None:
    """End the open stretch of the clock, and let it stand still."""
    stop_clock(dossier, at=at)
    Segment.objects.create(
        dossier=dossier, kind=Segment.Kind.PAUSED, began_at=at, cause=cause, reason=reason[:200]
    )


def stop_clock(dossier: Dossier, *, at: datetime) -> None:
    """End the open stretch; a stretch that would end before it began, after the cut-off hour, ends where it begins."""
    running = dossier.segments.filter(ended_at__isnull=True)
    running.update(ended_at=Greatest(Value(at, output_field=DateTimeField()), F("began_at")))


def defined(dossier: Dossier, step: Step) -> Defined:
    """What the procedure says of the step."""
    return dossier.definition.step(step.key)


def verbs_of(dossier: Dossier, step: Step) -> tuple[Verb, ...]:
    """What the holder of the step can do with it; one that names a step to go `back` to can send the dossier there."""
    known = defined(dossier, step)
    return tuple(dict.fromkeys((*known.verbs, *([Verb.RETURN_TO_EXAMINER] if known.back else []))))


def correlation_of(dossier: Dossier, step: Step) -> str:
    """By which an answer finds its step."""
    return f"dossier:{dossier.pk}:{step.key}"


def running_step(dossier: Dossier) -> Step | None:
    """The step that holds the dossier now, the slowest of parallel ones last due; none is asked for where none is noted."""
    if not dossier.standing:
        return None
    return (
        dossier.steps.filter(state__in=(Step.State.RUNNING, Step.State.REFUSED)).order_by("-due_at").first()
    )
