"""What is received at a counter finds the page of whose it is, and another's when it was put right whose it is."""

from uuid import UUID

from django.utils.translation import gettext as _

from motcua.dossiers import actions
from motcua.dossiers.events import AnswersPutRight
from motcua.dossiers.models import Brought, Dossier
from motcua.dossiers.reactions.arriving import DOSSIERS, may_tell
from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry


@receives("dossier.at_counter")
def take_brought_in(message: Message) -> None:
    """An agency tells of a dossier it received at its counter."""
    told = message.json()
    known = Brought.objects.filter(pk=told["dossier"]).first()
    if known and not may_tell(message, known.agency):
        raise Unfit(_("There is no such dossier here."))
    actions.learn_brought(UUID(told["dossier"]), by=DOSSIERS, told=told, agency=message.sender)


@on(AnswersPutRight)
def tell_owner(event: AnswersPutRight, entry: Entry) -> None:
    """The name or number of whom it was received for was put right: the one who was told before learns it no more."""
    dossier = Dossier.objects.get(pk=entry.about.removeprefix("dossier:"))
    # What is not yet received is told when it is.
    if dossier.accepted_at and {"applicant_name", "applicant_number"} & set(event.fields):
        actions.tell_owner(dossier, by=DOSSIERS)
