"""What came in goes on to others as it came; what they tell of it, and a recall, go on along the same way."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.actions.leaving import DOCUMENT, STATUS, leave
from motcua.dispatches.actions.sending import in_order
from motcua.dispatches.events import DispatchForwarded
from motcua.dispatches.models import Delivery, Incoming
from motcua.dispatches.rules import clerk, head
from motcua.documents.edxml.message import State
from motcua.documents.models import store
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor


@action(who=clerk | head)
def forward(document: Incoming, *, by: Actor, receivers: Sequence[str]) -> Incoming:
    """The document goes on byte for byte, under the signature of whoever wrote it; it goes once to each."""
    if not document.signed_by:
        raise NotNow(
            _(
                "Its sender's signature cannot be checked, so nobody would take it from you. Write a document of your own."
            )
        )
    had = {
        document.agency,
        document.sender,
        document.via,
        *document.deliveries.values_list("agency", flat=True),
    }
    fresh = [code for code in dict.fromkeys(receivers) if code not in had]
    if not fresh:
        raise Invalid(_("They all have it already."), field="receivers")
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(forwarded=document, agency=one.code, agency_name=one.name_vi, since=now)
        for one in in_order(fresh)
    )
    send_on(document, store().read(document.message), fresh)
    record(DispatchForwarded(document.agency, document.number, len(fresh)), about=document, by=by)
    return document


def send_on(document: Incoming, raw: bytes, receivers: Sequence[str]) -> None:
    """A message of the document's writer, as it came to us, to those it was sent on to."""
    leave(
        DOCUMENT,
        raw,
        agency=document.agency,
        receivers=receivers,
        stream=f"forwarded:{document.pk}",
        correlation=str(document.pk),
    )


def ask_on(document: Incoming, raw: bytes) -> None:
    """A recall goes on to all who have the document from us."""
    asked = list(document.deliveries.exclude(state__in=[State.REFUSED.value, State.CHANGE_AGREED.value]))
    for one in asked:
        one.recall_asked_at, one.recall_answer = timezone.now(), ""
    Delivery.objects.bulk_update(asked, ["recall_asked_at", "recall_answer"])
    send_on(document, raw, [one.agency for one in asked if not one.via])


def tell_on(document: Incoming, raw: bytes) -> None:
    """What one of those told goes on, as it came, to whoever we have the document from."""
    leave(
        STATUS,
        raw,
        agency=document.agency,
        receivers=[document.told_to],
        stream=f"incoming:{document.pk}",
        correlation=str(document.pk),
    )
