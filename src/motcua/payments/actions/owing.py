"""An amount is owed; the payer sets out to pay it; it is no longer owed."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from motcua.journal.actions import record, record_many
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import anyone, system
from motcua.payments.actions.returning import return_allotted
from motcua.payments.events import AttemptOpened, ChargeCancelled, ChargePassedOn, ChargeRaised
from motcua.payments.models import Attempt, Charge

MOST_ATTEMPTS = 99


@action(who=system)
def raise_charge(charge: Charge, *, by: Actor) -> Charge:
    """An amount is owed for a subject; a subject that owes already, or has paid, owes nothing new."""
    known = Charge.objects.about(charge.subject).filter(state__in=(Charge.State.DUE, Charge.State.PAID))
    if found := known.first():
        return found
    charge.save(force_insert=True)
    record(ChargeRaised(charge.code, charge.payee, charge.amount), about=charge, by=by)
    return charge


@action(who=anyone)
def attempt(charge: Charge, *, by: Actor, provider: str) -> Attempt:
    """The payer sets out to pay what is open; whoever holds the address of the payment page may pay for another."""
    number = charge.attempts.count() + 1
    if number > MOST_ATTEMPTS:
        raise Invalid(_("This has been tried too often. Pay at the counter or by transfer."))
    opened = Attempt.objects.create(
        charge=charge, provider=provider, order=f"{charge.code}{number:02d}", amount=charge.open
    )
    record(AttemptOpened(charge.code, provider, opened.order, opened.amount), about=charge, by=by)
    return opened


@action(who=system)
def cancel(charge: Charge, *, by: Actor, reason: str) -> None:
    """Nothing is owed any more; what has come in already is to be returned."""
    charge.save()
    record(ChargeCancelled(charge.code, reason[:300]), about=charge, by=by)
    return_allotted(charge, by=by, reason=reason)


@action(who=system, locks=False)
def pass_on(subjects: Sequence[str], *, by: Actor, payee: str) -> int:
    """What these subjects still owe is owed to another agency from now on; its code and its QR stay the same."""
    due = Charge.objects.select_for_update().filter(subject__in=subjects, state=Charge.State.DUE)
    moving = list(due.exclude(payee=payee).order_by("pk"))
    record_many([(ChargePassedOn(one.code, one.payee, payee), one.urn) for one in moving], by=by)
    Charge.objects.filter(pk__in=[one.pk for one in moving]).update(payee=payee)
    return len(moving)
