"""What dispatches do when messages come in."""

from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches import actions
from motcua.dispatches.actions.leaving import DOCUMENT, REMINDER, STATUS
from motcua.dispatches.events import (
    DispatchArrived,
    DispatchAssigned,
    DispatchDrafted,
    DispatchIssued,
    DispatchSigned,
    DispatchSuperseded,
    DraftChanged,
    DraftInitialled,
    DraftRouted,
    DraftSubmitted,
    MailHeard,
    OpinionGiven,
    PaperTaken,
    ReminderCame,
    ReviewCalledOff,
    SecretCame,
    SuccessorCame,
)
from motcua.dispatches.messages import answered_by, incoming_of, reminder_of, turned_away
from motcua.dispatches.models import Delivery, Incoming, Outgoing, SentMail
from motcua.dispatches.notifying import (
    CHANGED,
    DISPATCHES,
    GIVEN,
    MOVED,
    REMINDED,
    SECRET_CAME,
    acting_as,
    tell,
    tell_asked,
    tell_holder,
    tell_mail_failed,
)
from motcua.documents.edxml.message import Document, Purpose, Status
from motcua.documents.edxml.reading import Reading, read
from motcua.documents.edxml.trees import UnreadableError
from motcua.documents.edxml.weighing import verdict_of
from motcua.documents.models import keyring
from motcua.exchange.events import MessageRefused, MessageReturned
from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry

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
    incoming.responds_to = asked_by_us(found, incoming)
    actions.arrive(incoming, by=DISPATCHES)


def asked_by_us(message: Document, answer: Incoming) -> Outgoing | None:
    """Which of our documents one that came answers, if its sender has that."""
    named = Outgoing.objects.filter(agency=answer.agency, document_id__in=answered_by(message))
    return named.filter(deliveries__agency=answer.sender).order_by("issued_at", "pk").first()


@receives(REMINDER)
def take_reminder(message: Message) -> None:
    """The sender of a document reminds of the answer it waits for."""
    name, told = reminder_of(message.json())
    if not name or not told["words"]:
        raise Unfit(_("This is no reminder of a document."))
    if message.recipient in settings.NODE.axis_agencies:
        raise Unfit(_("This agency is reached over a document axis, which knows no reminders. Write to it."))
    theirs = Incoming.objects.filter(agency=message.recipient, sender=message.sender, document_id=name)
    document = theirs.order_by("via", "-arrived_at", "pk").first()
    if document is None or document.state in Incoming.GONE:
        raise Unfit(_("No document of yours has this name here."))
    actions.take_reminder(document, by=DISPATCHES, told=told)


@on(MessageRefused, kind=REMINDER)
def reminder_refused(event: MessageRefused, entry: Entry) -> None:
    """A receiver, or its node, does not take a reminder: whoever sent it reads why."""
    note_refused(event)


@on(MessageReturned, kind=REMINDER)
def reminder_returned(event: MessageReturned, entry: Entry) -> None:
    """A reminder could not be delivered: whoever sent it reads why."""
    note_refused(event)


def note_refused(event: MessageRefused | MessageReturned) -> None:
    delivery = Delivery.objects.filter(outgoing=UUID(event.correlation), agency=event.recipient).first()
    if delivery is not None:
        actions.note_reminder_refused(delivery, by=DISPATCHES, reason=event.reason)


@on(ReminderCame)
def tell_of_reminder(event: ReminderCame, entry: Entry) -> None:
    """Whoever works on it hears of a reminder; before it was given to anybody, clerk and head do."""
    document = incoming_of_entry(entry)
    if document is None:
        return
    # Told once a day, however many come.
    told = {"key": f"reminded:{timezone.localdate(entry.at)}", "words": event.words}
    if document.holder:
        tell_holder(document, REMINDED, **told)
    else:
        tell(acting_as(ALARMED, document.agency), document, REMINDED, **told)


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
    tell(
        acting_as(ALARMED, event.agency),
        refused,
        SECRET_CAME,
        key="secret",
        link="/desk/incoming/",
        name=event.document or "–",
    )


@on(MailHeard)
def tell_of_mail(event: MailHeard, entry: Entry) -> None:
    """The records clerk hears when a mail with a document did not reach whom it was for."""
    if event.state not in SentMail.ENDED:
        return
    rows = SentMail.objects.select_related("delivery__outgoing", "delivery__forwarded")
    mail = rows.get(pk=entry.about.removeprefix("mail:"))
    tell_mail_failed(acting_as(["clerk"], event.agency), mail)


@on(DispatchDrafted)
def index_draft(event: DispatchDrafted, entry: Entry) -> None:
    """What is being written is found by its words."""
    index(as_drafted(entry, 1))


@on(DraftChanged)
def index_changed(event: DraftChanged, entry: Entry) -> None:
    """What was written anew is found by its new words."""
    index(as_drafted(entry, event.version))


@on(DispatchSigned)
def index_signed(event: DispatchSigned, entry: Entry) -> None:
    """What was signed is found by its number, and by the words that were signed."""
    index(outgoing_of(entry))


@on(DispatchIssued)
def index_issued(event: DispatchIssued, entry: Entry) -> None:
    """What an agency's own system sends was never drafted here; what was signed here has its words already."""
    index(Outgoing.objects.filter(pk=entry.about.removeprefix("outgoing:"), wording=None).first())


@on(DraftRouted)
@on(DraftSubmitted)
@on(DraftChanged)
@on(DraftInitialled)
@on(OpinionGiven)
@on(ReviewCalledOff)
def tell_of_draft(event: object, entry: Entry) -> None:
    """Whoever's turn it has become on the way of a draft hears so."""
    document = outgoing_of(entry)
    if document is not None:
        tell_asked(document)


@on(DispatchAssigned)
def tell_of_task(event: DispatchAssigned, entry: Entry) -> None:
    """Whoever was given a document hears so, with the sentence that says what is to be done; a task that moved is told as such."""
    document = incoming_of_entry(entry)
    if document and document.holder == event.to and not document.replaces.filter(holder=event.to).exists():
        key = f"given:{entry.pk}"
        tell_holder(document, GIVEN, key=key, instruction=event.instruction)


def incoming_of_entry(entry: Entry) -> Incoming | None:
    key = entry.about.removeprefix("incoming:")
    return Incoming.objects.select_related("replaced_by").filter(pk=key).first()


def as_drafted(entry: Entry, version: int) -> Outgoing | None:
    """The draft, if this version still stands; one written anew or signed meanwhile has its words read by what follows."""
    document = outgoing_of(entry)
    # What is issued on paper is not signed here, so that nothing follows.
    is_signed = document and document.signed_at and document.state != Outgoing.State.ON_PAPER
    return document if document and document.version == version and not is_signed else None


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
