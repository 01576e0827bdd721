"""A message of the document axis: written, signed with the agency's seal, and left for each of its receivers."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.dispatches.actions.mailing import post, post_refusal, written_to
from motcua.dispatches.messages import status_of
from motcua.dispatches.models import Incoming
from motcua.documents.edxml.message import Message, State
from motcua.documents.edxml.signatures import sign
from motcua.documents.edxml.writing import UnwritableError, write
from motcua.documents.models import keyring
from motcua.exchange import actions as exchange
from motcua.lib.actions import Invalid, NotNow
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency

DOCUMENT, STATUS, REMINDER = "document.edoc", "document.status", "document.reminder"
XML, JSON = "application/xml", "application/json"


def signed(message: Message, agency: str, *, must: bool) -> bytes:
    """The message as it travels. Raises NotNow if it `must` bear the agency's seal and the node does not keep it."""
    try:
        raw = write(message)
    except UnwritableError as fault:
        raise Invalid(str(fault)) from fault
    # The envelope is signed by the node; of a state no more is asked.
    if keyring().has_seal(agency):
        return sign(raw, keyring().seal(agency))
    if must:
        raise NotNow(_("This node does not keep the seal of the agency."))
    return raw


def leave(
    kind: str,
    raw: bytes,
    *,
    agency: str,
    receivers: Sequence[str],
    stream: str,
    correlation: str,
    media: str = XML,
) -> None:
    """The same bytes for each receiver, in the stream in which all about one document goes; by e-mail to whom no node reaches."""
    by_mail = written_to(agency, receivers) if kind == DOCUMENT else []
    post(raw, by_mail, document=correlation)
    written = {one.code for one in by_mail}
    exchange.leave(
        [
            exchange.drafted(
                kind,
                raw,
                sender=agency,
                recipient=one,
                stream=stream,
                correlation=correlation,
                content_type=media,
            )
            for one in receivers
            if one not in written
        ]
    )


def tell(document: Incoming, state: State, words: str = "", *, by: Actor) -> None:
    """The sender hears where its document stands with us; of one that came on paper nobody waits for news."""
    if document.mail and state is State.REFUSED:
        post_refusal(document, words)
    # Whoever writes by e-mail has no system that reads states; why it is not taken in they must hear.
    if document.mail or document.is_paper:
        return
    agency = Agency.objects.get(pk=document.agency)
    with override("vi"):  # the axis speaks Vietnamese, whatever language whoever acts reads
        message = status_of(document, state, words or str(state.words), by=by, agency=agency)
    leave(
        STATUS,
        signed(message, document.agency, must=False),
        agency=document.agency,
        receivers=[document.told_to],
        stream=f"incoming:{document.pk}",
        correlation=str(document.pk),
    )
