"""Money comes in: by the gateway's notice, by a statement, in cash; each payment is booked once, and for once only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.numbering import next_number
from motcua.lib.rules import system
from motcua.payments import gateway
from motcua.payments.actions.returning import owe
from motcua.payments.events import (
    AttemptFailed,
    ChargeSettled,
    PaymentDoubted,
    PaymentMatched,
    PaymentReceived,
    PaymentRefused,
)
from motcua.payments.gateway import Terminal
from motcua.payments.models import Attempt, Bundle, Charge, Payment
from motcua.payments.rules import bookkeeper, cashier, keeps_all

GATEWAY = Actor.system("gateway")

# The published answers to a notice.
CONFIRMED, UNKNOWN, ALREADY, WRONG_AMOUNT, FORGED = "00", "01", "02", "04", "97"

SURPLUS = "Nộp thừa: khoản phải nộp đã đủ."


@dataclass(frozen=True)
class Money:
    """What someone says came in; `reference` is the provider's own number of it."""

    provider: str
    reference: str
    amount: int
    at: datetime
    source: str
    order: str = ""
    purpose: str = ""


def take_notice(terminal: Terminal, values: Mapping[str, str]) -> str:
    """Have a server notice of the gateway its effect, once however often it comes; answer with the published code."""
    attempt = (
        Attempt.objects.select_related("charge", "bundle").filter(order=values.get("vnp_TxnRef", "")).first()
    )
    try:
        told = gateway.read(terminal, values)
    except gateway.Forged:
        if attempt:
            refuse_notice(attempt.subject, by=GATEWAY, order=attempt.order)
        return FORGED
    money = Money("gateway", told.reference, told.amount, told.at, Payment.Source.NOTICE, told.order)
    if attempt is None:
        if told.is_paid:
            take_unknown(money, by=GATEWAY)
        return UNKNOWN
    if not told.is_paid:
        return CONFIRMED if fail(attempt.subject, by=GATEWAY, attempt=attempt) else ALREADY
    if told.amount != attempt.amount:
        doubt_any(attempt, money)
        return WRONG_AMOUNT
    is_new = book_any(attempt, money)
    return CONFIRMED if is_new else ALREADY


def book_any(attempt: Attempt, money: Money) -> bool:
    """Book what was paid for a charge, or share it out among the charges of a bundle; whether it was new."""
    if attempt.bundle:
        return book_together(attempt.bundle, by=GATEWAY, money=money)
    return bool(attempt.charge and book(attempt.charge, by=GATEWAY, money=money))


def doubt_any(attempt: Attempt, money: Money) -> None:
    """Another amount than was asked counts for nothing until the provider's own list says more."""
    if attempt.bundle:
        doubt_together(attempt.bundle, by=GATEWAY, money=money)
    elif attempt.charge:
        doubt(attempt.charge, by=GATEWAY, money=money)


@action(who=system)
def book_together(bundle: Bundle, *, by: Actor, money: Money) -> bool:
    """The whole amount of a bundle came in: each charge gets its own payment, all in one transaction; whether it was new."""
    came_back(bundle, money.order)
    if is_known_whole(money):
        return False
    prefetch_related_objects([bundle], "items__charge")
    news = [book(charge, by=by, money=part) for charge, part in shared_out(bundle, money)]
    return any(news)


@action(who=system)
def doubt_together(bundle: Bundle, *, by: Actor, money: Money) -> None:
    """The gateway tells of another amount than the bundle's: it cannot be shared out, and waits for the provider's own list."""
    # A statement that is read just now books the parts under the locks of the charges: after it we see them.
    list(Charge.objects.select_for_update().filter(bundled__bundle=bundle).order_by("code").values("pk"))
    prefetch_related_objects([bundle], "items__charge")
    parts = [part.reference for _charge, part in shared_out(bundle, money)]
    if is_known_whole(money) or Payment.objects.filter(provider=money.provider, reference__in=parts).exists():
        came_back(
            bundle, money.order
        )  # the provider's own list had it before, or it came in whole and was shared out
        return
    payment, is_new = Payment.objects.get_or_create(
        provider=money.provider,
        reference=money.reference,
        defaults={**kept(money), "payee": bundle.payee, "state": Payment.State.DOUBTFUL},
    )
    if is_new:
        record(
            PaymentDoubted(bundle.code, payment.provider, payment.reference, payment.amount),
            about=bundle,
            by=by,
        )


def is_known_whole(money: Money) -> bool:
    """Whether money of a bundle stands in the books in one piece already, as the provider's own list had it."""
    whole = Payment.objects.confirmed().filter(provider=money.provider, reference=money.reference)
    return whole.exists()


def shared_out(bundle: Bundle, money: Money) -> list[tuple[Charge, Money]]:
    """The money of a whole bundle, charge by charge, under the provider's reference and the charge's code; locked in one order."""
    items = sorted(bundle.items.all(), key=lambda one: one.charge.code)
    return [
        (one.charge, replace(money, reference=f"{money.reference}.{one.charge.code}", amount=one.amount))
        for one in items
    ]


@action(who=system)
def refuse_notice(charge: Charge | Bundle, *, by: Actor, order: str) -> None:
    """A notice without the gateway's signature is refused, and kept in mind."""
    record(PaymentRefused(charge.code, "gateway", order), about=charge, by=by)


@action(who=system)
def fail(charge: Charge | Bundle, *, by: Actor, attempt: Attempt) -> bool:
    """The gateway says that an attempt came to nothing; whether that was news."""
    news = charge.attempts.filter(pk=attempt.pk, state=Attempt.State.OPEN).update(state=Attempt.State.FAILED)
    if news:
        record(AttemptFailed(charge.code, attempt.provider, attempt.order), about=charge, by=by)
    return bool(news)


@action(who=system)
def book(charge: Charge, *, by: Actor, money: Money) -> bool:
    """Money for a charge is written into the books; whether it was new. What is more than owed is to be returned."""
    forget_doubt(charge, money)
    payment, is_new = Payment.objects.get_or_create(
        provider=money.provider, reference=money.reference, defaults=kept(money, charge)
    )
    if not is_new and not payment.is_doubtful:
        came_back(charge, money.order)
        return False
    payment.state, payment.amount = Payment.State.CONFIRMED, money.amount
    received(charge, payment, by=by)
    return True


def forget_doubt(charge: Charge, money: Money) -> None:
    """Where this is a charge's part of a bundle: the parts take the place of the whole that was in doubt and counted nothing."""
    whole = money.reference.removesuffix(f".{charge.code}")
    if whole != money.reference:
        Payment.objects.filter(
            provider=money.provider, reference=whole, charge=None, state=Payment.State.DOUBTFUL
        ).delete()


@action(who=system)
def doubt(charge: Charge, *, by: Actor, money: Money) -> None:
    """A notice tells of another amount than was asked: nothing is counted until the provider's own list says more."""
    payment, is_new = Payment.objects.get_or_create(
        provider=money.provider,
        reference=money.reference,
        defaults={**kept(money, charge), "state": Payment.State.DOUBTFUL},
    )
    if is_new:
        record(
            PaymentDoubted(charge.code, payment.provider, payment.reference, payment.amount),
            about=charge,
            by=by,
        )
    elif not payment.is_doubtful:
        came_back(charge, money.order)


@action(who=system, locks=False)
def take_unknown(money: Money, *, by: Actor) -> Payment:
    """Money came in and nobody knows for what: it is kept, and an officer finds out."""
    payment, is_new = Payment.objects.get_or_create(
        provider=money.provider, reference=money.reference, defaults=kept(money)
    )
    if is_new:
        record(
            PaymentReceived("", payment.provider, payment.reference, payment.amount, payment.source),
            about=payment,
            by=by,
        )
    return payment


@action(who=system)
def confirm(charge: Charge, *, by: Actor, payment: Payment, amount: int) -> None:
    """The provider's own list says how much truly came in with a payment that was in doubt."""
    payment.refresh_from_db(from_queryset=Payment.objects.select_for_update())
    if payment.is_doubtful:
        payment.state, payment.amount = Payment.State.CONFIRMED, amount
        received(charge, payment, by=by)


@action(who=system)
def confirm_unshared(payment: Payment, *, by: Actor, amount: int) -> None:
    """The provider's own list says how much came in for a bundle; another amount is not shared out: an officer finds out."""
    if not payment.is_doubtful:
        return  # another reading of the same list came first
    payment.state, payment.amount = Payment.State.CONFIRMED, amount
    payment.save()
    Attempt.objects.filter(provider=payment.provider, order=payment.order, state=Attempt.State.OPEN).update(
        state=Attempt.State.PAID
    )
    record(
        PaymentReceived("", payment.provider, payment.reference, payment.amount, payment.source),
        about=payment,
        by=by,
    )


@action(who=bookkeeper)
def match(payment: Payment, *, by: Actor, charge: Charge) -> None:
    """An officer has found out what a payment was for: of one's own agency, or, who holds the account, of any that shares it."""
    if payment.charge_id or not payment.free:
        raise Invalid(_("It is known already what this payment was for."), field="code")
    if not (bookkeeper(by, charge) or keeps_all(by)):
        raise Invalid(_("There is no such code among what is owed to your agency."), field="code")
    charge.refresh_from_db(from_queryset=Charge.objects.select_for_update())
    payment.charge, payment.payee = charge, charge.payee
    payment.save()
    record(PaymentMatched(charge.code, payment.provider, payment.reference), about=charge, by=by)
    allot(charge, payment, by=by)


@action(who=cashier)
def take_cash(charge: Charge, *, by: Actor, amount: int) -> Payment:
    """The officer has counted the cash, all that is open and no more; the number of the receipt is the payment's."""
    if amount != charge.open:
        raise Invalid(
            _("%(amount)s đồng is still to be paid. Take exactly that.") % {"amount": charge.open},
            field="amount",
        )
    now = timezone.localtime()
    number = next_number(f"cash {charge.payee} {now:%y}")
    payment = Payment.objects.create(
        charge=charge,
        payee=charge.payee,
        provider="counter",
        reference=f"{charge.payee}-{now:%y}-{number:06d}",
        amount=amount,
        source=Payment.Source.COUNTER,
        paid_at=now,
        by_name=by.name,
    )
    received(charge, payment, by=by)
    return payment


def received(charge: Charge, payment: Payment, *, by: Actor) -> None:
    """A payment is sure: say so, and let it count."""
    record(
        PaymentReceived(charge.code, payment.provider, payment.reference, payment.amount, payment.source),
        about=charge,
        by=by,
    )
    came_back(charge, payment.order)
    allot(charge, payment, by=by)


def came_back(owed: Charge | Bundle, order: str) -> None:
    """What became of a try is known, whoever told of it first: nobody need be asked about it any more."""
    owed.attempts.filter(order=order, state=Attempt.State.OPEN).update(state=Attempt.State.PAID)


def allot(charge: Charge, payment: Payment, *, by: Actor) -> None:
    """Count a payment for its charge as far as something is owed; the rest is to be returned."""
    part = min(payment.free, charge.open)
    payment.allotted += part
    payment.save()
    if part:
        charge.paid += part
        if charge.paid == charge.amount:
            charge.state, charge.settled_at = Charge.State.PAID, timezone.now()
        charge.save()
    if charge.is_paid and part:
        record(
            ChargeSettled(charge.code, charge.subject, charge.payee, charge.amount, payment.provider),
            about=charge,
            by=by,
        )
    if payment.free:
        owe(payment, payment.free, by=by, reason=SURPLUS)


def kept(money: Money, charge: Charge | None = None) -> dict[str, object]:
    """What a payment's row says at first."""
    return {
        "charge": charge,
        "payee": charge.payee if charge else "",
        "order": money.order,
        "purpose": money.purpose[:200],
        "amount": money.amount,
        "source": money.source,
        "paid_at": money.at,
    }
