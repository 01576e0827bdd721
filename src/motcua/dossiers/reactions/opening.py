"""Whoever opens a paper of a dossier is named to its applicant."""

from uuid import UUID

from django.utils.translation import gettext as _

from motcua.dossiers import actions
from motcua.dossiers.events import PaperOpened
from motcua.dossiers.models import Application, Brought, Dossier
from motcua.dossiers.reactions.arriving import DOSSIERS, may_tell
from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry


@on(PaperOpened)
def tell_opening(event: PaperOpened, entry: Entry) -> None:
    """A paper was opened: the applicant's page learns by whom."""
    dossier = Dossier.objects.filter(pk=entry.about.removeprefix("dossier:")).first()
    if dossier:
        actions.tell_opening(dossier, by=DOSSIERS, entry=entry)


@receives("dossier.opened")
def take_opening(message: Message) -> None:
    """The agency says who opened a paper of an application that was sent there, or of a dossier brought to its counter."""
    body = message.json()
    if "brought" in body:
        known = Brought.objects.filter(pk=body["brought"]["dossier"]).first()
        if known and not may_tell(message, known.agency):
            raise Unfit(_("There is no such dossier here."))
        actions.learn_opening_at_counter(
            UUID(body["brought"]["dossier"]), by=DOSSIERS, told=body, agency=message.sender
        )
        return
    application = Application.objects.filter(pk=body["application"]).first()
    if application is None or not may_tell(message, application.agency):
        raise Unfit(_("No such application was sent to you from here."))
    actions.learn_opening(application, by=DOSSIERS, told=body)
