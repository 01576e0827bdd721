"""An amount is owed; the payer sets out to pay it; it is no longer owed."""

from collections.abc import Sequence
from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.journal.actions import record, record_many
from motcua.lib import rows
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.rules import anyone, system
from motcua.payments.actions.returning import return_allotted
from motcua.payments.events import (
    AttemptOpened,
    ChargeAdjusted,
    ChargeCancelled,
    ChargePassedOn,
    ChargeRaised,
    ChargesBundled,
)
from motcua.payments.models import Attempt, Bundle, Charge, Item

MOST_ATTEMPTS = 99
MOST_TOGETHER = 50
# As the table has it (`one_charge_a_subject`).
ONE_A_SUBJECT = "(subject) WHERE state IN ('due', 'paid') DO NOTHING"


@action(who=system)
def raise_charge(charge: Charge, *, by: Actor) -> Charge:
    """An amount is owed for a subject; a subject that owes already, or has paid, owes nothing new."""
    if not rows.put([charge], otherwise=ONE_A_SUBJECT):
        return Charge.objects.about(charge.subject).get(state__in=(Charge.State.DUE, Charge.State.PAID))
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


@action(who=anyone, locks=False)
def bundle(charges: Sequence[Charge], *, by: Actor) -> Bundle:
    """A payer takes charges together to pay them in one go; the same ones again, with the same open, are the same bundle."""
    found = sorted({one.pk: one for one in charges}.values(), key=lambda one: one.code)
    if not 1 < len(found) <= MOST_TOGETHER:
        raise Invalid(_("Choose from 2 to %(most)s fees to pay them together.") % {"most": MOST_TOGETHER})
    if len({one.payee for one in found}) > 1:
        raise Invalid(_("These fees are owed to different agencies. Pay those of each agency together."))
    if gone := [one.code for one in found if not one.open]:
        raise Invalid(_("Nothing is open any more under: %(codes)s.") % {"codes": ", ".join(gone)})
    said = ";".join(f"{one.code}:{one.open}" for one in found)
    made, is_new = Bundle.objects.get_or_create(
        key=sha256(said.encode()).hexdigest(),
        defaults={"payee": found[0].payee, "amount": sum(one.open for one in found)},
    )
    if is_new:
        Item.objects.bulk_create(Item(bundle=made, charge=one, amount=one.open) for one in found)
        record(ChargesBundled(made.code, made.payee, made.amount, len(found)), about=made, by=by)
    return made


@action(who=anyone)
def attempt_together(bundle: Bundle, *, by: Actor, provider: str) -> Attempt:
    """The payer sets out to pay a bundle; all of it must still be owed as it was when the bundle was made."""
    if not is_whole(bundle):
        raise NotNow(_("Some of these fees have been paid meanwhile. Put the rest together anew."))
    number = bundle.attempts.count() + 1
    if number > MOST_ATTEMPTS:
        raise Invalid(_("This has been tried too often. Pay at the counter or by transfer."))
    opened = Attempt.objects.create(
        bundle=bundle, provider=provider, order=f"{bundle.code}{number:02d}", amount=bundle.amount
    )
    record(AttemptOpened(bundle.code, provider, opened.order, opened.amount), about=bundle, by=by)
    return opened


def is_whole(bundle: Bundle) -> bool:
    """Whether everything in it is still owed, each as it was."""
    return all(one.charge.open == one.amount for one in bundle.items.select_related("charge"))


@action(who=system)
def cancel(charge: Charge, *, by: Actor, reason: str) -> None:
    """Nothing is owed any more; what has come in already is to be returned."""
    charge.save()
    record(ChargeCancelled(charge.code, reason[:300]), about=charge, by=by)
    return_allotted(charge, by=by, reason=reason)


@action(who=system)
def waive_rest(charge: Charge, *, by: Actor, reason: str) -> None:
    """What is still open is no longer owed; what has come in stays paid."""
    record(ChargeAdjusted(charge.code, charge.amount, charge.paid, reason[:300]), about=charge, by=by)
    charge.amount, charge.settled_at = charge.paid, timezone.now()
    charge.save()


@action(who=system, locks=False)
def pass_on(subjects: Sequence[str], *, by: Actor, payee: str) -> int:
    """What these subjects still owe is owed to another agency from now on; its code and its QR stay the same."""
    due = Charge.objects.select_for_update().filter(subject__in=subjects, state=Charge.State.DUE)
    moving = list(due.exclude(payee=payee).order_by("pk"))
    record_many([(ChargePassedOn(one.code, one.payee, payee), one.urn) for one in moving], by=by)
    Charge.objects.filter(pk__in=[one.pk for one in moving]).update(payee=payee)
    return len(moving)
