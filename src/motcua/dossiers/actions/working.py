"""What the agency does with a received dossier: examine, have others do their steps, sign, deliver, or stop."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.documents import actions as documents
from motcua.documents.models import Document
from motcua.dossiers.actions.awaiting import check_time_is_over, wait_again
from motcua.dossiers.actions.consulting import check_answered, with_opinions
from motcua.dossiers.actions.enclosing import address_result
from motcua.dossiers.actions.fees import drop_fee, fee_of, settle_fee
from motcua.dossiers.actions.forwarding import bring
from motcua.dossiers.actions.receiving import holder, said
from motcua.dossiers.actions.steps import (
    Walk,
    ask,
    go_back,
    stand,
    together,
    verbs_of,
)
from motcua.dossiers.actions.stretches import CLOCK, continue_clock, pause, stop_clock
from motcua.dossiers.actions.telling import announce, give, recall, told
from motcua.dossiers.events import (
    DossierProposed,
    DossierRestarted,
    DossierStopped,
    ResultDelivered,
    ResultNotSigned,
    ResultSigned,
    StepRefused,
    StepReported,
    StepRetried,
    StepReturned,
)
from motcua.dossiers.initials import awaited, waiting_for
from motcua.dossiers.issued import check_ready, is_worded_freely, result_of, title_of_result
from motcua.dossiers.models import BY_PEOPLE, Dossier, Segment, Step, steps_of
from motcua.dossiers.rules import chair, examiner, holder_of_a_step, independent, may_end_it
from motcua.journal.actions import record
from motcua.lib import rows
from motcua.lib.actions import Invalid, NotNow, action, ours
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.procedures.vocabulary import StepKind, Verb
from motcua.sharing.models import Request

DOSSIERS = Actor.system("dossiers")


@action(who=holder_of_a_step & independent)
def complete(dossier: Dossier, *, by: Actor, key: str, note: str) -> None:
    """The holder of a step has done it and writes down what was found, or what a body that was asked answered."""
    steps = with_opinions(dossier.pk, dossier.urn)
    step = own_step(dossier, steps, Verb.COMPLETE, by=by, key=key)
    check_answered(dossier, step)
    by = by.acting_as(step.role, at=dossier.agency)
    if not note.strip():
        raise Invalid(_("Write what you have found."), field="note")
    step.note, dossier.held_by = note.strip(), holder(by)
    go_on_from(dossier, steps, step, StepReported(step.key, step.note), "held_by", by=by)


@action(who=examiner & independent)
def propose(dossier: Dossier, *, by: Actor, opinion: str) -> None:
    """The examining officer finds that the conditions are met and proposes the result; the next steps begin."""
    steps = with_opinions(dossier.pk, dossier.urn)
    step = own_step(dossier, steps, Verb.PROPOSE, by=by)
    check_answered(dossier, step)
    by = by.acting_as(step.role, at=dossier.agency)
    check_ready(dossier)
    dossier.opinion, dossier.held_by = opinion.strip(), holder(by)
    proposed = DossierProposed(dossier.code or "", dossier.opinion, dossier.state)
    go_on_from(dossier, steps, step, proposed, "opinion", "held_by", by=by)


def go_on_from(
    dossier: Dossier, steps: Sequence[Step], step: Step, event: Any, *names: str, by: Actor
) -> None:
    """A step of theirs is done, as the event says: it ends, what waited for it begins, and whoever follows it is told."""
    walk = Walk(dossier, steps, by=by)
    walk.end(step.key)
    with together(dossier):
        record(event, about=dossier, by=by)
        walk.write("state", *names)
        announce(dossier, step=walk.holding)


@action(who=examiner & independent)
def retry(dossier: Dossier, *, by: Actor, key: str) -> None:
    """A step another agency refused is asked for again, with what has been put right."""
    step = dossier.steps.filter(key=key, state=Step.State.REFUSED).first()
    if step is None:
        raise NotNow(_("This step is not one that was refused."))
    step.state, step.trouble = Step.State.RUNNING, ""
    step.save()
    record(StepRetried(step.key), about=dossier, by=by)
    stand(dossier, list(dossier.steps.all()))
    ask(dossier, step)


@action(who=system)
def complete_step(dossier: Dossier, *, by: Actor, key: str, answer: dict[str, Any]) -> None:
    """Another agency has done its step; its answer is kept for those that follow."""
    walk = Walk(dossier, by=by)
    if walk.is_done(key) or dossier.has_ended:
        return
    dossier.results = {**dossier.results, key: answer}
    walk.end(key)
    with together(dossier):
        walk.write("results")
        announce(dossier, step=walk.holding)


@action(who=system)
def refuse_step(dossier: Dossier, *, by: Actor, key: str, reason: str) -> None:
    """Another agency refused its step; the examining officer sees why and decides."""
    step = dossier.steps.exclude(state=Step.State.DONE).filter(key=key).first()
    if step is None or dossier.has_ended:
        return
    step.state, step.trouble = Step.State.REFUSED, reason
    step.save()
    stand(dossier, list(dossier.steps.all()))
    record(StepRefused(step.key, step.agency, reason), about=dossier, by=by)


@action(who=(examiner | may_end_it) & independent)
def stop(dossier: Dossier, *, by: Actor, reason: str) -> None:
    """The work ends without a result, or what was missing has not come by its last day; the applicant is told why."""
    if not dossier.accepted_at:
        raise NotNow(_("It has not been received: do not receive it, and the applicant gets form 03."))
    check_time_is_over(dossier)
    dossier.reason, dossier.ended_at = said(reason), timezone.now()
    stopped = pause(dossier, Segment.Cause.STOPPED, at=dossier.ended_at, reason=dossier.reason)
    rows.write(*stopped, rows.updated([dossier], "state", "reason", "ended_at"))
    drop_fee(dossier, reason=dossier.reason)
    recall(dossier)
    record(DossierStopped(dossier.code or "", dossier.reason, dossier.state), about=dossier, by=by)
    announce(dossier)


@action(who=examiner & independent)
def restart(dossier: Dossier, *, by: Actor, reason: str) -> None:
    """What was stopped turns out to be possible: the work goes on where it stood, and so does the clock.

    A fee that was not paid when the work stopped is asked for again; a supplement that had not come is waited for again.
    """
    why, was_unpaid, now = said(reason), stopped_unpaid(dossier), timezone.now()
    dossier.reason, dossier.ended_at, dossier.held_by = "", None, holder(by)
    is_unanswered = dossier.answer_by is not None
    clock = wait_again(dossier, at=now) if is_unanswered else continue_clock(dossier, since=now)
    changed = ("state", "reason", "ended_at", "held_by", "answer_by", *CLOCK)
    rows.write(*clock, rows.updated([dossier], *changed))
    due = dossier.due_at.isoformat() if dossier.due_at else ""
    record(DossierRestarted(dossier.code or "", why, dossier.state, due), about=dossier, by=by)
    announce(dossier, why="waits_again" if is_unanswered else "restarted", explained=why, asks=is_unanswered)
    catch_up(dossier)
    if was_unpaid:
        settle_fee(dossier, fee_of(dossier))


def catch_up(dossier: Dossier) -> None:
    """What other agencies answered while the work was stopped is taken in now; what was recalled goes above again."""
    for step in dossier.steps.filter(state=Step.State.RUNNING, kind=StepKind.ABOVE):
        ask(dossier, step)
    waiting = dossier.steps.filter(state=Step.State.RUNNING).exclude(service="").values_list("key", flat=True)
    for key in list(waiting):
        answers = Request.objects.filter(correlation__startswith=f"dossier:{dossier.pk}:{key}:")
        last = answers.order_by("-asked_at").first()
        if last and last.state == Request.State.ANSWERED:
            complete_step(dossier, by=DOSSIERS, key=key, answer=last.answer or {})
        elif last and last.state == Request.State.REFUSED:
            refuse_step(dossier, by=DOSSIERS, key=key, reason=last.reason)


def stopped_unpaid(dossier: Dossier) -> bool:
    """Whether the clock was standing still for a fee already when the work was stopped."""
    causes = dossier.segments.order_by("-id").values_list("cause", flat=True)[:2]
    return list(causes) == [Segment.Cause.STOPPED, Segment.Cause.FEE]


@action(who=holder_of_a_step & independent)
def return_to_examiner(dossier: Dossier, *, by: Actor, reason: str, key: str = "") -> None:
    """Who is to sign, or holds a step that may send back, wants something put right first; the legal clock runs on.

    `key` names the step, where one person holds several at once.
    """
    step = own_step(dossier, steps_of(dossier.pk), Verb.RETURN_TO_EXAMINER, by=by, key=key)
    why, by = said(reason), by.acting_as(step.role, at=dossier.agency)
    dossier.held_by = holder(by)
    dossier.save()
    back_to = go_back(dossier, step, by=by)
    record(StepReturned(step.key, back_to, why), about=dossier, by=by)
    announce(dossier)


@action(who=chair & independent)
def sign(dossier: Dossier, *, by: Actor) -> None:
    """The chair signs the result; the agency's seal is set beside the name (decree 30/2020, annex I)."""
    steps = steps_of(dossier.pk)
    step = own_step(dossier, steps, Verb.SIGN, by=by)
    check_initialled(dossier, by=by)
    dossier.ended_at = timezone.now()
    document = Document(
        agency=dossier.agency,
        about=dossier.urn,
        holder=dossier.applicant_name,
        title=title_of_result(dossier),
    )
    paper, files = result_of(dossier, signer=by, check=document.verification)
    dossier.held_by, walk = holder(by), Walk(dossier, steps, by=by)
    walk.end(step.key)
    with together(dossier), ours(document):
        documents.make(document, by=by, paper=paper, files=files)
        documents.sign(document, by=by)
        signed = ResultSigned(dossier.code or "", document.code, dossier.state, dossier.was_on_time)
        record(signed, about=dossier, by=by)
        stopped = stop_clock(dossier, at=dossier.ended_at)
        walk.write("state", "ended_at", "held_by", parts=[stopped])
        hand_out(dossier, told(dossier, "result", document), step=walk.holding)


def hand_out(dossier: Dossier, paper: dict[str, Any], *, step: Step | None = None) -> None:
    """A signed result, as news carry it, goes where it belongs: online, to the counter, to the post, or below.

    `step` is the one that holds the dossier now, if the caller knows.
    """
    if not dossier.is_part:
        address_result(dossier)
    why = "waits" if dossier.is_collected else ""
    announce(dossier, enclosed=[("result", paper)], why=why, step=step)
    if dossier.is_collected:
        return  # until it is handed over
    if dossier.was_filed_here:
        give(dossier, paper)
    if "brought_as" in dossier.filing and not dossier.is_part:
        bring(dossier, dossier.code or "", paper)
    if not dossier.was_filed_here or "brought_as" in dossier.filing:
        deliver(dossier, by=DOSSIERS)


def check_initialled(dossier: Dossier, *, by: Actor) -> None:
    """A result that was worded by hand bears somebody's initials, where there is somebody. Raises NotNow."""
    if is_worded_freely(dossier) and (names := awaited(dossier, signer=by)):
        raise NotNow(waiting_for(names))


@action(who=system)
def note_unsigned(dossier: Dossier, *, by: Actor, reason: str) -> None:
    """One of many results could not be signed: the reason stands in its story, and the chair reads it."""
    record(ResultNotSigned(dossier.code or "", reason), about=dossier, by=by)


@action(who=system)
def deliver(dossier: Dossier, *, by: Actor) -> None:
    """The result is with the applicant, online."""
    end_what_runs_by_itself(dossier, by=by)


def end_what_runs_by_itself(dossier: Dossier, *names: str, by: Actor) -> None:
    """The applicant has the result: the steps nobody does are done, and whoever follows the dossier is told."""
    walk = Walk(dossier, by=by)
    walk.end_rest(StepKind.AUTOMATIC)
    with together(dossier):
        walk.write("state", *names)
        record(ResultDelivered(dossier.code or "", dossier.state), about=dossier, by=by)
        announce(dossier, step=walk.holding)


def own_step(dossier: Dossier, steps: Sequence[Step], verb: Verb, *, by: Actor, key: str = "") -> Step:
    """The running step of theirs to which this verb belongs; it says what is still awaited if it is not its turn."""
    running = [step for step in steps if step.kind in BY_PEOPLE and step.state == Step.State.RUNNING]
    for step in running:
        is_meant = step.key == key or not key
        if is_meant and by.holds(step.role, at=dossier.agency) and verb in verbs_of(dossier, step):
            return step
    raise NotNow(_("It is not yet the turn of this step: others have not finished theirs."))
