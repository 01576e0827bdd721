"""What came in goes on to others as it came; what they tell of it, a recall and a later version go on along the same way."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.actions.leaving import DOCUMENT, STATUS, leave
from motcua.dispatches.actions.sending import in_order
from motcua.dispatches.events import DispatchForwarded
from motcua.dispatches.models import Delivery, Incoming
from motcua.dispatches.rules import clerk, head
from motcua.dispatches.secrecy import may_leave
from motcua.documents.edxml.message import State
from motcua.documents.models import store
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor

# Refused, or given back: whoever told so has it no more.
NOT_THERE = (State.REFUSED.value, State.CHANGE_AGREED.value)


@action(who=clerk | head)
def forward(document: Incoming, *, by: Actor, receivers: Sequence[str]) -> Incoming:
    """The document goes on byte for byte, under the signature of whoever wrote it; it goes once to each."""
    may_leave(document)
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
    sent_on(document, [(one.code, one.name_vi) for one in in_order(fresh, document.agency)], by=by)
    if document.successor:
        hand_on(document.successor, [document], by=by)
    return document


def hand_on(document: Incoming, earlier: Sequence[Incoming], *, by: Actor) -> None:
    """What changes or replaces others goes on to all who have one of them from us, at once and as it came.

    Without a signature that can be checked nobody would take it from us: then it stays here.
    """
    if not document.signed_by or any(one.secrecy for one in (document, *earlier)):
        return
    theirs = Delivery.objects.filter(forwarded__in=earlier, via="").exclude(state__in=NOT_THERE)
    has = document.deliveries.values("agency")
    fresh = theirs.exclude(agency__in=has).values_list("agency", "agency_name").order_by("agency").distinct()
    if fresh:
        sent_on(document, list(fresh), by=by)


def sent_on(document: Incoming, receivers: Sequence[tuple[str, str]], *, by: Actor) -> None:
    """It goes to these agencies, each a code and a name, and is known to be there."""
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(forwarded=document, agency=code, agency_name=name, since=now) for code, name in receivers
    )
    send_on(document, store().read(document.message), [code for code, _name in receivers])
    record(DispatchForwarded(document.agency, document.number, len(receivers)), about=document, by=by)


def send_on(document: Incoming, raw: bytes, receivers: Sequence[str]) -> None:
    """A message of the document's writer, as it came to us, to those it was sent on to.

    All of one writer goes in one stream: no recall and no later version overtakes what it speaks of.
    """
    leave(
        DOCUMENT,
        raw,
        agency=document.agency,
        receivers=receivers,
        stream=f"forwarded:{document.sender}",
        correlation=str(document.pk),
    )


def ask_on(document: Incoming, raw: bytes) -> None:
    """A recall goes on to all who have the document from us."""
    asked = list(document.deliveries.exclude(state__in=NOT_THERE))
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
