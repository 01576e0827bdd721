"""What messages do when they come in: a document arrives, a sender asks it back, a receiver tells where it stands."""

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.actions.forwarding import ask_on, tell_on
from motcua.dispatches.actions.leaving import tell
from motcua.dispatches.actions.reminding import note_answer
from motcua.dispatches.actions.succeeding import link
from motcua.dispatches.events import DispatchArrived, RecallCame, StandingTold
from motcua.dispatches.models import Delivery, Incoming, Outgoing
from motcua.dispatches.standing import since, stands
from motcua.documents.edxml.message import State, Status
from motcua.documents.models import store
from motcua.journal.actions import record
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.rules import system


@action(who=system)
def arrive(document: Incoming, *, by: Actor) -> Incoming:
    """A document has come; the sender hears at once that it is here. Come again, it changes nothing."""
    known = Incoming.objects.filter(pk=document.pk).first()
    if known is not None:
        return known
    document.save(force_insert=True)
    tell(document, State.ARRIVED, by=by)
    told = DispatchArrived(
        document.agency,
        document.sender,
        document.document_id,
        len(document.warnings),
        document.signatures,
        " ".join(document.faults),
    )
    record(told, about=document, by=by)
    note_answer(document, by=by)
    link(document, by=by)
    return document


@action(who=system)
def take_recall(document: Incoming, *, by: Actor, reason: str, raw: bytes) -> None:
    """The sender asks back what it sent us, and so what we sent on; of what is done it hears at once that it comes too late."""
    if document.recall_asked_at or document.state in Incoming.GONE:
        return
    ask_on(document, raw)
    if document.state == Incoming.State.DONE:
        tell(document, State.CHANGE_REFUSED, _("The work on this document is done already."), by=by)
        return
    document.recall_asked_at, document.recall_reason = timezone.now(), reason[:500]
    document.recall_message, document.recall_fetched = store().put([raw]).digest, ""
    document.save()
    record(RecallCame(document.agency, document.recall_reason), about=document, by=by)


@action(who=system, locks=False)
def take_standing(delivery: Delivery, *, by: Actor, status: Status, raw: bytes) -> None:
    """A receiver tells where our document stands with it; what is late or repeated is kept and changes nothing."""
    # The document before its receiver, as a recall and a reminder lock them: else each might wait for the other.
    if delivery.outgoing_id:
        Outgoing.objects.select_for_update().get(pk=delivery.outgoing_id)
    rows = Delivery.objects.select_related("outgoing", "forwarded").select_for_update(of=("self",))
    delivery = rows.get(pk=delivery.pk)
    state, words = status.state, status.header.description[:500]
    officer = status.header.staff.name[:120] if status.header.staff else ""
    at = status.header.at or timezone.now()
    news = {"at": at.isoformat(), "state": state.value, "words": words, "by": officer}
    if any(news.items() <= known.items() for known in delivery.told):
        return
    delivery.told = [*delivery.told, news]
    if state in {State.CHANGE_AGREED, State.CHANGE_REFUSED}:
        delivery.recall_answer = state.value
    now_at = stands(delivery.news)
    if now_at is not None and now_at.value != delivery.state:
        delivery.state, delivery.since = now_at.value, since(delivery.news, now_at) or at
    delivery.save()
    about = delivery.outgoing or delivery.forwarded
    if delivery.outgoing:
        settle_recall(delivery.outgoing)
    if delivery.forwarded:
        tell_on(delivery.forwarded, raw)
    record(StandingTold(delivery.agency, state.value, at.isoformat(), words), about=about, by=by)


@action(who=system, locks=False)
def meet(delivery: Delivery, *, by: Actor) -> Delivery:
    """A receiver tells of one it sent our document on to: from now on it is known where it stands there, too."""
    found, _made = Delivery.objects.get_or_create(
        outgoing=delivery.outgoing,
        forwarded=delivery.forwarded,
        agency=delivery.agency,
        defaults={"agency_name": delivery.agency_name, "via": delivery.via, "since": timezone.now()},
    )
    return found


def settle_recall(document: Outgoing) -> None:
    """A document that was asked back is recalled when all have given it back, and issued as before when one has not."""
    if document.state == Outgoing.State.ASKED_BACK and document.after_recall != document.state:
        document.state = document.after_recall
        document.save(update_fields=["state"])
