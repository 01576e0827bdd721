"""What has happened to an application, what is under way, and what is still to come, in plain words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers import events, facts
from motcua.dossiers.models import Application, Attachment
from motcua.dossiers.states import PAUSED, State
from motcua.journal.actions import name_of
from motcua.journal.models import Entry
from motcua.oversight.words import said
from motcua.portal.standing import waits
from motcua.procedures.picture import Box, picture
from motcua.tracking.words import MOMENTS
from motcua.ui import words

OWN: dict[str, tuple[str, Promise]] = {
    name_of(events.ApplicationSent): ("done", gettext_lazy("You sent the application")),
    name_of(events.ApplicationReopened): (
        "wait",
        gettext_lazy("It did not arrive; you had it back as a draft"),
    ),
    name_of(events.ApplicationSupplied): ("done", gettext_lazy("You sent what was asked for")),
    name_of(events.SupplementReturned): ("wait", gettext_lazy("It did not arrive; send it again")),
    name_of(events.WithdrawalAsked): ("wait", gettext_lazy("You asked to take it back")),
    name_of(events.ApplicationRated): ("done", gettext_lazy("You rated the service. Thank you.")),
}
NEWS = name_of(events.NewsLearned)
TOLD_APART = {State.NEW, State.SUPPLEMENT, State.FEE, State.REFUSED, State.STOPPED, State.WITHDRAWN}
LATE = {State.REFUSED, State.STOPPED}
# What had ended and goes on.
GOES_ON: dict[str, Promise] = {
    "restarted": gettext_lazy("Work on the dossier goes on"),
    "in_time": gettext_lazy("The dossier goes on: what was missing had been sent in time"),
}
VERDICTS: dict[State, Promise] = {
    State.NEW: gettext_lazy("Your dossier has been sent. The agency will receive it."),
    State.ACCEPTED: gettext_lazy("Your dossier has been received. The clock runs."),
    State.REFUSED: gettext_lazy("Your dossier was not received."),
    State.PROCESSING: gettext_lazy("Your dossier is being handled."),
    State.SUPPLEMENT: gettext_lazy("One thing is missing, and it is up to you."),
    State.FEE: gettext_lazy("Your dossier waits for the fee."),
    State.WITHDRAWN: gettext_lazy("You have withdrawn this dossier."),
    State.STOPPED: gettext_lazy("Work on this dossier has been stopped."),
    State.DONE: gettext_lazy("The result is signed and on its way to you."),
    State.RETURNED: gettext_lazy("It is done: the result is yours."),
}
LEADS: dict[State, Promise] = {
    State.NEW: gettext_lazy("The desk looks at it within the working day. You need not do anything."),
    State.ACCEPTED: gettext_lazy("All is on time. You need not do anything."),
    State.PROCESSING: gettext_lazy("All is on time. You need not do anything."),
    State.REFUSED: gettext_lazy("The reason stands below. You may file again at any time."),
    State.SUPPLEMENT: gettext_lazy(
        "The clock stands still. It starts again as soon as you have added what is missing."
    ),
    State.FEE: gettext_lazy("The clock stands still until the fee is paid."),
    State.WITHDRAWN: gettext_lazy("You took it back. You may file again at any time."),
    State.STOPPED: gettext_lazy("The reason stands below."),
    State.RETURNED: gettext_lazy("The result is yours: below, and among your papers."),
}


@dataclass(frozen=True)
class Moment:
    """A point of the timeline as `<c-moment>` draws it."""

    state: str
    title: str
    at: datetime | None = None
    who: str = ""
    note: str = ""


@dataclass
class Way:
    """The steps of a procedure, stage by stage, and how far the dossier has come."""

    boxes: list[list[Box]]
    passed: set[str] = field(default_factory=set)

    def stage_of(self, step: str) -> int | None:
        return next(
            (place for place, boxes in enumerate(self.boxes) if step in {box.id for box in boxes}), None
        )

    def pass_to(self, state: State, step: str) -> list[Box]:
        """The steps that news shows to be behind us, and that we did not know of."""
        stage = len(self.boxes) if state == State.RETURNED else self.stage_of(step)
        behind = [box for boxes in self.boxes[: stage or 0] for box in boxes if box.id not in self.passed]
        self.passed |= {box.id for box in behind}
        return behind


def verdict(application: Application) -> str:
    """The one sentence above all."""
    if application.withdrawal_asked_at and application.is_open:
        return _("You have asked to withdraw this dossier. The agency will confirm it.")
    if application.state == State.SUPPLEMENT and not application.is_waiting_for_citizen:
        return _("You have sent what was missing. The agency is looking at it.")
    if is_late(application, now=timezone.now()):
        return _("Your dossier is late.")
    if application.waits_at_desk:
        return _("The result is signed and waits for you at the one-stop desk.")
    return str(VERDICTS[State(application.state)])


def lead(application: Application, *, now: datetime) -> str:
    """What it means, and whether there is something to do."""
    if application.withdrawal_asked_at and application.is_open:
        return ""
    if application.state == State.SUPPLEMENT:
        return supplement(application, now=now)
    if application.state == State.NEW and application.receive_by:
        return awaiting_receipt(application.receive_by, now=now)
    if is_late(application, now=now):
        return overdue(application)
    if application.waits_at_desk:
        said = _("Bring your identity card to %(agency)s. The electronic copy is here already.")
        return said % {"agency": application.agency_name}
    return str(LEADS.get(State(application.state), ""))


def is_late(application: Application, *, now: datetime) -> bool:
    """Whether the promised time has passed while the agency has it."""
    is_at_work = application.state in {State.ACCEPTED, State.PROCESSING}
    return is_at_work and application.due_at is not None and application.due_at < now


def supplement(application: Application, *, now: datetime) -> str:
    """By when what is missing is to be added, and what comes after."""
    last = application.answer_by
    if not application.is_waiting_for_citizen:
        return _("You need not do anything more.")
    if last is None:
        return str(LEADS[State.SUPPLEMENT])
    said = {"day": words.day(last)}
    if last <= now:
        return (
            _(
                "The last day to add it was %(day)s. You can still add it as long as the agency has not ended the dossier."
            )
            % said
        )
    return (
        _(
            "Add it by %(day)s; after that the agency may end the dossier. The clock stands still, and starts again as soon as "
            "you have added what is missing."
        )
        % said
    )


def overdue(application: Application) -> str:
    """What is owed to who waits; after the one new date (form 04) no other is promised."""
    if application.attachments.filter(kind=Attachment.Kind.APOLOGY).exists():
        return _(
            "The new date has passed too, and we are very sorry. Complain about the dossier below: "
            "the head of the agency answers."
        )
    return _("It is late, and we are sorry. The agency must write to you with the reason and a new date.")


def awaiting_receipt(by: datetime, *, now: datetime) -> str:
    """By when the desk says whether it receives the dossier."""
    until = {"until": words.until(by)}
    if by < now:
        return (
            _("It should have been received %(until)s, and we are sorry. The head of the agency sees that.")
            % until
        )
    return (
        _("The desk receives it, or tells you what is missing, %(until)s. You need not do anything.") % until
    )


def story(
    application: Application, entries: Iterable[Entry], *, offices: Mapping[str, str], now: datetime
) -> list[Moment]:
    """The whole way, oldest first."""
    drawn = picture(application.definition, application.case)
    way = Way([list(stage.boxes) for stage in drawn.stages])
    told: list[Moment] = []
    before = State.DRAFT
    for entry in entries:
        if entry.event in OWN:
            state, mine = OWN[entry.event]
            by_another = application.mandate_id is not None
            who = entry.actor.get("name", "") if by_another else ""
            told.append(Moment(state, said(entry.event) if by_another else str(mine), entry.at, who))
        elif entry.event == NEWS:
            state_then = State(entry.facts["state"])
            told += news(way, entry, changed=state_then != before, offices=offices)
            before = state_then
    return [*told, *under_way(application, way, offices, now), *to_come(application, way, offices)]


def news(way: Way, entry: Entry, *, changed: bool, offices: Mapping[str, str]) -> list[Moment]:
    """What one piece of news shows: steps that are behind us, and turns that are no steps."""
    state, step = State(entry.facts["state"]), entry.facts["step"]
    done = [
        Moment("done", facts.said(box.name), entry.at, facts.holder(box, offices))
        for box in way.pass_to(state, step)
    ]
    if entry.facts.get("why") == "forwarded":
        sent_on = _("Sent on to the agency that handles it: %(agency)s") % {
            "agency": entry.facts["explained"]
        }
        return [*done, Moment("done", sent_on, entry.at)]
    if words := GOES_ON.get(entry.facts.get("why", "")):
        return [*done, Moment("done", str(words), entry.at, note=entry.facts["explained"])]
    if not changed or state not in TOLD_APART:
        return done
    mark = "late" if state in LATE else "wait" if state in PAUSED else "done"
    return [*done, Moment(mark, str(MOMENTS[state]), entry.at, note=entry.facts["reason"])]


def under_way(application: Application, way: Way, offices: Mapping[str, str], now: datetime) -> list[Moment]:
    """The steps someone works on now; none while the agency waits for the applicant."""
    if not application.is_open or waits(application):
        return []
    stage = current(application, way)
    is_late = application.due_at is not None and application.due_at < now
    return [
        Moment(
            "late" if is_late else "now",
            facts.said(box.citizen_reads),
            who=application.holder
            if box.id == application.step and application.holder
            else facts.holder(box, offices),
        )
        for box in (way.boxes[stage] if stage < len(way.boxes) else [])
        if box.id not in way.passed
    ]


def to_come(application: Application, way: Way, offices: Mapping[str, str]) -> list[Moment]:
    """The steps nobody has begun."""
    if not application.is_open:
        return []
    first = current(application, way) + (0 if waits(application) else 1)
    return [
        Moment("next", facts.said(box.name), who=facts.holder(box, offices))
        for boxes in way.boxes[first:]
        for box in boxes
    ]


def current(application: Application, way: Way) -> int:
    """The stage the dossier stands at; before it is received, the first."""
    return way.stage_of(application.step) or 0
