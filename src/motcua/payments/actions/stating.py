"""A provider's own list of what it took is compared with our books: what is missing is booked, what differs is shown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q

from motcua.journal.actions import record
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.lib.signs import SIGNS
from motcua.payments.actions.receiving import Money, book, confirm, confirm_unshared, shared_out, take_unknown
from motcua.payments.events import StatementRead
from motcua.payments.models import PREFIX, Attempt, Bundle, Charge, Payment, StatementLine
from motcua.payments.rules import BOOKKEEPERS, account_holder, bookkeeper, holds_for, keeps_all

CODE = re.compile(rf"{PREFIX}[{SIGNS}]{{8}}")
STATEMENT = Actor.system("statement")
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Read:
    """What came of a statement: lines in it, those new to our books, those whose amount is not ours, those left to others."""

    lines: int
    new: int
    differing: int
    elsewhere: int = 0


@action(who=bookkeeper | system, locks=False)
def read_statement(lines: Sequence[Money], *, by: Actor, provider: str) -> Read:
    """The provider's list is read; a line read before changes nothing. It is the last word on what came in.

    What is another agency's is left out, and so is what nobody knows: only its own bookkeepers, those of the agency that
    runs the node and holds the account, and the system itself say that it came in.
    """
    lines = by_charge(lines)
    known = set(
        StatementLine.objects.filter(
            provider=provider, reference__in=[line.reference for line in lines]
        ).values_list("reference", flat=True)
    )
    fresh = list({line.reference: line for line in lines if line.reference not in known}.values())
    charges = charges_of(fresh)
    ours = fresh if keeps_all(by) else ours_of(fresh, charges, by=by)
    new = differing = 0
    for line in ours:
        payment, is_new = booked(line, charges.get(line.reference))
        new += is_new
        differing += payment.amount != line.amount
        StatementLine.objects.create(
            provider=provider,
            reference=line.reference,
            order=line.order,
            purpose=line.purpose[:200],
            amount=line.amount,
            paid_at=line.at,
            payment=payment,
        )
    read = Read(len(lines), new, differing, len(fresh) - len(ours))
    record(
        StatementRead(provider, read.lines, read.new, read.differing), about=f"statement:{provider}", by=by
    )
    return read


def ours_of(lines: Sequence[Money], charges: dict[str, Charge], *, by: Actor) -> list[Money]:
    """The lines that are one's own: by their charge, by the payment booked under their reference, or as the account's holder."""
    booked = Payment.objects.filter(reference__in=[line.reference for line in lines]).values_list(
        "provider", "reference", "payee"
    )
    payees = {(provider, reference): payee for provider, reference, payee in booked}

    def is_ours(line: Money) -> bool:
        charge, booked = charges.get(line.reference), payees.get((line.provider, line.reference))
        named = {charge.payee} if charge else set()
        if booked is not None or not charge:
            named.add(booked or account_holder())
        return all(holds_for(by, BOOKKEEPERS, payee) for payee in named)

    return [line for line in lines if is_ours(line)]


def by_charge(lines: Sequence[Money]) -> list[Money]:
    """A line that pays a whole bundle becomes a line for each of its charges; every other stays as it is.

    A line of another amount is shared out among nothing: an officer finds out what it is; what stands in the books in one
    piece stays so.
    """
    orders = {line.order for line in lines if line.order}
    codes = {code for line in lines if not line.order and (code := code_in(line.purpose))}
    of_order = dict(
        Attempt.objects.filter(order__in=orders, bundle__isnull=False).values_list("order", "bundle_id")
    )
    found = Bundle.objects.filter(Q(code__in=codes) | Q(pk__in=of_order.values()))
    bundles = {one.pk: one for one in found.prefetch_related("items__charge")}
    of_code = {one.code: one.pk for one in bundles.values()}
    known = Payment.objects.confirmed().filter(
        reference__in=[line.reference for line in lines] if bundles else []
    )
    in_one_piece = set(known.values_list("provider", "reference"))
    parts: list[Money] = []
    for line in lines:
        bundle = bundles.get(of_order.get(line.order) or of_code.get(code_in(line.purpose), NOBODY))
        is_known = (line.provider, line.reference) in in_one_piece
        if bundle and line.amount == bundle.amount and not is_known:
            # The code of the charge stands in the purpose of each part: by it the part finds its charge.
            parts += [
                replace(part, order="", purpose=charge.code) for charge, part in shared_out(bundle, line)
            ]
        else:
            parts.append(line)
    return parts


def booked(line: Money, charge: Charge | None) -> tuple[Payment, bool]:
    """The payment of a line, and whether our books did not have it."""
    payment = Payment.objects.filter(provider=line.provider, reference=line.reference).first()
    if payment is None:
        if charge is None:
            return take_unknown(line, by=STATEMENT), True
        book(charge, by=STATEMENT, money=line)
        return Payment.objects.get(provider=line.provider, reference=line.reference), True
    if payment.is_doubtful and payment.charge:
        confirm(payment.charge, by=STATEMENT, payment=payment, amount=line.amount)
        payment.refresh_from_db()
    elif payment.is_doubtful:
        confirm_unshared(payment, by=STATEMENT, amount=line.amount)
    return payment, False


def charges_of(lines: Sequence[Money]) -> dict[str, Charge]:
    """The charge each line is for: by the gateway's order, or by the code in the transfer's purpose."""
    orders = {line.reference: line.order for line in lines if line.order}
    attempts = {
        one.order: one.charge
        for one in Attempt.objects.select_related("charge").filter(order__in=orders.values())
        if one.charge
    }
    codes = {line.reference: code for line in lines if not line.order and (code := code_in(line.purpose))}
    charges = {one.code: one for one in Charge.objects.filter(code__in=codes.values())}
    return {ref: attempts[order] for ref, order in orders.items() if order in attempts} | {
        ref: charges[code] for ref, code in codes.items() if code in charges
    }


def code_in(purpose: str) -> str:
    """The charge's code in a transfer's purpose, however banks space and case it; empty if there is not exactly one."""
    found = set(CODE.findall(re.sub(r"[^0-9A-Z]", "", purpose.upper())))
    return found.pop() if len(found) == 1 else ""
