"""Time changes under running clocks: due dates follow the calendar; a late dossier gets its one new date; officers are warned."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.documents import actions as documents
from motcua.documents.models import Document
from motcua.dossiers.actions.receiving import check_answers_to_applicant, said
from motcua.dossiers.actions.telling import announce
from motcua.dossiers.clock import moved_steps, running, shifts, unreceived
from motcua.dossiers.events import DueDateMoved, ReceptionMoved, TermExtended
from motcua.dossiers.extensions import Extension
from motcua.dossiers.models import Dossier, Step
from motcua.dossiers.papers import apology_of, number_form
from motcua.dossiers.rules import chair, independent
from motcua.dossiers.states import State
from motcua.journal.actions import record, record_many
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.models import calendar_for, decided

BATCH = 500


@action(who=chair & independent)
def extend(dossier: Dossier, *, by: Actor, on: date, reason: str) -> Extension:
    """The head of the agency apologises for what will be late, and names the one new date (form 04; decree 61/2018, art. 19.9)."""
    check_answers_to_applicant(dossier)
    if Extension.objects.filter(dossier=dossier).exists():
        raise Invalid(
            _("This dossier has had its one new date. The law allows no second (decree 61/2018, art. 19.9).")
        )
    extension = Extension(
        dossier=dossier,
        agency=dossier.agency,
        reason=said(reason),
        was_due_at=promised(dossier),
        due_at=new_date(dossier, on),
        signed_by=by.name,
        given_at=timezone.now(),
    )
    document = Document(agency=dossier.agency, about=dossier.urn, holder=dossier.applicant_name)
    number_form(document, "apology")
    extension.year, extension.number = document.year or 0, document.serial or 0
    documents.make(
        document, by=by, paper=apology_of(dossier, extension, signer=by, check=document.verification)
    )
    documents.sign(document, by=by)
    extension.save(force_insert=True)
    dossier.due_at = extension.due_at
    dossier.save()
    record(
        TermExtended(
            dossier.code or "",
            extension.notation,
            extension.reason,
            extension.was_due_at.isoformat(),
            extension.due_at.isoformat(),
            in_time=extension.is_in_time,
        ),
        about=dossier,
        by=by,
    )
    announce(dossier, enclosed=[("apology", document)], why="extended", explained=extension.reason)
    return extension


def promised(dossier: Dossier) -> datetime:
    """The date that cannot be kept; a received dossier always has one."""
    if dossier.due_at is None:
        raise Invalid(_("This dossier has no date yet that could be moved."), field="on")
    return dossier.due_at


def new_date(dossier: Dossier, on: date) -> datetime:
    """The end of office hours of a working day that comes after the promise, and after today."""
    calendar = calendar_for(dossier.agency)
    earliest = calendar.next_working_day(max(timezone.localdate(), timezone.localdate(promised(dossier))))
    if on < earliest:
        raise Invalid(
            _("The new date comes after today and after the date promised: %(day)s at the earliest.")
            % {"day": earliest.strftime("%d/%m/%Y")},
            field="on",
        )
    if not calendar.is_working_day(on):
        raise Invalid(
            _("The agency does not work on that day. The next working day is %(day)s.")
            % {"day": calendar.on_or_after(on).strftime("%d/%m/%Y")},
            field="on",
        )
    return calendar.closes(on)


@action(who=system)
def follow_calendar(agency: str, *, by: Actor, after: int = 0) -> int:
    """Due dates follow what has been decided about working time; return where to go on after some hundred, 0 at the end.

    A fixed number of statements, however many dossiers move; each has its event, from which all who must know are told.
    """
    segments, decisions = running(agency, after=after, limit=BATCH), decided()
    locked = {
        one.pk: one
        for one in Dossier.objects.select_for_update().filter(pk__in=[s.dossier_id for s in segments])
    }
    for segment in segments:
        segment.dossier.due_at = locked[segment.dossier_id].due_at
    moved = list(shifts(segments, decisions))
    for shift in moved:
        shift.dossier.due_at = shift.after
    Dossier.objects.bulk_update([shift.dossier for shift in moved], ["due_at"])
    steps = Step.objects.filter(dossier__in=locked, state=Step.State.RUNNING)
    Step.objects.bulk_update(moved_steps(steps, decisions), ["due_at"])
    waiting = [] if after else list(unreceived(agency, decisions))
    Dossier.objects.bulk_update([dossier for dossier, _was in waiting], ["receive_by"])
    record_many(
        [(ReceptionMoved(iso(was), iso(dossier.receive_by)), dossier.urn) for dossier, was in waiting]
        + [
            (
                DueDateMoved(shift.dossier.code or "", shift.before.isoformat(), shift.after.isoformat()),
                shift.dossier.urn,
            )
            for shift in moved
        ],
        by=by,
    )
    return segments[-1].pk if len(segments) == BATCH else 0


def iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


@action(who=system)
def tell_reception_moved(dossier: Dossier, *, by: Actor) -> None:
    """The applicant sees by when it is to be received now."""
    if dossier.state == State.NEW:
        announce(dossier, why="reception_moved")


@action(who=system)
def tell_moved(dossier: Dossier, *, by: Actor) -> None:
    """The country and the applicant hear that the due date moved with the calendar."""
    if dossier.is_open:
        announce(dossier, why="moved")
