"""Where money that goes back of a fee shall go: the applicant says it, the agency keeps it beside what is owed."""

from django.utils.translation import gettext as _

from motcua.dossiers.actions.submitting import tell
from motcua.dossiers.events import RefundAccountGiven
from motcua.dossiers.models import Application, Dossier
from motcua.dossiers.rules import applicant
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.payments import actions as payments
from motcua.payments.models import Refund

DOSSIERS = Actor.system("dossiers")


@action(who=applicant)
def direct_refund(application: Application, *, by: Actor, bank: str, number: str, holder: str) -> None:
    """The applicant names the account to which what is owed back shall go; the journal does not know it."""
    fee = application.fee or {}
    if not any(one["state"] == Refund.State.OWED for one in fee.get("returns", [])):
        raise Invalid(_("No money is owed back any more."))
    account = written(bank, number, holder)
    application.fee = {**fee, "account": account}
    application.save()
    tell(application, "dossier.refund_account", {"account": account})
    record(RefundAccountGiven(application.agency), about=application, by=by)


def written(bank: str, number: str, holder: str) -> str:
    """An account as whoever sends the money reads it."""
    return f"{bank}, số tài khoản {number}, chủ tài khoản {holder}"


@action(who=system)
def take_account(dossier: Dossier, *, by: Actor, account: str) -> None:
    """The account is kept for what is owed back now, and for what may come to be owed later."""
    dossier.contact = {**dossier.contact, "refund_account": account}
    dossier.save()
    for refund in Refund.objects.about(dossier.urn).filter(state=Refund.State.OWED):
        payments.direct(refund, by=DOSSIERS, account=account)
