"""What answers and papers determine, worked out anew when a supplement has changed them.

That is the fee: by number, and by exemptions with their proof. Steps, term and papers go by the case and the way of filing, which
a supplement does not change; what other agencies were told before stays as they did it.
"""

from django.utils.translation import gettext as _

from motcua.dossiers.actions.fees import DOSSIERS, ask_fee, fee_of
from motcua.dossiers.events import FeeChanged
from motcua.dossiers.models import Dossier, Segment
from motcua.journal.actions import record
from motcua.payments import actions as payments
from motcua.payments.models import Charge
from motcua.procedures.fees import Owed
from motcua.ui.words import money


def reckon_again(dossier: Dossier) -> None:
    """Ask for the rest of a fee that grew, owe back what it fell by; what an officer has waived stays waived.

    Before receipt nothing was asked: receiving reckons by the answers as they are then.
    """
    now = fee_of(dossier) if dossier.accepted_at else None
    if now is None or (was := amount_of(as_declared(dossier))) == now.amount:
        return
    charge = Charge.objects.about(dossier).first()
    if charge and not charge.is_paid:
        return
    record(FeeChanged(dossier.code or "", was, now.amount), about=dossier, by=DOSSIERS)
    if charge:
        told = {"was": money(was), "now": money(now.amount)}
        reason = _("After what was put right the fee is %(now)s; it was %(was)s.") % told
        change(charge, now.amount, reason)
    if now.amount > was:
        ask_fee(dossier, by=DOSSIERS, due=now)


def change(charge: Charge, amount: int, reason: str) -> None:
    """A fee that was paid is another one."""
    if amount:
        payments.adjust(charge, by=DOSSIERS, amount=amount, reason=reason)
    else:
        payments.give_back(charge, by=DOSSIERS, reason=reason)


def as_declared(dossier: Dossier) -> Owed | None:
    """The fee by what was declared, and by the papers that were there, when the supplement was asked for."""
    # It is asked for once; ended unanswered and taken up again, it is waited for anew.
    asked = dossier.segments.filter(cause=Segment.Cause.SUPPLEMENT).order_by("pk")[0]
    return fee_of(
        dossier,
        answers={**dossier.answers, **dossier.answers_before},
        papers=dossier.papers.filter(added_at__lt=asked.began_at),
    )


def amount_of(owed: Owed | None) -> int:
    return owed.amount if owed else 0
