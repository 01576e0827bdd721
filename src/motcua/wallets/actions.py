"""Put into the wallet, correct what it says, take out."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.documents.inquiries import weigh
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.procedures.kinds import kinds
from motcua.wallets.events import HoldingAdded, HoldingDescribed, HoldingReceived, HoldingRemoved
from motcua.wallets.models import Holding
from motcua.wallets.rules import owner

MOST = 500


@dataclass(frozen=True)
class Said:
    """What the owner says of a paper; of what an agency issued, only the name counts."""

    name: str
    kind: str = ""
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    valid_until: date | None = None


@action(who=system)
def receive(holding: Holding, *, by: Actor) -> Holding:
    """A result comes into the wallet by itself; the same file comes once."""
    known = kinds().get(holding.kind)
    # A certified copy was made on a day that says nothing of how long its original holds.
    if known and holding.valid_until is None and holding.source != Holding.Source.CERTIFIED:
        holding.valid_until = known.valid_until(holding.issued_on)
    kept, is_new = put(holding)
    if is_new:
        record(HoldingReceived(kept.kind, kept.source, kept.digest), about=kept, by=by)
    return kept


@action(who=owner)
def add(holding: Holding, *, by: Actor) -> Holding:
    """The owner puts a paper into the wallet, whose signatures, if it has any, are checked; the same file once."""
    check(holding)
    if Holding.objects.filter(owner=holding.owner).count() >= MOST:
        raise Invalid(
            _("Your wallet holds %(most)s papers, as many as it can. Remove one first.") % {"most": MOST},
            field="file",
        )
    holding.source = Holding.Source.UPLOAD
    holding.verdict = weigh(holding.digest, holding.media)
    kept, is_new = put(holding)
    if is_new:
        record(HoldingAdded(kept.kind, kept.digest), about=kept, by=by)
    return kept


@action(who=owner)
def describe(holding: Holding, *, by: Actor, said: Said) -> None:
    """The owner says what a paper is; of what an agency issued, only the name in the wallet is theirs to choose."""
    holding.name = said.name.strip()[:200]
    if holding.is_upload:
        holding.kind, holding.number, holding.issuer = (
            said.kind,
            said.number.strip()[:60],
            said.issuer.strip(),
        )
        holding.issued_on, holding.valid_until = said.issued_on, said.valid_until
    check(holding)
    holding.save()
    record(HoldingDescribed(holding.kind), about=holding, by=by)


@action(who=owner)
def remove(holding: Holding, *, by: Actor) -> None:
    """The owner takes a paper out of the wallet; what dossiers hold already they keep."""
    record(HoldingRemoved(holding.kind, holding.digest), about=holding, by=by)
    holding.delete()


def check(holding: Holding) -> None:
    """What is said of a paper must make sense; an uploaded one without an end takes that of its kind."""
    if not holding.name.strip():
        raise Invalid(_("Give the paper a name."), field="name")
    known = kinds().get(holding.kind)
    if known is None:
        raise Invalid(_("Choose what kind of paper it is."), field="kind")
    holding.valid_until = holding.valid_until or known.valid_until(holding.issued_on)
    if holding.issued_on and holding.valid_until and holding.valid_until < holding.issued_on:
        raise Invalid(_("It cannot end before the day it was issued."), field="valid_until")


def put(holding: Holding) -> tuple[Holding, bool]:
    """Keep the row and say whether it is new; of two at once, the second finds the first."""
    try:
        with transaction.atomic():
            holding.save(force_insert=True)
    except IntegrityError:
        known = Holding.objects.filter(owner=holding.owner, digest=holding.digest).first()
        if known is None:
            raise
        return known, False
    return holding, True
