"""Tell others: the country where the dossier stands, the applicant all that concerns them."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from motcua.documents import actions as documents
from motcua.documents.models import Document
from motcua.dossiers.actions.steps import running_step
from motcua.dossiers.bearing import WORD, new_word, word_of
from motcua.dossiers.handing import digests_of, whole
from motcua.dossiers.issued import result_kind
from motcua.dossiers.models import Dossier, Step
from motcua.dossiers.notifying import MONEY
from motcua.dossiers.papers import form_of, number_form
from motcua.dossiers.reaching import reach
from motcua.dossiers.rules import desk_officer, filed_here
from motcua.dossiers.states import State
from motcua.exchange import actions as exchange
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.models import Agency
from motcua.people.models import Appointment
from motcua.procedures.vocabulary import StepKind

DOSSIERS = Actor.system("dossiers")
# The forms that say that a dossier has ended.
ENDING = frozenset({Document.Kind.REFUSAL, Document.Kind.STOP})
# Those by which whoever holds them is known.
TAKEN_HOME = frozenset({Document.Kind.RECEIPT, Document.Kind.SUPPLEMENT})

# Papers for the applicant, each with what it is: as made here, or as another agency told of it (`told`).
type Told = Sequence[tuple[str, Document | dict[str, Any]]]


def announce(
    dossier: Dossier,
    *,
    enclosed: Told = (),
    asks: bool = False,
    fee: dict[str, Any] | None = None,
    why: str = "",
    explained: str = "",
    step: Step | None = None,
) -> None:
    """Send the state to the agency that tracks every dossier, and the news to where the applicant follows it.

    `fee` is what is to be paid and how; `why` something else is another than the state (the date: `extended`, `moved`;
    the agency: `passed_on`, `forwarded`; where the result is: `waits`, `posted`), and what the agency says to it.
    `step` is the one that holds it, if the caller knows.
    """
    if dossier.is_part:
        answer_below(dossier, enclosed)
        return
    now, step = timezone.now().isoformat(), step or running_step(dossier)
    # The country hears of states and dates, not of money.
    state = state_of(dossier, step, at=now) if why in MONEY else tell_country(dossier, step, at=now)
    if dossier.was_filed_here:
        reach(dossier, why=why, explained=explained, fee=fee)
        return  # the applicant follows it by its code, and has the papers in hand
    news = {
        "application": str(dossier.followed_as),
        "formerly": dossier.former_agencies,
        "effective_from": dossier.version.effective_from.isoformat(),
        "digest": dossier.version.digest,
        "code": dossier.code or "",
        "step": state["step"],
        **(handed_on(dossier, explained) if why == "forwarded" else held_here(dossier, step)),
        "reason": dossier.reason,
        "due_at": state["due_at"],
        "answer_by": dossier.answer_by.isoformat() if dossier.answer_by else "",
        "at": now,
        "asks": asks,
        "pages": dossier.asked_pages,
        "why": why,
        "explained": explained,
        "fee": fee,
        "papers": [told(dossier, kind, document) for kind, document in enclosed],
    }
    digests = sorted({paper["digest"] for paper in news["papers"]})
    post(dossier, "dossier.news", news, recipient=dossier.origin, attachments=digests)


def tell_country(dossier: Dossier, step: Step | None, *, at: str) -> dict[str, Any]:
    """Send the state to the agency that tracks every dossier; return what was said."""
    state = state_of(dossier, step, at=at)
    post(dossier, "dossier.state", state, recipient=settings.NODE.national, confirm=False)
    return state


def held_here(dossier: Dossier, step: Step | None) -> dict[str, Any]:
    """Where it stands and who has it; until it is received, by when it will be."""
    by = dossier.receive_by if dossier.state == State.NEW else None
    return {
        "state": dossier.state,
        "holder": holder_of(dossier, step),
        "receive_by": by.isoformat() if by else "",
    }


def handed_on(dossier: Dossier, holder: str) -> dict[str, Any]:
    """What another agency has taken in our place waits to be received there."""
    return {"state": State.NEW, "holder": holder, "handed_to": dossier.forward_to}


def answer_below(dossier: Dossier, enclosed: Told) -> None:
    """Tell the agency below what became of what it submitted: the signed result, or why there is none."""
    signed = [told(dossier, kind, document) for kind, document in enclosed if kind == "result"]
    if not signed and dossier.state not in {State.REFUSED, State.STOPPED}:
        return
    body = {
        "as": str(dossier.pk),
        "dossier": str(dossier.below),
        "formerly": dossier.former_agencies,
        "code": dossier.code or "",
        "paper": signed[0] if signed else None,
        "reason": dossier.reason,
    }
    digests = [paper["digest"] for paper in signed]
    post(dossier, "dossier.decided", body, recipient=dossier.origin, attachments=digests)


def recall(dossier: Dossier, *, steps: Iterable[Step] | None = None) -> None:
    """What ends here is no longer wanted of the agency above; of all that have it, or of those of these steps."""
    for step in steps_above(dossier) if steps is None else steps:
        body = {
            "dossier": str(step.above),
            "formerly": dossier.former_agencies,
            "reason": dossier.reason,
        }
        post(dossier, "dossier.recalled", body, recipient=step.agency)


def tell_above(dossier: Dossier) -> None:
    """What was put right or added here is told to the agencies above that decide about it."""
    above = list(steps_above(dossier))
    body = whole(dossier) if above else {}
    told = {name: body[name] for name in ("formerly", "applicant", "answers", "papers") if above}
    for step in above:
        post(
            dossier,
            "dossier.supplied_above",
            {**told, "dossier": str(step.above)},
            recipient=step.agency,
            attachments=digests_of(dossier),
        )


def steps_above(dossier: Dossier) -> QuerySet[Step]:
    """The steps another agency has from here and has not ended; none is asked for where none is noted."""
    if all(one["kind"] != StepKind.ABOVE for one in dossier.standing):
        return Step.objects.none()
    return dossier.steps.filter(state=Step.State.RUNNING, above__isnull=False)


def state_of(dossier: Dossier, step: Step | None, *, at: str) -> dict[str, Any]:
    """Where the dossier stands, as the country hears it: nothing about a person."""
    return {
        "dossier": str(dossier.pk),
        "code": dossier.code or "",
        "procedure": dossier.version.code,
        "agency": dossier.agency,
        "formerly": dossier.former_agencies,
        "channel": dossier.channel,
        "state": dossier.state,
        "step": step.key if step else "",
        "at": at,
        "due_at": dossier.due_at.isoformat() if dossier.due_at else "",
        "on_time": dossier.was_on_time,
        "forwarded": "out" if dossier.was_forwarded else "in" if dossier.was_sent_here else "",
    }


@action(who=system | (desk_officer & filed_here))
def issue(dossier: Dossier, *, by: Actor, form: str) -> None:
    """One of the one-stop forms is made out as a PDF for the applicant; each form of a dossier once."""
    if dossier.is_part:
        return  # whoever submitted it answers to the applicant
    known = Document.objects.filter(about=dossier.urn, kind=form)
    if (
        form in ENDING
    ):  # what was ended, taken up and ended again has two; none goes out once it has been taken up
        if dossier.ended_at is None:
            return
        known = known.filter(made_at__gte=dossier.ended_at)
    if known.exists():
        return
    if form in TAKEN_HOME and dossier.was_filed_here and not is_known_otherwise(dossier):
        dossier.filing = {**dossier.filing, WORD: new_word()}
        dossier.save(update_fields=["filing"])
    document = Document(agency=dossier.agency, about=dossier.urn, holder=dossier.applicant_name)
    documents.make(document, by=by, paper=form_of(dossier, form, number=number_form(document, form)))
    announce(dossier, enclosed=[({"supplement": "request"}.get(form, form), document)])


def is_known_otherwise(dossier: Dossier) -> bool:
    """Whether a paper with what its holder is known by has gone out: with a word, or, printed earlier, without one."""
    return bool(word_of(dossier) or Document.objects.filter(about=dossier.urn, kind__in=TAKEN_HOME).exists())


def give(dossier: Dossier, paper: dict[str, Any]) -> None:
    """Send a result, as `told`, to the wallet of a person who filed at the counter and follows nothing online."""
    office = Agency.objects.filter(code=dossier.agency).values_list("name_vi", flat=True).first()
    body = {
        "dossier": str(dossier.pk),
        "owner": dossier.applicant_number,
        "issuer": office or "",
        "paper": paper,
    }
    post(dossier, "dossier.result", body, recipient=settings.NODE.national, attachments=[paper["digest"]])


def told(dossier: Dossier, kind: str, document: Document | dict[str, Any]) -> dict[str, Any]:
    """A document as news carry it, for it leaves us with them; a result with the kind of paper it is in a wallet."""
    if isinstance(document, dict):
        return {**document, "kind": kind}
    documents.outgoing(document)
    return {
        "kind": kind,
        "paper": document.kind,
        "name": document.title,
        "media": document.media,
        "size": document.size,
        "digest": document.digest,
        "public_code": document.code,
        "number": document.number,
        "issued_on": timezone.localdate(document.made_at).isoformat(),
        "wallet_kind": result_kind(dossier) if kind == "result" else "",
    }


def holder_of(dossier: Dossier, step: Step | None) -> str:
    """Who has the dossier now, as the applicant may know it: the office, and the person if only one can be meant."""
    agency = Agency.objects.filter(code=step.agency if step else dossier.agency).first()
    office = agency.name_vi if agency else dossier.agency
    names = holders(step) if step and step.kind == "human" else []
    return f"{names[0]}, {office}" if len(names) == 1 else office


def holders(step: Step) -> list[str]:
    """Names of those who hold the role of a step at its agency today."""
    held = Appointment.objects.in_force().filter(post__agency=step.agency, post__role=step.role)
    return sorted(held.values_list("account__name", flat=True).distinct())


def post(
    dossier: Dossier,
    kind: str,
    body: dict[str, Any],
    *,
    recipient: str,
    attachments: Sequence[str] = (),
    confirm: bool = True,
) -> None:
    """One message about the dossier, in the order things happened."""
    exchange.send(
        kind,
        json.dumps(body, ensure_ascii=False).encode(),
        sender=dossier.agency,
        recipient=recipient,
        stream=f"dossier:{dossier.pk}",
        correlation=str(dossier.pk),
        attachments=list(attachments),
        confirm=confirm,
    )
