"""The steps of a dossier: which can begin, what beginning means, and what follows when one ends."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers.clock import step_due_at
from motcua.dossiers.events import StepCompleted, StepStarted
from motcua.dossiers.handing import above, digests_of, whole
from motcua.dossiers.models import BY_PEOPLE, Dossier, Round, Step, steps_of
from motcua.dossiers.proving import LONGEST
from motcua.exchange import actions as exchange
from motcua.exchange.actions import gathered as messages_gathered
from motcua.journal.actions import gathered as journal_gathered
from motcua.journal.actions import record, record_many
from motcua.lib import rows
from motcua.lib.actions import NotNow, ours
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


@contextmanager
def together(dossier: Dossier) -> Iterator[None]:
    """What is done to a dossier in this block is told at its end: one statement for the journal, one for all messages."""
    with ours(dossier), journal_gathered(), messages_gathered():
        yield


class Walk:
    """Steps that end and begin together: worked out in memory, then written with a few statements, however many they are."""

    def __init__(self, dossier: Dossier, steps: Sequence[Step] | None = None, *, by: Actor) -> None:
        self.dossier, self.by, self.decisions = dossier, by, decided()
        self.steps = steps_of(dossier.pk) if steps is None else steps
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

    def is_done(self, key: str) -> bool:
        """Whether a step has ended."""
        return any(step.key == key and step.state == Step.State.DONE for step in self.steps)

    def end_rest(self, *kinds: str) -> None:
        """End every step of these kinds that has not ended, in their order; of all kinds, if none is named."""
        for step in self.steps:
            if step.kind in kinds or not kinds:
                self.end(step.key)

    def write(self, *names: str, parts: Sequence[rows.Part] = ()) -> None:
        """Write the steps, where the dossier stands now and these fields of it, with other `parts`; what happened; then ask."""
        note_standing(self.dossier, self.steps)
        rows.write(*self.parts, *parts, rows.updated([self.dossier], *names, *STANDING))
        self.tell()

    def tell(self, *, asks_anew: bool = True) -> None:
        """Record what happened, and ask other agencies; `asks_anew=False` if none can have been asked before."""
        record_many([(event, self.dossier.urn) for event in self.happened], by=self.by)
        for step in self.asked:
            ask(self.dossier, step, tries=None if asks_anew else 0)


WALKED = ("state", "started_at", "due_at", "ended_at", "took", "by_urn", "by_name", "note", "trouble")
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
