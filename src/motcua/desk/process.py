"""The process of one dossier as a picture: what is done, where it stands, who holds it, and why it waits."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from motcua.dossiers.events import StepReturned
from motcua.dossiers.models import BY_PEOPLE, Dossier, Step
from motcua.dossiers.states import State
from motcua.exchange.questions import Progress
from motcua.journal.actions import name_of as called
from motcua.journal.models import Entry
from motcua.lib.actors import Actor
from motcua.lib.working_time import Calendar
from motcua.organisations.models import Agency
from motcua.organisations.names import role_name
from motcua.procedures.vocabulary import StepKind
from motcua.ui import words
from motcua.ui.pictures import Segment, segments

# The kinds of steps another agency does.
ELSEWHERE = tuple(kind.value for kind in StepKind if kind.is_elsewhere)
SENT_BACK = called(StepReturned)
# Why the clock stood still, and for how long.
STOOD: Mapping[str, Promise] = {
    "supplement": gettext_lazy("Waiting for the supplement, %(term)s"),
    "fee": gettext_lazy("Waiting for the fee, %(term)s"),
    "stopped": gettext_lazy("The work was stopped, %(term)s"),
}
STATES = {Step.State.WAITING: "next", Step.State.DONE: "done", Step.State.REFUSED: "late"}


@dataclass(frozen=True)
class Box:
    """One step as `<c-process>` draws it."""

    state: str
    title: str
    who: str
    time: str
    mark: str = ""


@dataclass(frozen=True)
class Wait:
    """Another agency has not answered: who, since when, and what is known of the way there."""

    office: str
    title: str
    why: str
    is_refused: bool


@dataclass(frozen=True)
class Look:
    """Who looks at it when, by which calendar; names of other agencies, and how often it was sent back to each step."""

    calendar: Calendar
    now: datetime
    by: Actor
    offices: Mapping[str, str]
    loops: Mapping[str, int]
    # Since when the dossier's clock stands still; no step of people here takes time then.
    stands_since: datetime | None = None


def boxes(dossier: Dossier, steps: Sequence[Step], look: Look) -> list[Box]:
    """The steps in their order."""
    return [
        Box(
            state=state_of(dossier, step, look.now),
            title=title_of(dossier, step.key),
            who=who(dossier, step, look.offices, look.by),
            time=" · ".join(filter(None, [time_of(dossier, step, look), again(look, step)])),
            mark="!" if step.state == Step.State.REFUSED else "",
        )
        for step in steps
    ]


def again(look: Look, step: Step) -> str:
    """“bị trả về 2 lần”; nothing if it was never sent back here."""
    times = look.loops.get(step.key, 0)
    if not times:
        return ""
    return ngettext("sent back %(count)s time", "sent back %(count)s times", times) % {"count": times}


def loops_of(entries: Iterable[Entry]) -> Mapping[str, int]:
    """How often a dossier was sent back to each of its steps, by the journal."""
    return Counter(entry.facts["back_to"] for entry in entries if entry.event == SENT_BACK)


def name_of(dossier: Dossier) -> str:
    """What is asked for, as the procedure is called."""
    return dossier.version.name_in(get_language() or "vi")


def title_of(dossier: Dossier, key: str) -> str:
    """The step as its procedure calls it, or its key where the procedure no longer knows it."""
    names = {step.id: step.name for step in dossier.definition.steps}
    return names[key].said_in(get_language() or "vi") if key in names else key


def office(agency: Agency) -> str:
    """As people say it, in the language of the page."""
    return agency.name if get_language() == "en" else agency.short_name


def state_of(dossier: Dossier, step: Step, now: datetime) -> str:
    """The state class of a step; where no clock runs, what would be under way waits."""
    if is_first_of_new(dossier, step):
        return "now"
    if step.state != Step.State.RUNNING:
        return STATES[Step.State(step.state)]
    if dossier.has_ended or dossier.is_paused:
        return "wait"
    if step.due_at and step.due_at < now:
        return "late"
    return "now" if step.kind in BY_PEOPLE else "wait"


def is_first_of_new(dossier: Dossier, step: Step) -> bool:
    """Before a dossier is received no step has begun, yet it lies with whoever receives."""
    return dossier.state == State.NEW and step.place == 0


def who(dossier: Dossier, step: Step, offices: Mapping[str, str], by: Actor) -> str:
    """Who did it, or whose turn it is."""
    if step.kind in ELSEWHERE:
        return offices.get(step.agency, step.agency)
    if step.by_name and step.kind == "human":
        return step.by_name
    if step.kind == "automatic":
        return _("The system, at once")
    is_under_way = step.state == Step.State.RUNNING or is_first_of_new(dossier, step)
    if is_under_way and dossier.is_open and by.holds(step.role, at=dossier.agency):
        return _("You hold it")
    return role_name(step.role)


def time_of(dossier: Dossier, step: Step, look: Look) -> str:
    """How long it took, how much of its time is used, or how long it may take; pauses of the clock do not count."""
    allowed = float(step.hours)
    if not step.started_at:
        return words.exact(allowed) if allowed else _("At once")
    stood = look.stands_since if step.kind in BY_PEOPLE else None
    until = step.ended_at or stood or dossier.ended_at or look.now
    took = max(0.0, look.calendar.between(step.started_at, until) - float(step.paused))
    if step.ended_at or not allowed:
        return words.exact(took) if took > 0 else _("At once")
    return _("%(used)s of %(allowed)s") % {"used": words.exact(took), "allowed": words.exact(allowed)}


def awaited(dossier: Dossier, steps: Sequence[Step]) -> list[Step]:
    """The steps other agencies have not done."""
    if dossier.has_ended:
        return []
    waiting = {Step.State.RUNNING, Step.State.REFUSED}
    return [step for step in steps if step.kind in ELSEWHERE and step.state in waiting]


def waits(
    dossier: Dossier, steps: Sequence[Step], *, offices: Mapping[str, str], sent: Mapping[str, Progress]
) -> list[Wait]:
    """Those steps in words, each with what is known of the request on its way: `sent`, by the steps' keys."""
    return [
        Wait(
            office=offices.get(step.agency, step.agency),
            title=title_of(dossier, step.key),
            why=step.trouble or on_its_way(sent.get(step.key)),
            is_refused=step.state == Step.State.REFUSED,
        )
        for step in awaited(dossier, steps)
    ]


def on_its_way(known: Progress | None) -> str:
    """What the exchange knows of a request, and when it tries again."""
    if known is None or not known.is_open:
        return ""
    again = _("Next try %(clock)s.") % {"clock": words.clock(known.next_try)} if known.next_try else ""
    return f"{known.words} {again}".strip()


def clock(
    dossier: Dossier, stretches: Sequence[Any], *, calendar: Calendar, now: datetime
) -> tuple[list[Segment], str]:
    """The stretches of the clock with their working hours, and the same as one sentence."""
    parts = [stretch(segment, place, calendar, now) for place, segment in enumerate(stretches)]
    left = calendar.between(now, dossier.due_at) if dossier.due_at and dossier.is_open else 0
    if left > 0 and not dossier.is_paused:
        parts.append((_("Left, %(term)s") % {"term": words.term(left)}, "rest", left))
    return segments(parts), "; ".join(said for said, _kind, _hours in parts)


def stretch(segment: Any, place: int, calendar: Calendar, now: datetime) -> tuple[str, str, float]:
    hours = max(0.0, calendar.between(segment.began_at, segment.ended_at or now))
    term = words.term(hours)
    if segment.kind == segment.Kind.PAUSED:
        return STOOD.get(segment.cause, STOOD["supplement"]) % {"term": term}, "hold", hours
    return _("Running, %(term)s") % {"term": term}, "b" if place % 2 else "a", hours
