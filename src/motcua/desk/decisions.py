"""What an officer can decide about a dossier: the verbs with their words, and which of them is the one green button."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.desk.forms import (
    Again,
    Back,
    Cash,
    Collected,
    Found,
    Heir,
    Missing,
    NewDate,
    Nothing,
    Opinion,
    Reason,
)
from motcua.dossiers import actions
from motcua.dossiers.actions.steps import verbs_of
from motcua.dossiers.clock import is_fitting
from motcua.dossiers.models import BY_PEOPLE, Dossier, Step
from motcua.dossiers.rules import independent
from motcua.dossiers.states import State
from motcua.lib.actions import may
from motcua.lib.actors import Actor
from motcua.organisations.names import role_name
from motcua.procedures.runs import ONWARD
from motcua.procedures.vocabulary import Verb as StepVerb


@dataclass(frozen=True)
class Verb:
    """One decision: what it does, what it asks for, and its words."""

    name: str
    act: Callable[..., Any]
    form: type[forms.Form]
    title: Promise
    button: Promise
    done: Promise
    lead: Promise | str = ""

    @property
    def action(self) -> str:
        """Its name among all that can be done."""
        return f"dossiers.{getattr(self.act, '__name__', '')}"


VERBS = {
    verb.name: verb
    for verb in (
        Verb(
            "cash",
            actions.take_cash,
            Cash,
            gettext_lazy("Take the fee in cash"),
            gettext_lazy("Money counted"),
            gettext_lazy("The fee is taken. The receipt is among the papers, and with the applicant."),
            gettext_lazy("Count the money first. The receipt is made out at once and cannot be taken back."),
        ),
        Verb(
            "waive",
            actions.waive_fee,
            Reason,
            gettext_lazy("Nothing is to be paid"),
            gettext_lazy("Waive the fee"),
            gettext_lazy("The fee is waived, and the clock goes on."),
            gettext_lazy("Only if the applicant is exempt and you have seen the proof. Name both."),
        ),
        Verb(
            "accept",
            actions.accept,
            Nothing,
            gettext_lazy("Receive the dossier"),
            gettext_lazy("Receive"),
            gettext_lazy("The dossier is received. The clock runs, and the applicant has the receipt."),
            gettext_lazy("It gets its code, the legal clock starts, and the applicant gets form 01."),
        ),
        Verb(
            "complete",
            actions.complete,
            Found,
            gettext_lazy("Finish the step"),
            gettext_lazy("Finish the step"),
            gettext_lazy("The step is finished, and those that waited for it have begun."),
        ),
        Verb(
            "propose",
            actions.propose,
            Opinion,
            gettext_lazy("Propose the result"),
            gettext_lazy("Propose"),
            gettext_lazy("Your opinion is kept, and the next steps have begun."),
        ),
        Verb(
            "sign",
            actions.sign,
            Nothing,
            gettext_lazy("Sign the result"),
            gettext_lazy("Sign"),
            gettext_lazy("The result is signed and on its way to the applicant."),
            gettext_lazy(
                "Your signature and the agency's seal are set on the result, and the applicant gets it at once."
            ),
        ),
        Verb(
            "return",
            actions.return_to_examiner,
            Back,
            gettext_lazy("Send back to an earlier step"),
            gettext_lazy("Send back"),
            gettext_lazy("The dossier is back at the earlier step. The clock runs on."),
            gettext_lazy(
                "Whoever does that step again reads these words; the applicant does not. The legal term runs on."
            ),
        ),
        Verb(
            "allot",
            actions.allot,
            Heir,
            gettext_lazy("Say which agency handles it"),
            gettext_lazy("Choose"),
            gettext_lazy("It is settled which agency handles the dossier, and the applicant is told."),
        ),
        Verb(
            "forward",
            actions.forward,
            Nothing,
            gettext_lazy("Send it to the agency it belongs to"),
            gettext_lazy("Send it on"),
            gettext_lazy("The dossier is on its way to the agency it belongs to."),
            gettext_lazy(
                "It goes there with its papers; received after the cut-off hour, in the first hour tomorrow."
            ),
        ),
        Verb(
            "hand_over",
            actions.hand_over,
            Collected,
            gettext_lazy("Hand over the result"),
            gettext_lazy("Handed over"),
            gettext_lazy("The result is with the applicant; the dossier is finished."),
        ),
        Verb(
            "withdraw",
            actions.give_back,
            Reason,
            gettext_lazy("The applicant takes it back"),
            gettext_lazy("Give it back"),
            gettext_lazy("The dossier has been given back to the applicant."),
            gettext_lazy("Only if the applicant asks for it at the counter."),
        ),
        Verb(
            "send_again",
            actions.send_again,
            Nothing,
            gettext_lazy("Send it again"),
            gettext_lazy("Send again"),
            gettext_lazy("It is on its way again."),
        ),
        Verb(
            "retry",
            actions.retry,
            Again,
            gettext_lazy("Ask again"),
            gettext_lazy("Ask again"),
            gettext_lazy("The request is on its way again."),
        ),
        Verb(
            "supplement",
            actions.request_supplement,
            Missing,
            gettext_lazy("Ask for what is missing"),
            gettext_lazy("Send and stop the clock"),
            gettext_lazy("The applicant has been asked. The clock stands still."),
            gettext_lazy("You can ask only once. Write down everything that is missing."),
        ),
        Verb(
            "extend",
            actions.extend,
            NewDate,
            gettext_lazy("Apologise and name a new date"),
            gettext_lazy("Sign and send form 04"),
            gettext_lazy("The applicant has your apology and the new date."),
            gettext_lazy(
                "Form 04 is signed with your signature and sent at once. It should go out at least a day before the time is up."
            ),
        ),
        Verb(
            "refuse",
            actions.refuse,
            Reason,
            gettext_lazy("Do not receive"),
            gettext_lazy("Refuse and send form 03"),
            gettext_lazy("The dossier was not received, and the applicant knows why."),
            gettext_lazy(
                "Only if it does not belong here or cannot be completed. If papers are missing, ask for them."
            ),
        ),
        Verb(
            "stop",
            actions.stop,
            Reason,
            gettext_lazy("End without a result"),
            gettext_lazy("End and tell the applicant"),
            gettext_lazy("The work on this dossier has ended, and the applicant knows why."),
            gettext_lazy(
                "The conditions are not met and no supplement can help. The applicant gets form 05."
            ),
        ),
        Verb(
            "restart",
            actions.restart,
            Reason,
            gettext_lazy("Take up the work again"),
            gettext_lazy("Take it up again"),
            gettext_lazy("The work goes on, and the applicant knows why and until when."),
            gettext_lazy("The clock goes on with what was left of the term when the work was stopped."),
        ),
    )
}


@dataclass(frozen=True)
class Decision:
    """The decision card: at most one primary verb, others beside it, or why there is none."""

    primary: Verb | None
    others: tuple[Verb, ...]
    why_not: str
    key: str = ""


def decision(dossier: Dossier, steps: Sequence[Step], *, by: Actor) -> Decision:
    """What this officer can do now; the buttons ask the same rules as the actions."""
    primary, key = primary_of(dossier, steps, by)
    # Whoever submitted what is decided here for them speaks with the applicant.
    asks = () if dossier.supplements_asked or dossier.is_part else ("supplement",)
    late = () if hasattr(dossier, "extension") or dossier.is_part else ("extend",)
    wanted = (
        (*returns(dossier, steps, by), "waive", *asks, *late, "refuse", "stop", "withdraw", "restart")
        if primary != "sign"
        else returns(dossier, steps, by)
    )
    others = tuple(
        VERBS[name]
        for name in wanted
        if may(by, VERBS[name].action, dossier) and is_fitting(name, dossier, timezone.now())
    )
    why_not = "" if primary else explained(dossier, steps, by, others)
    return Decision(VERBS.get(primary), others, why_not, key)


def primary_of(dossier: Dossier, steps: Sequence[Step], by: Actor) -> tuple[str, str]:
    """The one verb that moves the dossier on, and the step it is about."""
    first = {"send_again": bool(dossier.untaken), "forward": bool(dossier.forward_to)}
    for name in (*(name for name, waits in first.items() if waits), "cash", "accept", "hand_over"):
        if may(by, VERBS[name].action, dossier):
            return name, ""
    refused = [step.key for step in steps if step.state == Step.State.REFUSED]
    if refused and may(by, "dossiers.retry", dossier):
        return "retry", refused[0]
    for step in held(dossier, steps, by):
        for verb in verbs_of(dossier, step):
            if verb in ONWARD and may(by, f"dossiers.{verb}", dossier):
                return str(verb), step.key if verb is StepVerb.COMPLETE else ""
    return "", ""


def held(dossier: Dossier, steps: Sequence[Step], by: Actor) -> list[Step]:
    """The running steps that lie with this officer."""
    running = [step for step in steps if step.kind in BY_PEOPLE and step.state == Step.State.RUNNING]
    return [step for step in running if by.holds(step.role, at=dossier.agency)]


def returns(dossier: Dossier, steps: Sequence[Step], by: Actor) -> tuple[str, ...]:
    """Sending back, for who is to sign or holds a step that may."""
    verbs = {verb for step in held(dossier, steps, by) for verb in verbs_of(dossier, step)}
    return ("return",) if StepVerb.RETURN_TO_EXAMINER in verbs else ()


def explained(dossier: Dossier, steps: Sequence[Step], by: Actor, others: Sequence[Verb]) -> str:
    """Why there is no button: one sentence."""
    if dossier.has_ended:
        return _("This dossier has ended. Nothing is left to decide.")
    if not independent(by, dossier):
        return _("This is your own dossier. A colleague decides about it.")
    if dossier.state == State.FEE:
        return _("The applicant's turn: the fee is not paid yet. The clock stands still until then.")
    if dossier.answer_by and dossier.answer_by <= timezone.now():
        return (
            _("Nothing came by the last day. You may end the dossier, or wait longer.")
            if {"refuse", "stop"}.intersection(verb.name for verb in others)
            else _("Nothing came by the last day. A colleague decides whether the dossier ends.")
        )
    if dossier.is_paused:
        return _("The applicant's turn. The clock stands still until the answer is here.")
    return _("Now it is the turn of: %(holders)s.") % {"holders": holders(dossier, steps)}


def holders(dossier: Dossier, steps: Sequence[Step]) -> str:
    """The posts that can move the dossier on."""
    if dossier.state == State.NEW:
        return role_name("receiver")
    waiting = [step for step in steps if step.state in {Step.State.RUNNING, Step.State.REFUSED}]
    roles = {step.role or "registrar" for step in waiting if step.role or step.trouble}
    return ", ".join(sorted(role_name(role) for role in roles)) or _("another agency")
