"""Who may do what with a wallet: its owner, and the machine that brings results."""

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule
from motcua.mandates.models import PROVEN, Mandate
from motcua.people.models import Account
from motcua.wallets.models import Holding


@rule(_("the person whose wallet it is"))
def owner(actor: Actor, holding: Holding) -> bool:
    """Or who represents them by law: a parent, the representative of a business."""
    if not actor.urn.startswith("person:") or not holding.owner:
        return False
    account = actor.urn.removeprefix("person:")
    represented = Mandate.objects.in_force().held_by(actor).filter(kind__in=sorted(PROVEN))
    return (
        Account.objects.filter(pk=account, username=holding.owner, is_active=True).exists()
        or represented.filter(principal_number=holding.owner).exists()
    )
