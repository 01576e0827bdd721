"""Money that is to go back, and money that went back."""

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.payments.events import ChargeAdjusted, ChargeGivenBack, RefundDirected, RefundMade, RefundOwed
from motcua.payments.models import Charge, Payment, Refund
from motcua.payments.rules import bookkeeper, head


@action(who=head | system)
def give_back(charge: Charge, *, by: Actor, reason: str) -> None:
    """A fee that was paid is to be returned in full."""
    said = reason.strip()
    if not said:
        raise Invalid(_("Say why the money is returned."), field="reason")
    charge.save()
    record(ChargeGivenBack(charge.code, said[:300]), about=charge, by=by)
    return_allotted(charge, by=by, reason=said)


@action(who=bookkeeper)
def return_payment(payment: Payment, *, by: Actor, reason: str) -> None:
    """What is left of a payment that belongs to nothing here is to be returned."""
    if not reason.strip():
        raise Invalid(_("Say why the money is returned."), field="reason")
    if not payment.free:
        raise Invalid(_("Nothing of this payment is left to return."))
    owe(payment, payment.free, by=by, reason=reason.strip())


@action(who=head)
def make_refund(refund: Refund, *, by: Actor, reference: str) -> None:
    """The money has gone back, under the number of the transfer or of the slip."""
    if not reference.strip():
        raise Invalid(_("Enter the number of the transfer or of the slip."), field="reference")
    refund.reference, refund.made_at, refund.by_name = reference.strip()[:60], timezone.now(), by.name
    refund.save()
    payment = refund.payment
    record(
        RefundMade(payment.provider, payment.reference, refund.amount, refund.pk),
        about=payment.charge or payment,
        by=by,
    )


@action(who=system)
def direct(refund: Refund, *, by: Actor, account: str) -> None:
    """Who paid says where money that is owed back shall go; it stands beside the refund for whoever sends it."""
    refund.account = account[:200]
    refund.save()
    payment = refund.payment
    record(
        RefundDirected(payment.provider, payment.reference, refund.pk),
        about=payment.charge or payment,
        by=by,
    )


@action(who=system)
def adjust(charge: Charge, *, by: Actor, amount: int, reason: str) -> None:
    """What was paid is owed in another amount: the rest is still to be paid under the same code, or what is too much goes back."""
    if amount <= 0:
        raise ValueError(f"{charge}: {amount} is no amount to be owed; give it back instead")
    record(ChargeAdjusted(charge.code, charge.amount, amount, reason[:300]), about=charge, by=by)
    over, charge.amount = charge.paid - amount, amount
    if over < 0:
        charge.state, charge.settled_at = Charge.State.DUE, None
        charge.save()
    else:
        return_allotted(charge, by=by, reason=reason, most=over)


def return_allotted(charge: Charge, *, by: Actor, reason: str, most: int | None = None) -> None:
    """Everything (or at most so much) that counted for the charge no longer does, and is to be returned; what came last first."""
    left = charge.paid if most is None else most
    for payment in charge.payments.select_for_update().filter(allotted__gt=0).order_by("-booked_at", "-pk"):
        amount = min(left, payment.allotted)
        if not amount:
            break
        payment.allotted -= amount
        charge.paid -= amount
        left -= amount
        payment.save()
        owe(payment, amount, by=by, reason=reason)
    charge.save()


def owe(payment: Payment, amount: int, *, by: Actor, reason: str) -> None:
    """Write down that a part of a payment is to go back."""
    payment.returned += amount
    payment.save()
    refund = Refund.objects.create(payment=payment, amount=amount, reason=reason[:300])
    record(
        RefundOwed(payment.provider, payment.reference, amount, reason[:300], refund.pk),
        about=payment.charge or payment,
        by=by,
    )
