"""A supplement has a last day: before it the applicant is reminded, after it the officers are told and may end the dossier."""

from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers.actions.stretches import pause
from motcua.dossiers.actions.telling import announce
from motcua.dossiers.actions.warning import Watch
from motcua.dossiers.clock import DAYS_TO_ANSWER, FEWEST_DAYS, MOST_DAYS, REMINDED_BEFORE, answer_by
from motcua.dossiers.events import SupplementReminded, SupplementRequested, SupplementUnanswered
from motcua.dossiers.models import Dossier, DossierQuerySet, Segment
from motcua.dossiers.states import State
from motcua.journal.actions import name_of, record_many
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.rows import Part
from motcua.lib.rules import system
from motcua.lib.working_time import Calendar
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.organisations.models import calendar_for
from motcua.ui.words import day

BATCH = 500
UNANSWERED = wording(
    "dossiers.unanswered",
    subject=gettext_lazy("Dossier %(code)s: what was missing has not come"),
    body=gettext_lazy(
        "The last day for “%(procedure)s” was %(until)s. You may end the dossier and say why, or wait longer; what still "
        "comes is taken as long as it has not ended."
    ),
)


def last_day(calendar: Calendar, days: int | None, *, at: datetime) -> datetime:
    """By when what is asked for at `at` is to be here. Raises Invalid for fewer or more days than one may give."""
    days = DAYS_TO_ANSWER if days is None else days
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise Invalid(
            _("The applicant gets between %(fewest)d and %(most)d days.")
            % {"fewest": FEWEST_DAYS, "most": MOST_DAYS},
            field="days",
        )
    return answer_by(calendar, at, days)


def check_time_is_over(dossier: Dossier) -> None:
    """Nobody ends what the applicant still has time to answer. Raises NotNow."""
    if dossier.answer_by and dossier.answer_by > timezone.now():
        raise NotNow(
            _("The applicant has until %(day)s to add what is missing.") % {"day": day(dossier.answer_by)}
        )


def wait_again(dossier: Dossier, *, at: datetime) -> list[Part]:
    """What was ended unanswered waits for the same again, with a new last day, and for as long the clock stands still.

    Returns what writes the clock; the caller saves the dossier with it.
    """
    asked = Entry.objects.about(dossier).filter(event=name_of(SupplementRequested)).last()
    dossier.state, dossier.reason = State.SUPPLEMENT, asked.facts["reason"] if asked else ""
    dossier.answer_by = last_day(calendar_for(dossier.agency), None, at=at)
    return pause(dossier, Segment.Cause.SUPPLEMENT, at=at, reason=dossier.reason)


@action(who=system)
def remind(now: datetime, *, by: Actor) -> int:
    """Some days before the last day the applicant is to be reminded, once; from the events they are. Returns how many."""
    soon = Q(answer_by__gt=now, answer_by__lte=now + REMINDED_BEFORE)
    rows = waiting().filter(soon & (Q(reminded_of=None) | ~Q(reminded_of=F("answer_by"))))
    found = list(rows.order_by("answer_by", "pk")[:BATCH])
    Dossier.objects.filter(pk__in=[one.pk for one in found]).update(reminded_of=F("answer_by"))
    record_many([(SupplementReminded(one.code or "", iso(one.answer_by)), one.urn) for one in found], by=by)
    return len(found)


@action(who=system)
def lapse(now: datetime, *, by: Actor) -> int:
    """The last day is over and nothing came: whoever may end the dossier is told, once. Returns how many."""
    rows = waiting().unanswered(now).filter(Q(warned_of=None) | ~Q(warned_of=F("answer_by")))
    found = list(rows.with_procedures().order_by("answer_by", "pk")[:BATCH])
    watch = Watch.over(found)
    notices.tell_many(
        [
            Notice(
                recipient=account,
                code=UNANSWERED,
                parameters={
                    "code": one.number,
                    "procedure": one.version.name_vi,
                    "until": day(one.answer_by or now),
                },
                about=one.urn,
                link=f"/desk/dossiers/{one.pk}/",
                key=f"{one.urn}:unanswered:{iso(one.answer_by)}",
            )
            for one in found
            for account in watch.told(one, watch.examining[one.pk] if one.accepted_at else ["receiver"])
        ],
        by=by,
    )
    Dossier.objects.filter(pk__in=[one.pk for one in found]).update(warned_of=F("answer_by"))
    record_many([(SupplementUnanswered(one.code or "", iso(one.answer_by)), one.urn) for one in found], by=by)
    return len(found)


def waiting() -> DossierQuerySet:
    """Those that wait for a supplement, for the one job that takes them up."""
    rows = Dossier.objects.select_for_update(skip_locked=True, of=("self",))
    return rows.filter(state=State.SUPPLEMENT, answer_by__isnull=False)


def iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


@action(who=system)
def tell_reminder(dossier: Dossier, *, by: Actor) -> None:
    """The applicant reads once more what is missing, and until when it is waited for."""
    if dossier.state == State.SUPPLEMENT:
        announce(dossier, why="answer_soon")


def remind_all(by: Actor) -> int:
    """Remind of every last day that is near, and tell of every one that is over."""
    total, now = 0, timezone.now()
    for deed in (remind, lapse):
        while count := deed(now, by=by):
            total += count
    return total
