"""What is received at a counter finds the page of whose it is."""

from uuid import UUID

from motcua.dossiers import actions
from motcua.dossiers.reactions.arriving import DOSSIERS
from motcua.exchange.messages import Message, receives


@receives("dossier.at_counter")
def take_brought_in(message: Message) -> None:
    """An agency tells of a dossier it received at its counter."""
    told = message.json()
    actions.learn_brought(UUID(told["dossier"]), by=DOSSIERS, told=told, agency=message.sender)
