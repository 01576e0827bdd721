"""What the one-stop desk does: receive, refuse, ask for what is missing; and what the applicant's messages do here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.documents.inquiries import weigh
from motcua.dossiers.actions.awaiting import check_time_is_over, last_day
from motcua.dossiers.actions.fees import drop_fee, fee_of, settle_fee, waits_for
from motcua.dossiers.actions.reckoning import reckon_again
from motcua.dossiers.actions.steps import (
    STANDING,
    Walk,
    lay_out,
    note_standing,
    together,
)
from motcua.dossiers.actions.stretches import CLOCK, first_stretches, pause, run_clock, stop_clock
from motcua.dossiers.actions.telling import announce, recall, tell_above
from motcua.dossiers.clock import ask_by, receive_by
from motcua.dossiers.events import (
    AnswersPutRight,
    DossierAccepted,
    DossierArrived,
    DossierRefused,
    DossierSupplied,
    DossierWithdrawn,
    SupplementRequested,
)
from motcua.dossiers.models import Dossier, Paper, Segment, Step, is_person
from motcua.dossiers.questions import not_whole, put_right
from motcua.dossiers.rules import bearer, desk_officer, filed_here, independent, may_ask_for_more
from motcua.dossiers.signed_form import SIGNED_FORM, judged
from motcua.dossiers.states import State
from motcua.journal.actions import record
from motcua.lib import rows
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.numbering import NUMBERED, numbered
from motcua.lib.rules import system
from motcua.organisations.models import calendar_for
from motcua.people.models import Account


@action(who=system)
def arrive(dossier: Dossier, *, by: Actor, papers: list[dict[str, Any]]) -> None:
    """A dossier reaches the agency; the officers find it in their work list."""
    if Dossier.objects.filter(pk=dossier.pk).exists():
        return
    dossier.overlays = dossier.version.overlays_at(dossier.agency, timezone.localdate(dossier.sent_at))
    await_receipt(dossier, since=dossier.arrived_at)
    dossier.save(force_insert=True)
    keep(dossier, papers, is_new=True)
    lay_out(dossier)
    record(
        DossierArrived(dossier.version.code, dossier.agency, dossier.channel, dossier.state),
        about=dossier,
        by=by,
    )
    announce(dossier)


@action(who=desk_officer & independent)
def accept(dossier: Dossier, *, by: Actor) -> None:
    """The desk finds the dossier complete: it gets its legal code, and the legal clock starts."""
    now, fee, walk = timezone.now(), fee_of(dossier), Walk(dossier, by=by)
    dossier.accepted_at, dossier.held_by = now, holder(by)
    walk.begin_ready()
    walk.end(first_step(walk.steps))
    note_standing(dossier, walk.steps)
    calendar = walk.decisions.calendar(dossier.agency)
    clock = first_stretches(dossier, since=now, calendar=calendar, waits_for=waits_for(fee))
    # Everything but the code is known before the first row is written, with one statement, also that a fee will be asked for;
    # all that is told goes out together.
    comes_to = State.FEE if waits_for(fee) else State.ACCEPTED
    with together(dossier):
        parts = (*walk.parts, rows.inserted(clock, name="clock"))
        dossier.code = received(dossier, *parts, at=now, comes_to=comes_to)
        due = dossier.due_at.isoformat() if dossier.due_at else ""
        told = (dossier.code, dossier.agency, dossier.version.code, dossier.channel, dossier.state, due)
        record(DossierAccepted(*told), about=dossier, by=by)
        walk.tell(asks_anew=False)
        announce(dossier, step=walk.holding)
        settle_fee(dossier, fee, step=walk.holding, stands_still=True)


@action(who=desk_officer & independent)
def refuse(dossier: Dossier, *, by: Actor, reason: str) -> None:
    """The desk does not take the dossier, or what was missing has not come by its last day; it says why (form 03)."""
    if dossier.accepted_at:
        raise NotNow(_("It has been received: end the work on it, and the applicant gets form 05."))
    check_time_is_over(dossier)
    dossier.reason = said(reason)
    dossier.ended_at, dossier.held_by = timezone.now(), holder(by)
    clock = [stop_clock(dossier, at=dossier.ended_at)] if dossier.answer_by else []
    rows.write(*clock, rows.updated([dossier], "state", "reason", "ended_at", "held_by"))
    record(DossierRefused(dossier.agency, dossier.reason, dossier.state), about=dossier, by=by)
    announce(dossier)


@action(who=(desk_officer | may_ask_for_more) & independent)
def request_supplement(
    dossier: Dossier, *, by: Actor, reason: str, pages: Sequence[str] = (), days: int | None = None
) -> None:
    """All that is missing is asked for, in full and once (decree 61/2018, art. 15.3); the clock stands still.

    Once it is received, within three working days (art. 19.4); what comes later is marked as late. `pages` are those of the
    form whose answers are to be put right. The applicant has so many `days` to answer, thirty where none are named.
    """
    check_answers_to_applicant(dossier)
    if dossier.supplements_asked:
        raise Invalid(_("A supplement may be asked for only once, and it has been."), field="reason")
    calendar, now = calendar_for(dossier.agency), timezone.now()
    until = ask_by(dossier, calendar)
    asked = {one.id for one in dossier.definition.groups_for(dossier.case, dossier.answers)}
    if not asked.issuperset(pages):
        raise Invalid(_("There is no such page in this form."), field="pages")
    dossier.reason, dossier.asked_pages = said(reason), [*pages]
    dossier.answer_by = last_day(calendar, days, at=now)
    dossier.supplements_asked += 1
    clock = pause(dossier, Segment.Cause.SUPPLEMENT, at=now, reason=dossier.reason)
    changed = ("state", "reason", "asked_pages", "answer_by", "supplements_asked")
    rows.write(*clock, rows.updated([dossier], *changed))
    is_late = until is not None and now > until
    told = SupplementRequested(dossier.code or "", dossier.reason, dossier.state, is_late)
    record(told, about=dossier, by=by)
    announce(dossier, asks=True)


@action(who=system | bearer | (desk_officer & independent & filed_here))
def resume(
    dossier: Dossier,
    *,
    by: Actor,
    papers: list[dict[str, Any]],
    note: str,
    sent_at: datetime,
    answers: Mapping[str, Any] | None = None,
) -> None:
    """What was missing is here: the time limit starts again from zero (decree 61/2018, art. 19.4).

    Of `answers` those that were to be put right are taken; the rest stays as it was declared.
    """
    take_answers(dossier, answers or {}, by=by)
    check_answers_entered(dossier)
    keep(dossier, papers)
    if dossier.accepted_at:
        dossier.state = State.PROCESSING
        clock = run_clock(dossier, since=sent_at)
    else:
        dossier.state = State.NEW
        clock = [stop_clock(dossier, at=sent_at)]
        await_receipt(dossier, since=sent_at)
    dossier.reason, dossier.answer_by = "", None
    dossier.contact = {**dossier.contact, "note": note}
    changed = ("state", "reason", "answer_by", "contact", "receive_by", *CLOCK)
    rows.write(*clock, rows.updated([dossier], *changed))
    record(
        DossierSupplied(
            dossier.code or "", dossier.state, dossier.due_at.isoformat() if dossier.due_at else ""
        ),
        about=dossier,
        by=by,
    )
    announce(dossier)
    tell_above(dossier)
    reckon_again(dossier)


@action(who=system | bearer | (desk_officer & independent & filed_here))
def give_back(dossier: Dossier, *, by: Actor, reason: str) -> None:
    """The applicant has taken the dossier back."""
    dossier.reason, dossier.ended_at = reason, timezone.now()
    clock = stop_clock(dossier, at=dossier.ended_at)
    rows.write(clock, rows.updated([dossier], "state", "reason", "ended_at"))
    drop_fee(dossier, reason=_("The dossier was withdrawn."))
    recall(dossier)
    record(DossierWithdrawn(dossier.code or "", dossier.state), about=dossier, by=by)
    announce(dossier)


def take_answers(dossier: Dossier, answers: Mapping[str, Any], *, by: Actor) -> None:
    """Answers that were put right count from now on, where they were asked for; who filed at the counter is who they say."""
    if changed := put_right(dossier, answers):
        if dossier.was_filed_here and not dossier.is_of_business:
            # Who filed online is who signed in.
            dossier.applicant_name = str(changed.get("applicant_name") or dossier.applicant_name)
            dossier.applicant_number = str(changed.get("applicant_number") or dossier.applicant_number)
        replace(dossier, changed, by=by)


def replace(dossier: Dossier, changed: Mapping[str, Any], *, by: Actor) -> None:
    """These answers count from now on; what was declared before stays beside them, its signature holds no more."""
    before = {name: dossier.answers.get(name) for name in changed}
    dossier.answers_before = {**before, **dossier.answers_before}
    dossier.answers = {**dossier.answers, **changed}
    reached = {name: changed.get(f"applicant_{name}") for name in ("email", "phone")}
    dossier.contact = {**dossier.contact, **{name: value for name, value in reached.items() if value}}
    dossier.save()
    for paper in dossier.papers.filter(paper=SIGNED_FORM):
        paper.verdict = judged(dossier, paper)
        paper.save(update_fields=["verdict"])
    record(AnswersPutRight(dossier.code or "", sorted(changed)), about=dossier, by=by)


def check_answers_entered(dossier: Dossier) -> None:
    """Who filed at the counter has no page to put answers right on: the officer enters them there. Raises Invalid."""
    if dossier.was_filed_here and (pages := not_whole(dossier, dossier.asked_pages)):
        titles = ", ".join(one.title.said_in(get_language() or "vi") for one in pages)
        raise Invalid(_("First enter the answers that were to be put right: %(pages)s.") % {"pages": titles})


def await_receipt(dossier: Dossier, *, since: datetime) -> None:
    """The desk's own clock: from now on it has a working day to receive it, or to say why not."""
    dossier.began_at = since
    dossier.receive_by = receive_by(dossier, calendar_for(dossier.agency))


def check_answers_to_applicant(dossier: Dossier) -> None:
    """What is decided for an agency below goes back there: that agency speaks with the applicant. Raises Invalid."""
    if dossier.is_part:
        raise Invalid(
            _(
                "The agency that submitted it speaks with the applicant. End it here and say why: it reads your reason."
            )
        )


RECEIVED = ("accepted_at", "held_by", *CLOCK, *STANDING)
# Numbers have four digits, and more when they need them.
CODE = f"given.code || lpad(last::text, greatest(4, length(last::text)), '0') FROM {NUMBERED}"


def received(dossier: Dossier, *parts: rows.Part, at: datetime, comes_to: State) -> str:
    """Write a dossier that is received, with its steps and clock, in the state it comes to; return the code it got.

    The legal code: receiving agency, day of receipt, number within the day (circular 03/2025, art. 13).
    """
    day = timezone.localdate(at).strftime("%y%m%d")
    dossier.code = f"{dossier.agency}-{day}-"
    computed = {"code": f"(SELECT {CODE})", "state": str(int(comes_to))}
    last = rows.updated([dossier], "code", *RECEIVED, computed=computed)
    ((code, _state),) = rows.write(numbered(f"dossier {dossier.agency} {day}"), *parts, last)
    return str(code)


def keep(dossier: Dossier, papers: list[dict[str, Any]], *, is_new: bool = False) -> None:
    """File the papers, the signatures on each checked; one that is already there (in a new dossier none is) is not filed again."""
    if not papers:
        return
    known = set() if is_new else set(dossier.papers.values_list("paper", "digest"))
    fresh = [
        Paper(dossier=dossier, **paper) for paper in papers if (paper["paper"], paper["digest"]) not in known
    ]
    for paper in fresh:
        is_form = paper.paper == SIGNED_FORM
        paper.verdict = judged(dossier, paper) if is_form else weigh(paper.digest, paper.media)
    Paper.objects.bulk_create(fresh, ignore_conflicts=True)


def first_step(steps: Sequence[Step]) -> str:
    """The step that ends when the desk accepts."""
    return next(step.key for step in steps if step.kind == "human")


def holder(by: Actor) -> Account | None:
    """The account of whoever acts, to be shown as holding the dossier; a machine holds none."""
    is_officer = bool(by.grants) and is_person(by)
    return Account.objects.filter(pk=by.urn.removeprefix("person:")).first() if is_officer else None


def said(reason: str) -> str:
    """A reason must be given, in words."""
    if not reason.strip():
        raise Invalid(_("Say why, so that the applicant knows what to do."), field="reason")
    return reason.strip()
