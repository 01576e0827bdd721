"""What comes over a document axis, whoever brings it: a document, its recall, a state."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from motcua.api.problems import Problem
from motcua.dispatches import actions as dispatches
from motcua.dispatches.actions.relaying import named, relayed
from motcua.dispatches.models import Incoming, Outgoing
from motcua.documents.edxml.message import Document, Purpose, Status
from motcua.documents.edxml.reading import Reading
from motcua.documents.edxml.signatures import Standing
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency


def check_own(reading: Reading, message: Document, agency: str) -> None:
    """What an agency's own system hands in is signed and bears a name of the agency. Raises Problem, Invalid."""
    if reading.signed.standing is not Standing.HOLDS:
        raise Problem(
            422, _("The message must bear a signature that can be checked (XML-DSig over all of it).")
        )
    if message.purpose is not Purpose.RECALL and not message.header.document_id.startswith(f"{agency},"):
        raise Invalid(
            _("The identifier must begin with the agency's code and a comma: MessageHeader/DocumentId."),
            field="DocumentId",
        )


def take(
    reading: Reading, raw: bytes, *, agency: str, by: Actor, beyond: Collection[str] = ()
) -> Outgoing | Incoming:
    """A document or recall of the agency goes on to its receivers, a state to whoever wrote the document. Taken twice it is one.

    Agencies `beyond` are reached by the way it came and get it there. Raises Problem, Invalid with what does not hold.
    """
    message = reading.message
    if isinstance(message, Status):
        return told(message, agency=agency, by=by)
    if message.purpose is Purpose.RECALL:
        business = message.traces.business
        reason = business.reason if business else ""
        return dispatches.relay_recall(asked_back(message, agency), by=by, raw=raw, reason=reason)
    made = relayed(message, raw, agency=agency, degree=reading.degree)
    if beyond:
        here = Agency.objects.in_force().filter(code__in=made.receivers).exclude(code__in=beyond)
        made.receivers = list(here.order_by("code").values_list("code", flat=True))
        if not made.receivers:
            raise Problem(422, _("None of the receivers is known here."))
    return dispatches.relay(made, by=by, raw=raw)


def asked_back(message: Document, agency: str) -> Outgoing:
    business = message.traces.business
    names = [one.document_id for one in message.header.responses] + [business.document_id if business else ""]
    found = Outgoing.objects.filter(agency=agency, document_id__in=filter(None, names)).first()
    if found is None:
        raise Problem(404, _("The document that is asked back was not sent here."))
    return found


def told(message: Status, *, agency: str, by: Actor) -> Incoming:
    """The agency says where a document stands with it."""
    response = message.header.response
    document = named(agency, response.document_id, response.code) if response else None
    if document is None:
        raise Problem(404, _("The document this state speaks of did not come here."))
    staff = message.header.staff
    words = message.header.description or str(message.state.words)
    officer = staff.name if staff else ""
    return dispatches.follow(document, by=by, state=message.state, words=words, officer=officer)
