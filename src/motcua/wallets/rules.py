"""Who may do what with a wallet: its owner, and the machine that brings results."""

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule
from motcua.people.models import Account
from motcua.wallets.models import Holding


@rule(_("the person whose wallet it is"))
def owner(actor: Actor, holding: Holding) -> bool:
    return (
        actor.urn.startswith("person:")
        and bool(holding.owner)
        and Account.objects.filter(
            pk=actor.urn.removeprefix("person:"), username=holding.owner, is_active=True
        ).exists()
    )
