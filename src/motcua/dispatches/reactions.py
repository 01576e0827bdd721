"""What dispatches do when messages come in."""

from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.dispatches import actions
from motcua.dispatches.actions.leaving import DOCUMENT, STATUS
from motcua.dispatches.events import (
    DispatchArrived,
    DispatchDrafted,
    DispatchIssued,
    DispatchSigned,
    DispatchSuperseded,
    DraftChanged,
    PaperTaken,
    SecretCame,
    SuccessorCame,
)
from motcua.dispatches.messages import incoming_of, turned_away
from motcua.dispatches.models import Delivery, Incoming, Outgoing
from motcua.dispatches.notifying import CHANGED, DISPATCHES, MOVED, SECRET_CAME, tell, tell_holder
from motcua.documents.edxml.message import Document, Purpose, Status
from motcua.documents.edxml.reading import Reading, read
from motcua.documents.edxml.trees import UnreadableError
from motcua.documents.edxml.weighing import verdict_of
from motcua.documents.models import keyring
from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.people.models import acting_at

# Who hears that a state secret came by network.
ALARMED = ("clerk", "chair", "deputy")


def read_in(message: Message) -> Reading:
    """What a message of the axis says; one that cannot be read is refused, and its sender is told where and why."""
    try:
        return read(message.body)
    except UnreadableError as fault:
        raise Unfit(str(fault)) from fault


@receives(DOCUMENT)
def take_document(message: Message) -> None:
    """A document has come, perhaps sent on by another receiver, or its sender asks one back."""
    reading = read_in(message)
    found = reading.message
    if not isinstance(found, Document) or not found.header.sender:
        raise Unfit(_("The document does not say that it is from who sends it."))
    sender = found.header.sender.organ_id
    via = "" if sender == message.sender else message.sender
    if via and not vouched(reading, sender):
        raise Unfit(_("The document does not say that it is from who sends it."))
    if found.purpose is Purpose.RECALL:
        business = found.traces.business
        named = [one.document_id for one in found.header.responses] + [
            business.document_id if business else ""
        ]
        for one in Incoming.objects.filter(
            agency=message.recipient, sender=sender, via=via, document_id__in=filter(None, named)
        ):
            actions.take_recall(
                one, by=DISPATCHES, reason=business.reason if business else "", raw=message.body
            )
        return
    if reading.degree:
        refused = turned_away(found, message.body, agency=message.recipient, via=via)
        actions.turn_away(refused, by=DISPATCHES, degree=reading.degree)
        return
    incoming = incoming_of(reading, message.body, agency=message.recipient, sender=sender, via=via)
    actions.arrive(incoming, by=DISPATCHES)


def vouched(reading: Reading, agency: str) -> bool:
    """Whether the message bears the seal of the agency it says it is from, by an authority known here.

    Who sends on what another wrote cannot vouch for it; the writer's own signature does.
    """
    verdict = verdict_of(reading, keyring().trusted())
    return verdict.stands and any(one.code == agency for one in verdict.signatures)


@on(DispatchArrived)
def index_arrived(event: DispatchArrived, entry: Entry) -> None:
    """What came in is found by its words."""
    index(incoming_of_entry(entry))


@on(SuccessorCame)
def tell_of_successor(event: SuccessorCame, entry: Entry) -> None:
    """Whoever works on a document hears that its sender changes or replaces it."""
    old = incoming_of_entry(entry)
    later = old.successor if old else None
    if old and later:
        tell_holder(
            old, CHANGED, key=f"changed:{later.pk}", link=f"/desk/incoming/{later.pk}/", later=later.number
        )


@on(DispatchSuperseded)
def tell_of_move(event: DispatchSuperseded, entry: Entry) -> None:
    """Whoever worked on the earlier one hears that the task has moved to the later one."""
    old = incoming_of_entry(entry)
    later = old.replaced_by if old else None
    if old and later and later.holder == old.holder:
        tell_holder(
            old, MOVED, key=f"moved:{later.pk}", link=f"/desk/incoming/{later.pk}/", later=later.number
        )


@on(PaperTaken)
def index_paper(event: PaperTaken, entry: Entry) -> None:
    """What came on paper is found by the words of its register."""
    index(Incoming.objects.filter(pk=entry.about.removeprefix("incoming:")).first())


@on(SecretCame)
def alarm(event: SecretCame, entry: Entry) -> None:
    """Clerk and head of the agency hear at once that somebody sent a state secret by network."""
    refused = Incoming(
        pk=entry.about.removeprefix("incoming:"),
        agency=event.agency,
        sender=event.sender,
        sender_name=event.sender,
        document_id=event.document,
    )
    acting = acting_at([event.agency])
    told = [one for role in ALARMED for one in acting.get((event.agency, role), ())]
    tell(told, refused, SECRET_CAME, key="secret", link="/desk/incoming/", name=event.document or "–")


@on(DispatchDrafted)
def index_draft(event: DispatchDrafted, entry: Entry) -> None:
    """What is being written is found by its words."""
    index(outgoing_of(entry))


@on(DraftChanged)
def index_changed(event: DraftChanged, entry: Entry) -> None:
    """What was written anew is found by its new words."""
    index(outgoing_of(entry))


@on(DispatchSigned)
def index_signed(event: DispatchSigned, entry: Entry) -> None:
    """What was signed is found by its number, and by the words that were signed."""
    index(outgoing_of(entry))


@on(DispatchIssued)
def index_issued(event: DispatchIssued, entry: Entry) -> None:
    """What an agency's own system sends was never drafted here; what was signed here has its words already."""
    index(Outgoing.objects.filter(pk=entry.about.removeprefix("outgoing:"), wording=None).first())


def incoming_of_entry(entry: Entry) -> Incoming | None:
    key = entry.about.removeprefix("incoming:")
    return Incoming.objects.select_related("replaced_by").filter(pk=key).first()


def outgoing_of(entry: Entry) -> Outgoing | None:
    return Outgoing.objects.filter(pk=entry.about.removeprefix("outgoing:")).first()


def index(document: Incoming | Outgoing | None) -> None:
    if document is not None:
        actions.index(document, by=DISPATCHES)


@receives(STATUS)
def take_status(message: Message) -> None:
    """A receiver tells where our document stands with it, or with one it sent it on to; only they may, only of what they have."""
    reading = read_in(message)
    found = reading.message
    if not isinstance(found, Status) or not found.header.response or not found.header.sender:
        raise Unfit(_("This is not the state of a document."))
    sender = found.header.sender
    if sender.organ_id != message.sender and not vouched(reading, sender.organ_id):
        raise Unfit(_("The state does not say that it is from who sends it."))
    delivery = delivery_of(message, found.header.response.document_id)
    if sender.organ_id != message.sender:
        delivery = actions.meet(
            Delivery(
                outgoing=delivery.outgoing,
                forwarded=delivery.forwarded,
                agency=sender.organ_id,
                agency_name=(sender.name or sender.organ_id)[:200],
                via=message.sender,
            ),
            by=DISPATCHES,
        )
    actions.take_standing(delivery, by=DISPATCHES, status=found, raw=message.body)


def delivery_of(message: Message, named: str) -> Delivery:
    """Which of our documents is meant, at this receiver: one we wrote, or one we sent on."""
    theirs = Delivery.objects.filter(agency=message.sender).select_related("outgoing", "forwarded")
    ours = Q(outgoing__agency=message.recipient, outgoing__document_id=named)
    sent_on = Q(forwarded__agency=message.recipient, forwarded__document_id=named)
    delivery = theirs.filter(ours | sent_on).first() if named else None
    if delivery is None:
        raise Unfit(_("No document of ours has this name."))
    return delivery
