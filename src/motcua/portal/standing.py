"""How one's applications stand, each in one line, and all of them in one sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from motcua.dossiers import facts
from motcua.dossiers.models import Application
from motcua.dossiers.states import PAUSED, State
from motcua.lib.working_time import Calendar
from motcua.organisations.models import calendar_for
from motcua.ui import words
from motcua.ui.addresses import address

TAGS = {
    State.DRAFT: ("plain", gettext_lazy("Draft")),
    State.NEW: ("ok", gettext_lazy("Waiting to be received")),
    State.ACCEPTED: ("ok", gettext_lazy("Received")),
    State.REFUSED: ("late", gettext_lazy("Not received")),
    State.PROCESSING: ("ok", gettext_lazy("Being handled")),
    State.SUPPLEMENT: ("soon", gettext_lazy("Waiting for you")),
    State.FEE: ("soon", gettext_lazy("Waiting for the fee")),
    State.WITHDRAWN: ("plain", gettext_lazy("Withdrawn")),
    State.STOPPED: ("late", gettext_lazy("Stopped")),
    State.DONE: ("ok", gettext_lazy("Result signed")),
    State.RETURNED: ("ok", gettext_lazy("Result here")),
}


@dataclass(frozen=True)
class Left:
    """What `<c-deadline>` shows."""

    words: str
    state: str
    percent: float
    until: str


@dataclass(frozen=True)
class Row:
    """An application in a list."""

    id: UUID
    title: str
    url: str
    hint: str
    code: str
    tag: tuple[str, str]
    left: Left | None
    todo: str = ""


def rows(applications: Iterable[Application], *, now: datetime) -> list[Row]:
    """Lines of a list; all by the country's calendar, so that a list of any length asks for it once."""
    calendar = calendar_for()
    return [row(application, calendar, now) for application in applications]


def row(application: Application, calendar: Calendar, now: datetime) -> Row:
    return Row(
        id=application.pk,
        title=title(application),
        url=address_of(application),
        hint=hint(application),
        code=application.code,
        tag=tag(application),
        left=left(application, calendar, now=now),
        todo=todo(application),
    )


def waits(application: Application) -> bool:
    """Whether it is the applicant's turn."""
    return application.is_waiting_for_citizen or application.is_waiting_for_fee


def todo(application: Application) -> str:
    """What the applicant can do, on the button that leads there."""
    if application.is_waiting_for_fee:
        return _("Pay the fee")
    return _("Add what is missing") if application.is_waiting_for_citizen else ""


def title(application: Application) -> str:
    """What is asked for, and for whom if it is for a child."""
    name = application.version.name_in(facts.language())
    child = " ".join(
        str(application.answers.get(part) or "")
        for part in ("child_surname", "child_middle_name", "child_given_name")
    )
    whom = " ".join(child.split())
    return _("%(procedure)s – %(whom)s") % {"procedure": name, "whom": whom} if whom else name


def address_of(application: Application) -> str:
    """Where one goes on with it, or follows it."""
    return address("portal:application", application.pk)


def hint(application: Application) -> str:
    """One sentence below the name; under a mandate, first whose matter it is and who filed it."""
    if application.mandate is None:
        return standing_of(application)
    return f"{for_whom(application)} {standing_of(application)}"


def for_whom(application: Application) -> str:
    """Of whom it is, who files it, and by which mandate."""
    mandate = application.mandate
    if mandate is None:
        return ""
    return _("For %(principal)s, by %(agent)s under %(number)s.") % {
        "principal": mandate.principal_name,
        "agent": application.account.name,
        "number": mandate.number,
    }


def standing_of(application: Application) -> str:
    """Where it stands, in one sentence."""
    if application.is_draft:
        return _("Saved %(moment)s. Come back whenever you like.") % {
            "moment": words.moment(application.changed_at)
        }
    if application.is_waiting_for_citizen or application.state in {State.REFUSED, State.STOPPED}:
        return application.reason
    if application.is_waiting_for_fee:
        return _("Your dossier waits for the fee.")
    if application.is_open and application.holder:
        return _("Now with %(holder)s.") % {"holder": application.holder}
    return application.agency_name


def tag(application: Application) -> tuple[str, str]:
    """State class and words; what was added is no longer waited for."""
    if application.state == State.SUPPLEMENT and not application.is_waiting_for_citizen:
        return "ok", _("You have added it")
    if application.withdrawal_asked_at and application.is_open:
        return "paused", _("You asked to withdraw")
    if application.waits_at_desk:
        return "soon", _("Waiting at the desk")
    state, said = TAGS[State(application.state)]
    return state, str(said)


def left(application: Application, calendar: Calendar, *, now: datetime) -> Left | None:
    """How the promise stands: only while someone works towards it."""
    due, began = application.due_at, application.sent_at
    if application.state == State.NEW and application.receive_by and began:
        return unreceived(application.receive_by, began, calendar, now=now)
    if not application.is_open or due is None or began is None:
        return None
    whole = calendar.between(began, due)
    used = 100 * calendar.between(began, now) / whole if whole > 0 else 100
    if application.state in PAUSED:
        return Left(
            _("The clock stands still"),
            "paused",
            used,
            _("It goes on as soon as the fee is paid")
            if application.is_waiting_for_fee
            else _("It starts again once you have added what is missing"),
        )
    hours = calendar.between(now, due)
    if now > due:
        return Left(
            words.left(hours) if hours < 0 else _("Past the promised time"), "late", 100, words.promised(due)
        )
    return Left(words.left(hours), words.urgency(hours), used, words.promised(due))


def unreceived(by: datetime, began: datetime, calendar: Calendar, *, now: datetime) -> Left:
    """By when it is received; the result is promised only then."""
    hours, whole = calendar.between(now, by), calendar.between(began, by)
    is_over = now > by
    used = 100 if is_over or whole <= 0 else 100 * (1 - hours / whole)
    said = words.left(hours) if hours < 0 or not is_over else _("Time is up")
    return Left(
        _("Not received yet, %(left)s") % {"left": said[:1].lower() + said[1:]},
        "late" if is_over else words.urgency(hours),
        max(0, used),
        _("To be received %(until)s") % {"until": words.until(by)},
    )


def headline(applications: Iterable[Application]) -> str:
    """“Một việc đang chờ bạn, hai hồ sơ đang giải quyết.”"""
    known = list(applications)
    waiting = sum(1 for one in known if waits(one))
    drafts = sum(1 for one in known if one.is_draft)
    under_way = sum(1 for one in known if one.is_open and not waits(one))
    parts = [
        ngettext("%(count)s matter waits for you", "%(count)s matters wait for you", waiting)
        % {"count": waiting}
        if waiting
        else "",
        ngettext("%(count)s dossier is being handled", "%(count)s dossiers are being handled", under_way)
        % {"count": under_way}
        if under_way
        else "",
        ngettext("%(count)s draft is not sent yet", "%(count)s drafts are not sent yet", drafts)
        % {"count": drafts}
        if drafts
        else "",
    ]
    said = ", ".join(filter(None, parts))
    return f"{said[0].upper()}{said[1:]}." if said else _("Nothing waits for you.")
