"""The lines of the work list in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.desk.deadlines import TimeLeft, time_left
from motcua.desk.process import ELSEWHERE, name_of, title_of
from motcua.dossiers.clock import ask_by
from motcua.dossiers.models import Dossier, Step
from motcua.dossiers.rules import may_ask_for_more
from motcua.dossiers.states import State
from motcua.lib.actors import Actor
from motcua.lib.working_time import Calendar
from motcua.organisations.names import role_name
from motcua.ui import words

# No three working days take a month: older dossiers need not be looked up in the calendar.
LONG_AGO = timedelta(days=31)


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    id: UUID
    name: str
    number: str
    applicant: str
    step: str
    holder: str
    left: TimeLeft
    is_warned: bool = False
    ask_by: datetime | None = None


def lines(
    dossiers: Sequence[Dossier],
    *,
    by: Actor,
    now: datetime,
    calendars: Mapping[str, Calendar],
    offices: Mapping[str, str],
) -> list[Row]:
    """Dossiers of `worklist.page_of` as rows, by the calendars of their agencies."""
    tomorrow = {code: calendar.add_days(now, 1) for code, calendar in calendars.items()}
    return [
        Row(
            id=dossier.pk,
            name=name_of(dossier),
            number=dossier.number,
            applicant=dossier.applicant_name,
            step=step_of(dossier),
            holder=holder_of(dossier, by, offices),
            left=time_left(dossier, calendars[dossier.agency], now=now, began=dossier.began_at),
            is_warned=dossier.is_open
            and dossier.warned_of is not None
            and dossier.warned_of == dossier.deadline,
            ask_by=last_day_to_ask(
                dossier, calendars[dossier.agency], by, now=now, tomorrow=tomorrow[dossier.agency]
            ),
        )
        for dossier in dossiers
    ]


def last_day_to_ask(
    dossier: Dossier, calendar: Calendar, by: Actor, *, now: datetime, tomorrow: datetime
) -> datetime | None:
    """By when the examiner asks for what is missing, on the last working day for it; nothing before, after, or for others.

    `tomorrow` is a working day from `now`, by the calendar.
    """
    if dossier.accepted_at is None or now - dossier.accepted_at > LONG_AGO:
        return None
    if not dossier.is_open or dossier.is_paused:
        return None
    until = ask_by(dossier, calendar)
    is_near = until is not None and now <= until <= tomorrow
    return until if is_near and may_ask_for_more(by, dossier) else None


def step_of(dossier: Dossier) -> str:
    """Where it stands."""
    if dossier.has_ended:
        return str(dossier.get_state_display())
    if dossier.is_paused:
        is_fee = dossier.state == State.FEE
        return str(dossier.get_state_display()) if is_fee else _("Waiting for the applicant")
    if dossier.state == State.NEW:
        return _("Waiting to be received")
    return ", ".join(title_of(dossier, step["key"]) for step in dossier.standing)


def holder_of(dossier: Dossier, by: Actor, offices: Mapping[str, str]) -> str:
    """Who has it, and since when."""
    if dossier.has_ended or dossier.is_paused:
        return str(dossier.reason)
    if dossier.state == State.NEW:
        return given_to(dossier, by) or role_name("receiver")
    return "; ".join(held(dossier, step, by, offices) for step in dossier.standing)


def given_to(dossier: Dossier, by: Actor) -> str:
    """The colleague it was given to; nothing if to none, or to who looks."""
    to = dossier.assigned_to
    return _("given to %(name)s") % {"name": to.name} if to and to.urn != by.urn else ""


def held(dossier: Dossier, step: dict[str, str], by: Actor, offices: Mapping[str, str]) -> str:
    """Who has one step."""
    if step["key"] == dossier.assigned_for and (given := given_to(dossier, by)):
        return given
    if step["kind"] in ELSEWHERE:
        name = offices.get(step["agency"], step["agency"])
        return _("%(office)s said no") % {"office": name} if step["state"] == Step.State.REFUSED else name
    since = words.short_moment(datetime.fromisoformat(step["since"]))
    if by.holds(step["role"], at=step["agency"]):
        return _("your turn since %(moment)s") % {"moment": since}
    return _("%(role)s, since %(moment)s") % {"role": role_name(step["role"]), "moment": since}
