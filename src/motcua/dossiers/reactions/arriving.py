"""What comes from other nodes: whether it can be taken here, and whether who sends may speak."""

from typing import Any

from django.utils.translation import gettext as _

from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.exchange.messages import Message, Unfit
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.organisations.heirs import speaks_for

DOSSIERS = Actor.system("dossiers")


def arrive(dossier: Dossier, papers: list[dict[str, Any]]) -> None:
    """The dossier is here; one that could not go its way here is refused, and who sent it has it back."""
    try:
        actions.arrive(dossier, by=DOSSIERS, papers=papers)
    except Invalid as refusal:
        raise Unfit(str(refusal)) from refusal


def may_tell(message: Message, agency: str) -> bool:
    """Whether the sender is the agency, or follows it; one we have not heard of yet is asked to wait."""
    told = message.json().get("formerly", ())
    return speaks_for(message.sender, agency, told=told, said_at=message.created)


def dossier_of(message: Message) -> Dossier:
    """The dossier a message from its applicant's node is about."""
    known = Dossier.objects.at_or_once_at(message.recipient)
    dossier = known.followed_as(message.json()["application"]).first()
    if dossier is None or message.sender not in {dossier.origin, *dossier.former_agencies}:
        raise Unfit(_("There is no such dossier here."))
    return dossier
