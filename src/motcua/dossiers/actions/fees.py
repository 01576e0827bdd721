"""The fee of a dossier: asked for when it is received, paid or waived, and then the work goes on."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.documents import actions as documents
from motcua.documents.models import Document
from motcua.dossiers.actions.stretches import CLOCK, continue_clock, pause
from motcua.dossiers.actions.telling import announce
from motcua.dossiers.events import FeeAsked, FeePaid, FeeWaived
from motcua.dossiers.models import Dossier, Paper, Segment, Step
from motcua.dossiers.papers import number_form
from motcua.dossiers.reaching import reach
from motcua.dossiers.receipts import fee_receipt
from motcua.dossiers.rules import desk_officer, independent
from motcua.dossiers.states import Channel, State
from motcua.journal.actions import record
from motcua.lib import rows
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.payments import actions as payments
from motcua.payments.models import Charge, Payment, Refund
from motcua.payments.providers import transfer
from motcua.procedures.fees import Owed, owed

DOSSIERS = Actor.system("dossiers")


def settle_fee(
    dossier: Dossier, due: Owed | None, *, step: Step | None = None, stands_still: bool = False
) -> None:
    """After receiving: ask for the fee, or write down why there is none to pay; the officer has seen the proof.

    `step` that holds the dossier and whether its clock stands still for the fee, where the caller knows.
    """
    if due is None:
        return
    if due.exempt:
        said = ", ".join(filter(None, (due.exempt.name.vi, due.exempt.basis)))
        record(FeeWaived(dossier.code or "", said, dossier.state), about=dossier, by=DOSSIERS)
    elif due.amount:
        ask_fee(dossier, by=DOSSIERS, due=due, step=step, stands_still=stands_still)


def waits_for(due: Owed | None) -> str:
    """Why the clock stands still, in words, if a fee is to be paid before the work begins; empty if not."""
    return _("Waiting for the fee") if due and due.amount and not due.exempt else ""


def fee_of(
    dossier: Dossier, *, answers: Mapping[str, Any] | None = None, papers: QuerySet[Paper] | None = None
) -> Owed | None:
    """What the dossier costs under the version it was filed under; what is decided for an agency below is paid there.

    By its answers and papers, or by these.
    """
    if dossier.is_part:
        return None
    definition = dossier.definition
    given = dossier.papers.all() if papers is None else papers
    return owed(
        definition,
        case=dossier.case,
        channel=Channel(dossier.channel).word,
        answers=dossier.answers if answers is None else answers,
        papers=set(given.values_list("paper", flat=True)) if definition.exemptions else set(),
    )


@action(who=system)
def ask_fee(
    dossier: Dossier, *, by: Actor, due: Owed, step: Step | None = None, stands_still: bool = False
) -> None:
    """The fee is asked for; the clock stands still until it is paid (state 6 of the national portal)."""
    charge = payments.raise_charge(
        Charge(
            subject=dossier.urn,
            payee=dossier.agency,
            payer=dossier.applicant_name,
            what=dossier.definition.name.vi[:300],
            note=due.fee.note.vi[:120] if due.fee.note else "",
            amount=due.amount,
            back=str(dossier.contact.get("page", "")),
        ),
        by=by,
    )
    if not stands_still:
        stands = pause(dossier, Segment.Cause.FEE, at=timezone.now(), reason=waits_for(due))
        rows.write(*stands, rows.updated([dossier], "state"))
    record(FeeAsked(dossier.code or "", charge.open, dossier.state), about=dossier, by=by)
    # Who filed here pays at the counter as a rule: who has not is reached by a reaction, and nobody waits for that.
    announce(dossier, fee=None if dossier.was_filed_here else told(charge), step=step)


@action(who=system)
def reach_payer(dossier: Dossier, *, by: Actor, charge: Charge) -> None:
    """Who filed at the counter and has not paid yet is told of the fee and how it is paid."""
    if dossier.was_filed_here and dossier.state == State.FEE:
        reach(dossier, why="", explained="", fee=told(charge))


@action(who=system)
def tell_fee(dossier: Dossier, *, by: Actor, charge: Charge) -> None:
    """A part of the fee has come in; the applicant is told what is left."""
    announce(dossier, fee=told(charge))


@action(who=system)
def tell_refund(dossier: Dossier, *, by: Actor, refund: Refund) -> None:
    """Money is to go back, or went back: whoever filed hears how much and why, and under which number."""
    is_made = refund.state == Refund.State.MADE
    account = str(dossier.contact.get("refund_account", ""))
    if account and not (is_made or refund.account):
        payments.direct(refund, by=DOSSIERS, account=account)
    announce(
        dossier,
        fee={"refund": refund.pk, "returns": returns(dossier)},
        why="refund_made" if is_made else "refund_owed",
        explained=refund.reference if is_made else refund.reason,
    )


def returns(dossier: Dossier) -> list[dict[str, Any]]:
    """What goes back of the fees of a dossier, as news carry it."""
    return [
        {
            "refund": one.pk,
            "amount": one.amount,
            "reason": one.reason,
            "state": one.state,
            "reference": one.reference,
            "way": one.payment.provider,
            "at": (one.made_at or one.owed_at).isoformat(),
        }
        for one in Refund.objects.about(dossier.urn)
    ]


@action(who=desk_officer & independent)
def take_cash(dossier: Dossier, *, by: Actor, amount: int) -> None:
    """The officer has counted the fee in cash at the counter; the receipt follows at once."""
    payments.take_cash(Charge.objects.about(dossier)[0], by=by, amount=amount)


@action(who=system)
def take_fee(dossier: Dossier, *, by: Actor, charge: Charge) -> None:
    """The fee is paid: the clock goes on where it stopped, and the applicant gets the receipt."""
    due = go_on(dossier)
    record(FeePaid(dossier.code or "", charge.amount, dossier.state, due), about=dossier, by=by)
    announce(dossier, enclosed=[("fee", receipt(dossier, charge, by=by))], fee=told(charge))


def go_on(dossier: Dossier) -> str:
    """The fee is settled: the clock goes on where it stopped. Returns when the result is due now."""
    runs = continue_clock(dossier, since=timezone.now())
    rows.write(*runs, rows.updated([dossier], "state", *CLOCK))
    return dossier.due_at.isoformat() if dossier.due_at else ""


@action(who=desk_officer & independent)
def waive_fee(dossier: Dossier, *, by: Actor, reason: str) -> None:
    """The officer has seen that the applicant need not pay; the clock goes on where it stopped.

    Of a fee that was settled before and grew since, the rest need not be paid; what was settled stays so.
    """
    if not reason.strip():
        raise Invalid(_("Say by which rule and on which proof nothing is to be paid."), field="reason")
    charge = Charge.objects.about(dossier)[0]
    let_off(dossier, charge, reason=reason.strip())
    go_on(dossier)
    record(FeeWaived(dossier.code or "", reason.strip(), dossier.state), about=dossier, by=by)
    # A part of the rest may have come in before the others were waived: it has no receipt yet.
    is_new = was_settled(dossier) and paid_since_receipt(dossier, charge).exists()
    announce(dossier, enclosed=[("fee", receipt(dossier, charge, by=by))] if is_new else (), fee=told(charge))


def drop_fee(dossier: Dossier, *, reason: str) -> None:
    """The work ends: what is not paid is no longer owed."""
    for charge in Charge.objects.about(dossier).filter(state=Charge.State.DUE):
        let_off(dossier, charge, reason=reason)


def let_off(dossier: Dossier, charge: Charge, *, reason: str) -> None:
    """What is open is no longer owed. What has come in goes back, unless the fee was settled before and grew since."""
    drop = payments.waive_rest if was_settled(dossier) else payments.cancel
    drop(charge, by=DOSSIERS, reason=reason)


def was_settled(dossier: Dossier) -> bool:
    """Whether the fee had been paid in full before, as its receipt says."""
    return Document.objects.filter(about=dossier.urn, kind=Document.Kind.FEE).exists()


def receipt(dossier: Dossier, charge: Charge, *, by: Actor) -> Document:
    """The receipt of a fee, made out once; if the fee grew, another for what was paid since."""
    paid = paid_since_receipt(dossier, charge)
    if not paid and (made := last_receipt(dossier)):
        return made
    document = Document(agency=dossier.agency, about=dossier.urn, holder=dossier.applicant_name)
    paper = fee_receipt(
        dossier, charge, list(paid), number=number_form(document, "fee"), check=document.verification
    )
    return documents.make(document, by=by, paper=paper)


def last_receipt(dossier: Dossier) -> Document | None:
    """The newest receipt of its fee."""
    return Document.objects.filter(about=dossier.urn, kind=Document.Kind.FEE).order_by("made_at").last()


def paid_since_receipt(dossier: Dossier, charge: Charge) -> QuerySet[Payment]:
    """What was paid and stands in no receipt yet, in its order."""
    paid = charge.payments.filter(allotted__gt=0).order_by("booked_at")
    made = last_receipt(dossier)
    return paid.filter(booked_at__gt=made.made_at) if made else paid


def told(charge: Charge) -> dict[str, Any]:
    """The charge as news carry it: what is open, and where and how it is paid."""
    return {
        "state": charge.state,
        "code": charge.code,
        "amount": charge.amount,
        "open": charge.open,
        "paid": charge.paid,
        "note": charge.note,
        "url": settings.NODE.web_url + reverse("payments:pay", args=[charge.pk]),
        "transfer": transfer(charge) if charge.open else None,
    }


def give_fee_back(charge: Charge, *, by: Actor, reason: str) -> None:
    """A fee that was paid goes back in full, by the agency's head or accountant; nobody returns their own."""
    dossier = Dossier.objects.filter(pk=charge.subject.removeprefix("dossier:")).first()
    if dossier is None:
        payments.give_back(charge, by=by, reason=reason)
    else:
        return_fee(dossier, by=by, charge=charge, reason=reason)


@action(who=independent, locks=False)
def return_fee(dossier: Dossier, *, by: Actor, charge: Charge, reason: str) -> None:
    """The same, of a dossier; the books ask besides who may return money at all."""
    payments.give_back(charge, by=by, reason=reason)
