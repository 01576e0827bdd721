"""Whoever opens a dossier or a paper of it is named to its applicant."""

from uuid import UUID

from django.utils.translation import gettext as _

from motcua.dossiers import actions
from motcua.dossiers.events import PaperOpened
from motcua.dossiers.models import Application, Brought, Dossier
from motcua.dossiers.reactions.arriving import DOSSIERS, may_tell
from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.opinions.events import InquiryOpened


@on(PaperOpened)
def tell_opening(event: PaperOpened, entry: Entry) -> None:
    """A paper was opened: the applicant's page learns by whom."""
    dossier = Dossier.objects.filter(pk=entry.about.removeprefix("dossier:")).first()
    if dossier:
        actions.tell_opening(dossier, by=DOSSIERS, entry=entry)


@on(InquiryOpened)
def tell_inquiry(event: InquiryOpened, entry: Entry) -> None:
    """An agency that is asked for its opinion opened what it was asked with: the applicant's page learns by whom."""
    dossier = Dossier.objects.filter(pk=entry.about.removeprefix("dossier:")).first()
    told = {
        "key": event.key,
        "at": event.opened_at,
        "who": event.opened_by,
        "agency": event.agency_name,
        "paper": event.paper,
    }
    if dossier:
        actions.pass_on_openings(dossier, by=DOSSIERS, told=[told])


@receives("dossier.opened")
def take_opening(message: Message) -> None:
    """The agency says who opened an application that was sent there, or a dossier it has from its counter or from us."""
    body = message.json()
    if "brought" in body:
        take_opening_at_counter(message)
    elif "dossier" in body:
        hand_on_opening(message)
    else:
        application = Application.objects.filter(pk=body["application"]).first()
        if application is None or not may_tell(message, application.agency):
            raise Unfit(_("No such application was sent to you from here."))
        actions.learn_openings(application, by=DOSSIERS, told=body["openings"])


def take_opening_at_counter(message: Message) -> None:
    """Of a dossier brought to a counter: only the agency that has it tells of it."""
    body = message.json()
    which = UUID(body["brought"]["dossier"])
    known = Brought.objects.filter(pk=which).first()
    if known and not may_tell(message, known.agency):
        raise Unfit(_("There is no such dossier here."))
    told = {"told": body["openings"], "brought": body["brought"], "agency": message.sender}
    actions.learn_openings_at_counter(which, by=DOSSIERS, **told)


def hand_on_opening(message: Message) -> None:
    """Of a dossier that was sent on or submitted from here: its applicant hears of it by way of us."""
    body = message.json()
    dossier = Dossier.objects.at_or_once_at(message.recipient).filter(pk=body["dossier"]).first()
    if dossier is None or not any(may_tell(message, agency) for agency in having(dossier)):
        raise Unfit(_("Nothing was submitted to you from here."))
    actions.pass_on_openings(dossier, by=DOSSIERS, told=body["openings"])


def having(dossier: Dossier) -> list[str]:
    """The agencies that have it from here: the one it was sent on to, and those above that decide about it."""
    above = dossier.steps.filter(above__isnull=False).values_list("agency", flat=True)
    return [*filter(None, [dossier.forward_to]), *above]
