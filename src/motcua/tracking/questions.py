"""What anyone who has a dossier's code may know: its state, the way so far, the day promised. Never who filed it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers.states import Channel, State
from motcua.organisations.models import Agency, calendar_for
from motcua.procedures.models import Version
from motcua.procedures.schema import Definition
from motcua.tracking import words
from motcua.tracking.models import Passage, Tracked
from motcua.ui.words import left, moment, urgency


@dataclass(frozen=True)
class Moment:
    """A point of the timeline: `state` is the class of the picture (done, now, wait, late, next)."""

    title: str
    state: str
    at: datetime | None
    note: str = ""


@dataclass(frozen=True)
class Deadline:
    """The promise: what is left in words, how much is used up in percent, and the state class."""

    words: str
    state: str
    percent: int
    due_at: datetime


@dataclass(frozen=True)
class Followed:
    """A dossier as the public page shows it."""

    code: str
    procedure: str
    agency: str
    channel: str
    state: State
    verdict: str
    lead: str
    moments: list[Moment]
    deadline: Deadline | None
    changed_at: datetime
    # Whoever filed it at a counter or by post has no page of their own: the receipt opens one.
    is_by_receipt: bool


def follow(code: str) -> Followed | None:
    """The dossier under this code, or None; raises `Invalid` if the text cannot be a code. A fixed number of queries."""
    tracked = Tracked.objects.coded(code).first()
    if tracked is None:
        return None
    version = version_of(tracked.procedure, timezone.localdate(tracked.first_at))
    agency = Agency.objects.filter(code=tracked.agency).first()
    language = get_language() or "vi"
    state, deadline = State(tracked.state), deadline_of(tracked)
    is_late = deadline is not None and deadline.state == "late"
    passages = Passage.objects.filter(dossier=tracked.dossier).order_by("at", "state", "step")
    return Followed(
        code=tracked.code,
        procedure=version.name_in(language) if version else tracked.procedure,
        agency=agency.name if agency else tracked.agency,
        channel=tracked.get_channel_display(),
        state=state,
        verdict=str(words.VERDICTS[state]),
        lead=words.lead(tracked, is_late=is_late),
        moments=moments(passages, tracked, version.definition if version else None, is_late=is_late),
        deadline=deadline,
        changed_at=tracked.changed_at,
        is_by_receipt=tracked.channel != Channel.ONLINE,
    )


def version_of(procedure: str, on: date) -> Version | None:
    """What the procedure said when the dossier was filed; if the catalogue begins later, what it said first."""
    versions = Version.objects.coded(procedure).select_related("procedure").order_by("effective_from")
    return versions.filter(effective_from__lte=on).last() or versions.first()


def deadline_of(tracked: Tracked) -> Deadline | None:
    """How the promise stands: only while someone works towards it, or waits for the applicant."""
    if tracked.due_at is None or not tracked.is_open:
        return None
    calendar, now = calendar_for(tracked.agency), timezone.now()
    whole, gone = calendar.between(tracked.first_at, tracked.due_at), calendar.between(tracked.first_at, now)
    percent = round(100 * gone / whole) if whole > 0 else 100
    if tracked.is_paused:
        return Deadline(_("The clock stands still"), "paused", percent, tracked.due_at)
    hours = calendar.between(now, tracked.due_at)
    # Late is late, also in the evening of the last day, when no working time has passed yet.
    if hours >= 0 and now > tracked.due_at:
        return Deadline(_("Past the promised time"), "late", 100, tracked.due_at)
    return Deadline(left(hours), urgency(hours), percent, tracked.due_at)


def moments(
    passages: Iterable[Passage], tracked: Tracked, definition: Definition | None, *, is_late: bool
) -> list[Moment]:
    """The way so far, in plain words; what repeats the moment before it is left out; last, what is still to come."""
    steps = {step.id: step for step in definition.steps} if definition else {}
    language = get_language() or "vi"
    told: list[tuple[Passage, str]] = []
    for passage in passages:
        step = steps.get(passage.step)
        title = words.titled(State(passage.state), step.citizen_reads.said_in(language) if step else "")
        if not told or told[-1][1] != title:
            told.append((passage, title))
    so_far = [Moment(title, "done", passage.at) for passage, title in told]
    if so_far and tracked.is_open:
        last = so_far[-1]
        so_far[-1] = Moment(
            last.title, "wait" if tracked.is_paused else "late" if is_late else "now", last.at
        )
    return [*so_far, *to_come(tracked)]


def to_come(tracked: Tracked) -> list[Moment]:
    if not tracked.is_open:
        return []
    promise = _("Promised for %(moment)s") % {"moment": moment(tracked.due_at)} if tracked.due_at else ""
    return [Moment(_("The result is returned"), "next", None, promise)]
