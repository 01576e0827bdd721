"""What an agency's own document system does here in its stead: hands documents in, fetches them, says where they stand."""

from collections.abc import Sequence
from datetime import datetime, time
from hashlib import sha256

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.actions.leaving import DOCUMENT, leave, tell
from motcua.dispatches.actions.reminding import lose_answer
from motcua.dispatches.actions.sending import asked_now, give_answer, give_task, in_order
from motcua.dispatches.actions.succeeding import stay, succeed
from motcua.dispatches.events import (
    DispatchAssigned,
    DispatchIssued,
    DispatchRefused,
    DispatchRegistered,
    RecallAnswered,
    RecallAsked,
    WorkBegun,
    WorkFinished,
)
from motcua.dispatches.kinds import Kind, kind_name
from motcua.dispatches.messages import answered_by, earlier_named, kept
from motcua.dispatches.models import Delivery, Incoming, Outgoing
from motcua.dispatches.rules import clerk
from motcua.dispatches.secrecy import may_leave
from motcua.documents.edxml.message import Code, Document, State
from motcua.documents.models import store
from motcua.documents.secrecy import Degree
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.numbering import next_number

# How far each state has come; what is told of an earlier one comes too late to change anything.
FAR = [
    Incoming.State.ARRIVED,
    Incoming.State.REGISTERED,
    Incoming.State.ASSIGNED,
    Incoming.State.BEGUN,
    Incoming.State.DONE,
]
TARGETS = {
    State.REGISTERED: Incoming.State.REGISTERED,
    State.ASSIGNED: Incoming.State.ASSIGNED,
    State.IN_PROGRESS: Incoming.State.BEGUN,
    State.DONE: Incoming.State.DONE,
}


def relayed(message: Document, raw: bytes, *, agency: str, degree: Degree) -> Outgoing:
    """What a system hands in, as it will stand in our register, not yet saved. Raises Invalid with what is missing."""
    header, code = message.header, message.header.code or Code()
    if not code.number.isdecimal() or len(code.number) > 6 or not 0 < len(code.notation) <= 30:
        raise Invalid(_("Number (digits) and notation are needed: MessageHeader/Code."), field="Code")
    if not header.document_id:
        raise Invalid(_("The identifier is missing: MessageHeader/DocumentId."), field="DocumentId")
    may_leave(Outgoing(secrecy=degree))  # before a byte of it is kept
    on = header.promulgation.on if header.promulgation else None
    blob = store().put([raw])
    whole = {
        "name": f"{blob.digest[:12]}.edxml",
        "media": "application/xml",
        "size": blob.size,
        "digest": blob.digest,
    }
    signer = header.signer
    return Outgoing(
        agency=agency,
        kind=kind_of(header.type.name if header.type else ""),
        subject=(header.subject or header.content)[:500],
        urgency=max(0, min(header.particulars.priority or 0, 4)) if header.particulars else 0,
        secrecy=degree,
        answer_by=header.due_on,
        purpose=message.purpose,
        earlier=latest(agency, earlier_named(message)),
        responds_to=asked_of_us(message, agency),
        receivers=[one.organ_id for one in header.receivers],
        places=list(header.places),
        files=[whole, *kept(message.attachments)[0]],
        # Their own numbers: a series for each notation, apart from those given here.
        series=f"elsewhere {sha256(code.notation.encode()).hexdigest()[:8]}",
        year=(on or timezone.localdate()).year,
        serial=int(code.number),
        notation=code.notation,
        document_id=header.document_id[:200],
        signer={
            "name": signer.name if signer else "",
            "position": signer.position if signer else "",
            "competence": signer.competence if signer else "",
        },
        signed_at=timezone.make_aware(datetime.combine(on, time())) if on else timezone.now(),
    )


def latest(agency: str, names: Sequence[str]) -> Outgoing | None:
    """The document of this agency that a new one changes or replaces; its last version, where it was changed before."""
    found = Outgoing.objects.filter(agency=agency, document_id__in=names).first() if names else None
    while found and found.successor:
        found = found.successor
    return found


def asked_of_us(message: Document, agency: str) -> Incoming | None:
    """Which of the documents that came a new one answers, if any; of several of one name the one that came straight, and last."""
    found = Incoming.objects.filter(agency=agency, document_id__in=answered_by(message))
    return found.order_by("via", "-arrived_at", "pk").first()


def kind_of(name: str) -> str:
    """The kind by its Vietnamese name; what is none of the 29 is a letter."""
    return next((kind for kind in Kind if kind_name(kind).casefold() == name.strip().casefold()), Kind.LETTER)


@action(who=clerk)
def relay(document: Outgoing, *, by: Actor, raw: bytes) -> Outgoing:
    """A document from the agency's own system goes to its receivers, byte for byte. Handed in again it is the same."""
    may_leave(document)
    known = Outgoing.objects.filter(document_id=document.document_id).first()
    if known is not None:
        if (
            known.agency == document.agency
            and known.files
            and known.files[0]["digest"] == document.files[0]["digest"]
        ):
            return known
        raise Invalid(_("Another document with this identifier was sent before."), field="DocumentId")
    same = Outgoing.objects.filter(
        agency=document.agency, year=document.year, series=document.series, serial=document.serial
    )
    if same.exists():
        raise Invalid(_("Another document with this number was sent this year."), field="Code")
    receivers = in_order(list(dict.fromkeys(document.receivers)), document.agency)
    document.drafted_by, document.issued_at = by.urn, timezone.now()
    document.save(force_insert=True)
    Delivery.objects.bulk_create(
        Delivery(outgoing=document, agency=one.code, agency_name=one.name_vi, since=document.issued_at)
        for one in receivers
    )
    passed_on(document, raw, [one.code for one in receivers])
    record(DispatchIssued(document.number, document.agency, len(receivers)), about=document, by=by)
    give_task(document, [one.code for one in receivers], by=by)
    give_answer(document)
    return document


@action(who=clerk)
def relay_recall(document: Outgoing, *, by: Actor, raw: bytes, reason: str) -> Outgoing:
    """The agency's own system asks a document back; its message goes to all who have it.

    Asked again before all have answered, nothing is new; whoever did not give it back may be asked once more.
    """
    if document.state != Outgoing.State.ISSUED:
        return document
    asked = asked_now(document.deliveries.all())
    if asked:
        document.state, document.reason = Outgoing.State.ASKED_BACK, reason[:500]
        document.save(update_fields=["state", "reason"])
        passed_on(document, raw, [one.agency for one in asked if not one.via])
        record(RecallAsked(reason[:500], len(asked)), about=document, by=by)
    return document


def passed_on(document: Outgoing, raw: bytes, receivers: list[str]) -> None:
    leave(
        DOCUMENT,
        raw,
        agency=document.agency,
        receivers=receivers,
        stream=f"outgoing:{document.first.pk}",
        correlation=str(document.pk),
    )


@action(who=clerk)
def note_fetched(document: Incoming, *, by: Actor, how: str, is_recall: bool = False) -> Incoming:
    """What became of a document, or of its recall, on its way into the agency's own system: processing, done, or fail."""
    name = "recall_fetched" if is_recall else "fetched"
    setattr(document, name, how)
    document.save(update_fields=[name])
    return document


@action(who=clerk)
def note_news_fetched(document: Outgoing, *, by: Actor, delivery: Delivery, place: int, how: str) -> None:
    """The same of what a receiver of a document told."""
    delivery = document.deliveries.select_for_update().get(pk=delivery.pk)
    delivery.told = [
        one | {"fetched": how} if number == place else one for number, one in enumerate(delivery.told)
    ]
    delivery.save(update_fields=["told"])


@action(who=clerk)
def follow(document: Incoming, *, by: Actor, state: State, words: str, officer: str = "") -> Incoming:
    """The agency's own system says where a document stands there; our register follows, and the sender hears of it.

    Said twice, or after what came later, it changes nothing.
    """
    was = document.state
    if state is State.REFUSED and document.state == Incoming.State.ARRIVED:
        document.state, document.reason, document.ended_at = (
            Incoming.State.REFUSED,
            words[:500],
            timezone.now(),
        )
        record(DispatchRefused(document.agency, document.reason), about=document, by=by)
        lose_answer(document, by=by)
    elif state in {State.CHANGE_AGREED, State.CHANGE_REFUSED} and document.recall_asked_at:
        answered(document, state, words, by=by)
    elif (
        state in TARGETS
        and document.state in FAR
        and FAR.index(TARGETS[state]) > FAR.index(Incoming.State(document.state))
    ):
        moved_on(document, state, officer, by=by)
    else:
        return document
    document.save()
    tell(document, state, words, by=by)
    if was == Incoming.State.ARRIVED and document.state == Incoming.State.REFUSED:
        stay(document, document.reason, by=by)
    elif was == Incoming.State.ARRIVED and document.serial:
        succeed(document, by=by)
    return document


def answered(document: Incoming, state: State, words: str, *, by: Actor) -> None:
    agreed = state is State.CHANGE_AGREED
    if agreed:
        document.state, document.ended_at = Incoming.State.GIVEN_BACK, timezone.now()
        lose_answer(document, by=by)
    document.recall_asked_at = document.recall_asked_at if agreed else None
    record(RecallAnswered(document.agency, agreed=agreed, reason=words[:500]), about=document, by=by)


def moved_on(document: Incoming, state: State, officer: str, *, by: Actor) -> None:
    now = timezone.now()
    if document.serial is None:
        registered(document, now, by=by)
    document.state = TARGETS[state]
    match state:
        case State.ASSIGNED:
            document.holder_name = officer[:120]
            record(DispatchAssigned(document.agency, "", "", ""), about=document, by=by)
        case State.IN_PROGRESS:
            record(WorkBegun(document.agency), about=document, by=by)
        case State.DONE:
            document.ended_at = now
            record(WorkFinished(document.agency, "", in_time=not document.is_late()), about=document, by=by)
        case _:
            pass


def registered(document: Incoming, now: datetime, *, by: Actor) -> None:
    """It stands in our register too, under a number of its own."""
    document.registered_at, document.year = now, timezone.localtime(now).year
    document.serial = next_number(f"arrivals {document.agency} {document.year}")
    record(DispatchRegistered(document.agency, document.serial), about=document, by=by)


def named(agency: str, document_id: str, number: str) -> Incoming | None:
    """The document a state speaks of: by its identifier, else by its number."""
    wanted = Q(document_id=document_id) if document_id else Q(number=number)
    return Incoming.objects.filter(wanted, agency=agency).order_by("-arrived_at").first()
