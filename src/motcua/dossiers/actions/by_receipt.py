"""What whoever filed at a counter does with the receipt in hand: see how it stands, add, take back, say where money goes.

They do what the applicant does on a page of their own; the proof is what the receipt says, and each deed is told to where
they can be reached, so that none is done in their name without their hearing of it.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers.actions.receiving import give_back, resume
from motcua.dossiers.actions.refunding import take_account, written
from motcua.dossiers.bearing import bears
from motcua.dossiers.events import ReceiptShown, RefundAccountGiven
from motcua.dossiers.models import Dossier
from motcua.dossiers.reaching import ACCOUNT, SUPPLIED, reach_of_deed
from motcua.dossiers.rules import bearer
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.payments.models import Refund

DOSSIERS = Actor.system("dossiers")


@action(who=system, locks=False)
def show_receipt(dossier: Dossier, *, by: Actor, digits: str) -> bool:
    """The receipt is shown: its code, and the last digits of the number on it; if they do not fit, nothing is written down."""
    if not bears(dossier, digits):
        return False
    record(ReceiptShown(dossier.code or ""), about=dossier, by=by)
    return True


@action(who=bearer)
def supply_by_receipt(dossier: Dossier, *, by: Actor, papers: list[dict[str, Any]], note: str) -> None:
    """What the agency asked for is sent in by whoever holds the receipt; the time limit starts again from zero.

    It is asked for only once, so nothing at all is no answer. Answers of the form are put right on paper: an officer enters
    what the applicant has signed.
    """
    if dossier.asked_pages:
        raise Invalid(
            _("Part of the form must be put right: bring or post the corrected form to the counter.")
        )
    if not papers and not note.strip():
        raise Invalid(_("Nothing has been added yet: add a file, or write to the officer."), field="note")
    at = timezone.now()
    resume(dossier, by=by, papers=papers, note=note, sent_at=at)
    reach_of_deed(dossier, SUPPLIED, occasion=f"supplied:{at.isoformat()}", told={})


@action(who=bearer)
def withdraw_by_receipt(dossier: Dossier, *, by: Actor, reason: str) -> None:
    """Whoever holds the receipt takes the dossier back."""
    give_back(dossier, by=by, reason=reason)


@action(who=bearer)
def direct_by_receipt(dossier: Dossier, *, by: Actor, bank: str, number: str, holder: str) -> None:
    """Whoever holds the receipt names the account for what is owed back: once, another one only at the counter.

    Four digits are a weak proof where money is concerned: an account that is named is not changed by it.
    """
    if not Refund.objects.about(dossier.urn).filter(state=Refund.State.OWED).exists():
        raise Invalid(_("No money is owed back any more."))
    if dossier.contact.get("refund_account"):
        raise Invalid(_("An account has been named already. To name another one, come to the counter."))
    take_account(dossier, by=DOSSIERS, account=written(bank, number, holder))
    record(RefundAccountGiven(dossier.agency), about=dossier, by=by)
    reach_of_deed(dossier, ACCOUNT, occasion="account", told={"ending": number[-4:]})
