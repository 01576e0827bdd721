"""The books of fees for accounting systems: what is owed, what came in, what goes back, what providers say."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.api.door import Call
from motcua.api.operations import operation
from motcua.api.pages import paged
from motcua.api.scopes import Scope
from motcua.api.shapes import books as shapes
from motcua.lib.actions import Invalid, take
from motcua.payments import actions
from motcua.payments.actions.receiving import Money
from motcua.payments.models import Charge, ChargeQuerySet, Payment, PaymentQuerySet, Refund

ABOUT = "books"


@operation(
    "GET",
    "/charges",
    gettext_lazy("What is or was owed to the agency"),
    about=ABOUT,
    scope=Scope.BOOKS,
    query=shapes.Charges,
    gives=shapes.ChargePage,
)
def list_charges(call: Call) -> shapes.ChargePage:
    """By the day it was raised; of the payer the dossier tells who may read it."""
    asked, own = call.query, charges(call)
    wanted = {
        "state": asked.state,
        "raised_at__date__gte": asked.raised_from,
        "raised_at__date__lte": asked.raised_until,
    }
    found, after = paged(call, own.filter(**given(wanted)), by="raised_at", among=own)
    names = ("code", "subject", "what", "amount", "paid", "state", "raised_at", "settled_at")
    items = [
        shapes.Charge(id=one.pk, agency=one.payee, **{name: getattr(one, name) for name in names})
        for one in found
    ]
    return shapes.ChargePage(items=items, next=after)


@operation(
    "GET",
    "/payments",
    gettext_lazy("Money that came in, and what of it counts for which charge"),
    about=ABOUT,
    scope=Scope.BOOKS,
    query=shapes.Payments,
    gives=shapes.PaymentPage,
)
def list_payments(call: Call) -> shapes.PaymentPage:
    """By the moment it was paid; with those nobody knows for what."""
    asked, own = call.query, payments(call)
    rows = own.unsettled() if asked.unsettled else own
    wanted = {"paid_at__date__gte": asked.paid_from, "paid_at__date__lte": asked.paid_until}
    found, after = paged(call, rows.filter(**given(wanted)), by="paid_at", among=own)
    return shapes.PaymentPage(items=[shown(one) for one in found], next=after)


@operation(
    "POST",
    "/payments/{payment}/match",
    gettext_lazy("It was found out for which charge a payment was"),
    about=ABOUT,
    scope=Scope.BOOKS,
    body=shapes.For,
    gives=shapes.Payment,
    is_deed=True,
)
def match_payment(call: Call, payment: UUID) -> shapes.Payment:
    """What is more than was owed is among what goes back."""
    with call.once() as is_first:
        found = take(payments(call), pk=payment)
        if is_first:
            charge = Charge.objects.matchable_by(call.actor).filter(code=call.body.code).first()
            if charge is None:
                raise Invalid(_("There is no such code among what is owed to your agency."), field="code")
            actions.match(found, by=call.actor, charge=charge)
    return shown(found)


@operation(
    "POST",
    "/statements",
    gettext_lazy(
        "A provider's own list of what it took; a line that was read before, or is another agency's, changes nothing"
    ),
    about=ABOUT,
    scope=Scope.BOOKS,
    body=shapes.Statement,
    gives=shapes.StatementRead,
    is_deed=True,
)
def read_statement(call: Call) -> shapes.StatementRead:
    """Asked again under the same key nothing is new."""
    stated: shapes.Statement = call.body
    lines = [
        Money(
            stated.provider,
            one.reference,
            one.amount,
            one.at,
            Payment.Source.STATEMENT,
            one.order,
            one.purpose,
        )
        for one in stated.lines
    ]
    with call.once() as is_first:
        if not is_first:
            return shapes.StatementRead(lines=len(lines), new=0, differing=0, elsewhere=0)
        read = actions.read_statement(lines, by=call.actor, provider=stated.provider)
    return shapes.StatementRead(**asdict(read))


@operation(
    "GET",
    "/refunds",
    gettext_lazy("What is to go back, and what went back under which number"),
    about=ABOUT,
    scope=Scope.BOOKS,
    query=shapes.Refunds,
    gives=shapes.RefundPage,
)
def list_refunds(call: Call) -> shapes.RefundPage:
    """The oldest first; that money is to go back is decided at the desk."""
    asked, own = call.query, refunds(call)
    rows = own.filter(state=asked.state) if asked.state else own
    found, after = paged(call, rows, by="owed_at", among=own)
    return shapes.RefundPage(items=[refund_shown(one) for one in found], next=after)


@operation(
    "POST",
    "/refunds/{refund}/made",
    gettext_lazy("The money has gone back, under the number of the transfer or of the slip"),
    about=ABOUT,
    scope=Scope.BOOKS,
    body=shapes.Made,
    gives=shapes.Refund,
    is_deed=True,
)
def make_refund(call: Call, refund: int) -> shapes.Refund:
    """Once."""
    with call.once() as is_first:
        found = take(refunds(call), pk=refund)
        if is_first:
            actions.make_refund(found, by=call.actor, reference=call.body.reference)
    return refund_shown(found)


def charges(call: Call) -> ChargeQuerySet:
    found = Charge.objects.visible_to(call.actor)
    return found.filter(payee=call.named_agency) if call.named_agency else found


def payments(call: Call) -> PaymentQuerySet:
    """Of the agency named; without a name also what is nobody's yet, for who looks after it."""
    found = Payment.objects.visible_to(call.actor).select_related("charge")
    return found.filter(payee=call.named_agency) if call.named_agency else found


def refunds(call: Call) -> QuerySet[Refund]:
    """Those of the agency's own money; what was nobody's goes back from the account of who runs the node."""
    found = Refund.objects.visible_to(call.actor).select_related("payment__charge")
    return found.filter(payment__payee=call.named_agency) if call.named_agency else found


def given(wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value is not None}


def shown(one: Payment) -> shapes.Payment:
    names = (
        *("provider", "reference", "purpose", "amount", "allotted", "returned"),
        *("state", "source", "paid_at"),
    )
    return shapes.Payment(
        id=one.pk,
        agency=one.payee or None,
        charge=one.charge.code if one.charge else None,
        **{name: getattr(one, name) for name in names},
    )


def refund_shown(one: Refund) -> shapes.Refund:
    names = ("amount", "reason", "state", "reference", "owed_at", "made_at")
    charge = one.payment.charge
    return shapes.Refund(
        id=one.pk,
        agency=one.payment.payee or None,
        payment=one.payment_id,
        charge=charge.code if charge else None,
        **{name: getattr(one, name) for name in names},
    )
