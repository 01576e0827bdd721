"""How much time is left: of a dossier in working hours, of a document in days, said as its holder needs to hear it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.dossiers.clock import receive_by
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import State
from motcua.lib.working_time import Calendar
from motcua.ui import words


@dataclass(frozen=True)
class TimeLeft:
    """What `<c-deadline>` shows: words, state class, how much of the time is used, and the promise."""

    words: str
    state: str
    percent: float
    until: str


def time_left(
    dossier: Dossier, calendar: Calendar, *, now: datetime, began: datetime | None = None
) -> TimeLeft:
    """The deadline of one dossier; `began` is when its clock last began to run."""
    if dossier.has_ended:
        return ended(dossier)
    if dossier.is_paused:
        return paused(dossier, now)
    if dossier.state == State.NEW or dossier.due_at is None:
        return unreceived(dossier, calendar, now)
    return running(dossier.due_at, calendar, now, began or dossier.accepted_at or now)


def paused(dossier: Dossier, now: datetime) -> TimeLeft:
    """What it waits for, and until when; what did not come by its last day is the officers' to decide about."""
    if dossier.state == State.FEE:
        return TimeLeft(_("Standing still"), "paused", 25, _("Goes on once the fee is paid"))
    if dossier.answer_by is None:
        return TimeLeft(
            _("Standing still"), "paused", 25, _("Starts from zero once the applicant has answered")
        )
    until = _("Last day to answer: %(day)s") % {"day": words.day(dossier.answer_by)}
    if dossier.answer_by <= now:
        return TimeLeft(_("Not answered"), "soon", 100, until)
    return TimeLeft(_("Standing still"), "paused", 25, until)


def ended(dossier: Dossier) -> TimeLeft:
    until = words.short_moment(dossier.ended_at) if dossier.ended_at else ""
    state = "plain" if dossier.was_on_time else "late"
    return TimeLeft(str(dossier.get_state_display()), state, 100, until)


def unreceived(dossier: Dossier, calendar: Calendar, now: datetime) -> TimeLeft:
    """By when the desk receives it, or says why not; the legal term has not begun."""
    by = dossier.receive_by or receive_by(dossier, calendar)
    left = running(by, calendar, now, dossier.began_at or dossier.arrived_at)
    return TimeLeft(
        words=_("Not received yet, %(left)s") % {"left": lowered(left.words)},
        state=left.state,
        percent=left.percent,
        until=_("To be received %(until)s") % {"until": words.until(by)},
    )


def running(due: datetime, calendar: Calendar, now: datetime, began: datetime) -> TimeLeft:
    hours, whole = calendar.between(now, due), calendar.between(began, due)
    return TimeLeft(
        words=in_words(hours, is_over=due < now),
        state="late" if due < now else words.urgency(hours),
        percent=100 if due < now or whole <= 0 else 100 * (1 - hours / whole),
        until=words.promised(due),
    )


def by_day(last: date, began: datetime, today: date) -> TimeLeft:
    """A last day without an hour, in days as the calendar counts them."""
    days, whole = (last - today).days, (last - timezone.localdate(began)).days + 1
    if days < 0:
        said = ngettext("%(days)s day overdue", "%(days)s days overdue", -days) % {"days": -days}
    elif days:
        said = ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    else:
        said = _("Due today")
    return TimeLeft(
        words=said,
        state="late" if days < 0 else "soon" if days <= 1 else "ok",
        percent=100 if days <= 0 or whole <= 0 else max(0, 100 * (1 - days / whole)),
        until=words.day(last),
    )


def in_words(hours: float, *, is_over: bool) -> str:
    """Hours left or late; outside office hours a deadline can be over without one working minute of delay."""
    return _("Time is up") if is_over and hours >= 0 else words.left(hours)


def lowered(said: str) -> str:
    """As it stands inside a sentence."""
    return said[:1].lower() + said[1:]
