"""What dispatches do when messages come in."""

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches import actions
from motcua.dispatches.actions.leaving import DOCUMENT, STATUS
from motcua.dispatches.messages import incoming_of
from motcua.dispatches.models import Delivery, Incoming
from motcua.documents.edxml.message import Document, Purpose, Status
from motcua.documents.edxml.reading import Reading, read
from motcua.documents.edxml.trees import UnreadableError
from motcua.exchange.messages import Message, Unfit, receives
from motcua.lib.actors import Actor

DISPATCHES = Actor.system("dispatches")


def read_in(message: Message) -> Reading:
    """What a message of the axis says; one that cannot be read is refused, and its sender is told where and why."""
    try:
        return read(message.body)
    except UnreadableError as fault:
        raise Unfit(str(fault)) from fault


@receives(DOCUMENT)
def take_document(message: Message) -> None:
    """A document has come, or its sender asks one back."""
    reading = read_in(message)
    found = reading.message
    if (
        not isinstance(found, Document)
        or not found.header.sender
        or found.header.sender.organ_id != message.sender
    ):
        raise Unfit(_("The document does not say that it is from who sends it."))
    if found.purpose is Purpose.RECALL:
        business = found.traces.business
        named = [one.document_id for one in found.header.responses] + [
            business.document_id if business else ""
        ]
        for one in Incoming.objects.filter(
            agency=message.recipient, sender=message.sender, document_id__in=filter(None, named)
        ):
            actions.take_recall(one, by=DISPATCHES, reason=business.reason if business else "")
        return
    incoming = incoming_of(reading, message.body, agency=message.recipient, sender=message.sender)
    actions.arrive(incoming, by=DISPATCHES)


@receives(STATUS)
def take_status(message: Message) -> None:
    """A receiver tells where our document stands with it; only it may, and only of what it was sent."""
    found = read_in(message).message
    if not isinstance(found, Status) or not found.header.response or not found.header.sender:
        raise Unfit(_("This is not the state of a document."))
    if found.header.sender.organ_id != message.sender:
        raise Unfit(_("The state does not say that it is from who sends it."))
    delivery = delivery_of(message, found)
    actions.take_standing(
        delivery,
        by=DISPATCHES,
        state=found.state,
        at=found.header.at or timezone.now(),
        words=found.header.description,
        officer=found.header.staff.name if found.header.staff else "",
    )


def delivery_of(message: Message, found: Status) -> Delivery:
    """Which of our documents is meant, at this receiver."""
    named = found.header.response.document_id if found.header.response else ""
    ours = Delivery.objects.filter(
        agency=message.sender, outgoing__agency=message.recipient, outgoing__document_id=named
    )
    delivery = ours.select_related("outgoing").first() if named else None
    if delivery is None:
        raise Unfit(_("No document of ours has this name."))
    return delivery
