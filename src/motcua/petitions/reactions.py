"""What petitions do when they and their answers arrive, and who is told."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers.models import Dossier
from motcua.dossiers.reaching import reach_of_deed
from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actors import Actor
from motcua.notices import actions as notices
from motcua.notices.models import Notice
from motcua.notices.wording import wording
from motcua.organisations.estates import Passing, left_behind
from motcua.organisations.heirs import answering, speaks_for
from motcua.people.models import acting_at
from motcua.petitions import actions
from motcua.petitions.events import AnswerLearned, PetitionAnswered, PetitionArrived, PetitionPassedOn
from motcua.petitions.models import ANSWERERS, Kind, Petition, Received, State
from motcua.ui.words import day

PETITIONS = Actor.system("petitions")

ANSWERED = {
    Kind.QUESTION: wording(
        "petitions.question_answered",
        urgent=True,
        subject=gettext_lazy("%(agency)s has answered your question"),
        body=gettext_lazy("You asked about a reading of your data. The answer stands under “My data”."),
    ),
    Kind.COMPLAINT: wording(
        "petitions.complaint_answered",
        urgent=True,
        subject=gettext_lazy("%(agency)s has answered your complaint"),
        body=gettext_lazy("The answer of the agency's head stands on your dossier's page."),
    ),
}
BY_RECEIPT = wording(
    "petitions.answered_by_receipt",
    urgent=True,
    subject=gettext_lazy("Dossier %(code)s: the agency's head has answered your complaint"),
    body=gettext_lazy(
        "The answer of %(agency)s stands at the address below, for who has the receipt in hand."
    ),
)
TAKEN = wording(
    "petitions.taken_by_receipt",
    subject=gettext_lazy("Dossier %(code)s: your complaint is with the agency's head"),
    body=gettext_lazy(
        "The head of %(agency)s answers by %(day)s, at the address below, for who has the receipt in hand. If you did not "
        "complain, speak to the agency."
    ),
)
ARRIVED = {
    Kind.QUESTION: wording(
        "petitions.question_arrived",
        subject=gettext_lazy("Someone asks why their data was read"),
        body=gettext_lazy("The answer is due at %(due_at)s. Whoever knows the reading best should write it."),
    ),
    Kind.COMPLAINT: wording(
        "petitions.complaint_arrived",
        subject=gettext_lazy("A complaint about a dossier waits for you"),
        body=gettext_lazy("Only the head of the agency sees it. The answer is due at %(due_at)s."),
    ),
}


@receives("petition.filed")
def take_petition(message: Message) -> None:
    """Someone asks us, or complains."""
    body = message.json()
    dossier = UUID(body["dossier"]) if body["dossier"] else None
    actions.take_petition(
        Received(
            pk=UUID(body["petition"]),
            kind=Kind(body["kind"]),
            agency=whose(message.recipient, dossier),
            origin=message.sender,
            asker_name=body["asker"]["name"],
            asker_number=body["asker"]["number"],
            dossier=dossier,
            about=body["about"],
            text=body["text"],
            due_at=datetime.fromisoformat(body["due_at"]),
        ),
        by=PETITIONS,
    )


def whose(recipient: str, dossier: UUID | None) -> str:
    """Who answers what is sent to an agency: about a dossier it once had, who has that now; else who follows it."""
    held = Dossier.objects.at_or_once_at(recipient).filter(pk=dossier) if dossier else Dossier.objects.none()
    return held.values_list("agency", flat=True).first() or answering(recipient)


@left_behind(
    "petitions",
    gettext_lazy("Petitions to be answered"),
    rows=lambda: Received.objects.filter(state=State.WAITING),
)
def pass_on(passing: Passing) -> int:
    """What is still to be answered goes to who follows."""
    return actions.pass_on(passing, by=PETITIONS)


@receives("petition.answered")
def take_answer(message: Message) -> None:
    """The agency answers; only the agency that was asked may, or one that follows it."""
    body = message.json()
    petition, told = Petition.objects.filter(pk=body["petition"]).first(), body.get("formerly", ())
    if petition is None or not speaks_for(
        message.sender, petition.agency, told=told, said_at=message.created
    ):
        raise Unfit(_("Nobody has asked this of you."))
    actions.learn_answer(petition, by=PETITIONS, told=body, agency=message.sender)


@on(PetitionPassedOn)
def tell_followers(event: PetitionPassedOn, entry: Entry) -> None:
    """Whoever may answer at the agency that follows is told."""
    tell_answerers(entry)


@on(PetitionArrived)
def tell_officers(event: PetitionArrived, entry: Entry) -> None:
    """Whoever may answer is told; and who complained with the receipt in hand, that it was done in their name."""
    tell_answerers(entry)
    reach_bearer(entry, TAKEN, occasion="taken")


def tell_answerers(entry: Entry) -> None:
    """A notice to each who may answer the petition an entry is about, once an agency."""
    received = Received.objects.get(pk=entry.about.removeprefix("petition-received:"))
    acting = acting_at([received.agency])
    roles = ANSWERERS[Kind(received.kind)]
    accounts = {one.pk: one for role in roles for one in acting.get((received.agency, role), ())}
    told = [
        Notice(
            recipient=account,
            code=ARRIVED[Kind(received.kind)],
            parameters={"due_at": received.due_at.isoformat()},
            about=received.urn,
            link=f"/desk/petitions/{received.pk}/",
            key=f"{received.urn}:arrived:{received.agency}",
        )
        for account in accounts.values()
    ]
    if told:
        notices.tell_many(told, by=PETITIONS)


@on(PetitionAnswered)
def tell_bearer(event: PetitionAnswered, entry: Entry) -> None:
    """Whoever complained with the receipt in hand hears where they can be reached that there is an answer."""
    reach_bearer(entry, BY_RECEIPT, occasion="complaint")


def reach_bearer(entry: Entry, code: str, *, occasion: str) -> None:
    """To where who filed at the counter can be reached, of the complaint an entry is about, if it was written by the receipt."""
    received = Received.objects.get(pk=entry.about.removeprefix("petition-received:"))
    if received.is_by_receipt and (dossier := Dossier.objects.filter(pk=str(received.dossier)).first()):
        told = {"day": day(received.due_at)}
        reach_of_deed(dossier, code, occasion=f"{occasion}:{received.pk}", told=told)


@on(AnswerLearned)
def tell_petitioner(event: AnswerLearned, entry: Entry) -> None:
    """The person learns that there is an answer."""
    petition = Petition.objects.select_related("account").get(pk=entry.about.removeprefix("petition:"))
    link = f"/applications/{petition.application_id}/" if petition.application_id else "/my/data/"
    notices.tell(
        Notice(
            recipient=petition.account,
            code=ANSWERED[Kind(petition.kind)],
            parameters={"agency": petition.agency_name},
            about=petition.urn,
            link=link,
            key=f"{petition.urn}:answered",
        ),
        by=PETITIONS,
    )
