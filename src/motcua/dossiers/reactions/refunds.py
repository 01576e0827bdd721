"""Money that goes back of a fee: whoever filed the dossier hears of it."""

from django.utils.translation import gettext as _

from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.reactions.arriving import dossier_of
from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actors import Actor
from motcua.payments.events import RefundMade, RefundOwed
from motcua.payments.models import Refund

DOSSIERS = Actor.system("dossiers")


@receives("dossier.refund_account")
def take_account(message: Message) -> None:
    """The applicant says to which account money shall go back."""
    account = message.json()["account"]
    if not isinstance(account, str) or not account.strip():
        raise Unfit(_("No account is named."))
    actions.take_account(dossier_of(message), by=DOSSIERS, account=account)


@on(RefundOwed)
def tell_owed(event: RefundOwed, entry: Entry) -> None:
    """Too much came in, or the fee is given back: how much, and why."""
    tell(event.refund)


@on(RefundMade)
def tell_made(event: RefundMade, entry: Entry) -> None:
    """It has gone back: under which number."""
    tell(event.refund)


def tell(number: int) -> None:
    """Of money for a dossier only; what belongs to nothing here has nobody to tell."""
    refund = Refund.objects.select_related("payment__charge").get(pk=number)
    charge = refund.payment.charge
    subject = charge.subject if charge else ""
    known = (
        Dossier.objects.filter(pk=subject.removeprefix("dossier:"))
        if subject.startswith("dossier:")
        else None
    )
    if known and (dossier := known.first()):
        actions.tell_refund(dossier, by=DOSSIERS, refund=refund)
