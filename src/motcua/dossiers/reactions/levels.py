"""Between the levels: what an agency below submits arrives, what was decided above comes back, what ended is recalled."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.dossiers import actions
from motcua.dossiers.events import DossierRestarted, DossierSupplied, FeePaid, FeeWaived
from motcua.dossiers.inheriting import led_on
from motcua.dossiers.models import Dossier, Step
from motcua.dossiers.reactions.arriving import arrive, may_tell
from motcua.dossiers.versions import version_of
from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actors import Actor

DOSSIERS = Actor.system("dossiers")


@receives("dossier.submitted_above")
def take_from_below(message: Message) -> None:
    """A dossier an agency below submits arrives, to be decided here."""
    body = message.json()
    dossier = Dossier(
        pk=UUID(body["as"]),
        below=UUID(body["dossier"]),
        part=body["part"],
        version=version_of(body, message.created),
        case=body["case"],
        channel=body["channel"],
        agency=message.recipient,
        origin=message.sender,
        applicant_name=body["applicant"]["name"],
        applicant_number=body["applicant"]["number"],
        contact=body["contact"],
        filing={"submitted_code": body["code"]},
        answers=body["answers"],
        results=body["results"],
        opinion=body["opinion"],
        sent_at=datetime.fromisoformat(body["sent_at"]),
    )
    arrive(led_on(dossier), body["papers"])


@receives("dossier.decided")
def take_decision(message: Message) -> None:
    """The agency above has decided: the step is done, or refused with its reason."""
    body = message.json()
    step = Step.objects.filter(dossier=body["dossier"], above=body["as"]).select_related("dossier").first()
    if step is None or not may_tell(message, step.agency):
        raise Unfit(_("Nothing was submitted to you from here."))
    if body["paper"] is None:
        actions.refuse_step(step.dossier, by=DOSSIERS, key=step.key, reason=body["reason"])
    else:
        decided = {"code": body["code"], "paper": body["paper"]}
        actions.take_decision(step.dossier, by=DOSSIERS, key=step.key, **decided)


@receives("dossier.recalled")
def take_recall(message: Message) -> None:
    """The agency below needs no decision any more."""
    body = message.json()
    dossier = Dossier.objects.filter(pk=body["dossier"], below__isnull=False).first()
    if dossier is None or not may_tell(message, dossier.origin):
        raise Unfit(_("There is no such dossier here."))
    if dossier.is_open:
        actions.give_back(dossier, by=DOSSIERS, reason=body["reason"])


@receives("dossier.supplied_above")
def take_put_right(message: Message) -> None:
    """The applicant put answers right, or added papers, at the agency below; what has been decided stays as it was."""
    body = message.json()
    dossier = Dossier.objects.filter(pk=body["dossier"], below__isnull=False).first()
    if dossier is None or not may_tell(message, dossier.origin):
        raise Unfit(_("There is no such dossier here."))
    if dossier.is_open:
        told = {name: body[name] for name in ("applicant", "answers", "papers")}
        actions.take_from_below(dossier, by=DOSSIERS, **told)


@on(DossierSupplied)
def conclude_supplied(event: DossierSupplied, entry: Entry) -> None:
    """What was missing is here; what was decided above meanwhile is given out."""
    conclude(entry)


@on(DossierRestarted)
def conclude_restarted(event: DossierRestarted, entry: Entry) -> None:
    """The work goes on; what was decided above meanwhile is given out."""
    conclude(entry)


@on(FeePaid)
def conclude_paid(event: FeePaid, entry: Entry) -> None:
    """The fee is paid; what was decided above meanwhile is given out."""
    conclude(entry)


@on(FeeWaived)
def conclude_waived(event: FeeWaived, entry: Entry) -> None:
    """Nothing is to be paid; what was decided above meanwhile is given out."""
    conclude(entry)


def conclude(entry: Entry) -> None:
    actions.conclude_decided(Dossier.objects.get(pk=entry.about.removeprefix("dossier:")))
