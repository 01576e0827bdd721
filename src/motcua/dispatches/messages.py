"""Between our records and messages of the document axis: what is written into them, and what is read out of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from motcua.dispatches.kinds import kind_name, place_of
from motcua.dispatches.models import Delivery, Incoming, Outgoing
from motcua.documents.edxml.message import (
    Attachment,
    Business,
    Change,
    Code,
    Document,
    DocumentType,
    Header,
    Organ,
    Particulars,
    Promulgation,
    Purpose,
    Replaced,
    ResponseFor,
    Signer,
    Staff,
    State,
    Status,
    StatusHeader,
    Trace,
    Traces,
)
from motcua.documents.edxml.reading import Reading
from motcua.documents.edxml.warnings import Warned
from motcua.documents.edxml.writing import write
from motcua.documents.inquiries import codes
from motcua.documents.looking import look
from motcua.documents.models import store
from motcua.exchange.canonical import CONTROL
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency

ADMINISTRATIVE = 2  # DocumentType.Type


def organ(agency: Agency) -> Organ:
    """An agency as it stands in a message."""
    return Organ(organ_id=agency.code, name=agency.name_vi)


def document_of(dispatch: Outgoing, receivers: Iterable[Agency], sender: Agency) -> Document:
    """The message by which a signed document goes to its receivers, with its files."""
    earlier = dispatch.earlier
    return Document(
        header=replace(
            named(dispatch, receivers, sender),
            due_on=dispatch.answer_by,
            particulars=Particulars(priority=dispatch.urgency),
            responses=tuple(answered(dispatch.responds_to)),
            places=tuple(dispatch.places),
        ),
        traces=traced(dispatch.agency, succeeding(dispatch, earlier)),
        attachments=tuple(enclosed(dispatch.files)),
    )


def recall_of(dispatch: Outgoing, receivers: Iterable[Agency], sender: Agency) -> Document:
    """The message by which a document is asked back; it is named like what is answered."""
    header = named(dispatch, receivers, sender)
    promulgated = header.promulgation.on if header.promulgation else None
    return Document(
        header=replace(
            header,
            subject="" if dispatch.secrecy else header.subject,
            responses=(
                ResponseFor(
                    organ_id=dispatch.agency,
                    code=dispatch.number,
                    promulgated_on=promulgated,
                    document_id=header.document_id,
                ),
            ),
        ),
        traces=traced(
            dispatch.agency,
            Business(document_id=header.document_id, purpose=Purpose.RECALL, reason=dispatch.reason),
        ),
    )


def named(dispatch: Outgoing, receivers: Iterable[Agency], sender: Agency) -> Header:
    """What stands at the head of every message about a document: whose it is, to whom it goes, which it is."""
    return Header(
        sender=organ(sender),
        receivers=tuple(organ(one) for one in receivers),
        document_id=dispatch.document_id or "",
        code=Code(number=f"{dispatch.serial:02}", notation=dispatch.notation),
        promulgation=Promulgation(place=place_of(sender), on=timezone.localtime(dispatch.signed_at).date()),
        type=DocumentType(type=ADMINISTRATIVE, name=kind_name(dispatch.kind)),
        subject=dispatch.subject,
        signer=Signer(**dispatch.signer),
    )


def succeeding(dispatch: Outgoing, earlier: Outgoing | None) -> Business:
    """What a document does to the one before it: an update changes what that says, a replacement names it for its receivers."""
    name = (earlier.document_id or "") if earlier else ""
    business = Business(document_id=name, purpose=dispatch.purpose)
    if dispatch.purpose == Purpose.UPDATE:
        return replace(business, change=Change(content=True, receivers=False))
    if dispatch.purpose == Purpose.REPLACEMENT:
        return replace(business, replaced=(Replaced(document_id=name, organ_ids=tuple(dispatch.receivers)),))
    return business


def traced(agency: str, business: Business) -> Traces:
    """Through whom it went, and what it does to an earlier one."""
    return Traces(
        hops=(Trace(organ_id=agency, at=timezone.localtime().replace(microsecond=0)),),
        business=business,
    )


def answered(incoming: Incoming | None) -> Iterable[ResponseFor]:
    """What a document answers."""
    if incoming:
        yield ResponseFor(
            organ_id=incoming.sender,
            code=incoming.number,
            promulgated_on=incoming.issued_on,
            document_id=incoming.document_id,
        )


def enclosed(files: list[dict[str, Any]]) -> Iterable[Attachment]:
    for file in files:
        yield Attachment(
            content_id=file["digest"][:32], name=file["name"], content=store().read(file["digest"])
        )


def status_of(incoming: Incoming, state: State, words: str, *, by: Actor, agency: Agency) -> Status:
    """The message by which we tell the sender where its document stands with us."""
    return Status(
        header=StatusHeader(
            sender=organ(agency),
            response=next(iter(answered(incoming))),
            staff=Staff(name="" if by.is_system else by.name),
            code=state.value,
            description=words[:500],
            at=timezone.localtime().replace(microsecond=0),
        )
    )


def state_message(document: Outgoing, delivery: Delivery, place: int) -> bytes:
    """What a receiver told of one of our documents, as a message of the axis again."""
    news = delivery.told[place]
    return write(
        Status(
            header=StatusHeader(
                sender=Organ(organ_id=delivery.agency, name=delivery.agency_name),
                response=ResponseFor(
                    organ_id=document.agency,
                    code=document.number,
                    promulgated_on=timezone.localtime(document.signed_at).date(),
                    document_id=document.document_id or "",
                ),
                staff=Staff(name=news["by"]),
                code=news["state"],
                description=news["words"],
                at=timezone.localtime(datetime.fromisoformat(news["at"])).replace(microsecond=0),
            )
        )
    )


def incoming_of(reading: Reading, raw: bytes, *, agency: str, sender: str, via: str = "") -> Incoming:
    """What came in, not yet saved: the message is kept as it came, and its files are taken out of it."""
    message = reading.message
    assert isinstance(message, Document)  # noqa: S101 — the caller has looked
    header, code = message.header, message.header.code or Code()
    name = header.sender.name if header.sender else ""
    blob = store().put([raw])
    files, faults = kept(message.attachments)
    return Incoming(
        # The same document to the same receiver is one, however often it comes.
        pk=uuid5(NAMESPACE_URL, f"{blob.digest}@{agency}"),
        agency=agency,
        sender=sender,
        via=via,
        sender_name=(name or sender)[:200],
        document_id=header.document_id,
        number="/".join(part for part in (code.number, code.notation) if part)[:60],
        kind_name=header.type.name[:100] if header.type else "",
        subject=(header.subject or header.content)[:500],
        issued_on=header.promulgation.on if header.promulgation else None,
        signer=header.signer.name[:200] if header.signer else "",
        urgency=max(0, min(header.particulars.priority or 0, 4)) if header.particulars else 0,
        purpose=message.purpose,
        # Who sends on is not named by whoever wrote it.
        changes=earlier_named(message, receiver="" if via else agency),
        answer_by=header.due_on,
        message=blob.digest,
        files=files,
        signed_by=reading.signed.who,
        warnings=[warned.row for warned in (*reading.warnings, *faults)],
    )


def answered_by(message: Document) -> list[str]:
    """The identifiers of the documents it answers."""
    return [one.document_id for one in message.header.responses if one.document_id]


def reminder_of(told: object) -> tuple[str, dict[str, str]]:
    """Which document a reminder names, and what it says: `at`, `words`, `by`; empty where it is no reminder."""
    fields = told if isinstance(told, dict) else {}
    name, at, words, by = (plain(fields.get(one)) for one in ("document", "at", "words", "by"))
    return name[:200], {"at": at[:40], "words": words[:500], "by": by[:120]}


def plain(value: object) -> str:
    """A text in one line, without what no text here holds; empty for anything else."""
    return " ".join(CONTROL.sub(" ", value).split()) if isinstance(value, str) else ""


def earlier_named(message: Document, *, receiver: str = "") -> list[str]:
    """The identifiers of the documents a later one changes or replaces; for one receiver those that are replaced there."""
    business = message.traces.business
    if business is None or message.purpose not in {Purpose.UPDATE, Purpose.REPLACEMENT}:
        return []
    replaced = [
        one.document_id
        for one in business.replaced
        if not receiver or not one.organ_ids or receiver in one.organ_ids
    ]
    return [name for name in dict.fromkeys([business.document_id, *replaced]) if name]


def turned_away(message: Document, raw: bytes, *, agency: str, via: str = "") -> Incoming:
    """What came in and is not taken: no more than is needed to tell its sender so."""
    header = message.header
    sender, code = header.sender or Organ(), header.code or Code()
    digest = sha256(raw).hexdigest()
    return Incoming(
        pk=uuid5(NAMESPACE_URL, f"{digest}@{agency}"),
        message=digest,
        agency=agency,
        sender=sender.organ_id,
        via=via,
        sender_name=(sender.name or sender.organ_id)[:200],
        document_id=header.document_id,
        number="/".join(part for part in (code.number, code.notation) if part)[:60],
        issued_on=header.promulgation.on if header.promulgation else None,
    )


def kept(files: Iterable[Attachment]) -> tuple[list[dict[str, Any]], list[Warned]]:
    """The files of a message in the store, each under what its bytes say it is, and what is wrong with them.

    Of a PDF it is also noted who signed it and what is wrong with that.
    """
    rows: list[dict[str, Any]] = []
    warnings = []
    for file in files:
        blob = store().put([file.content])
        media, fault = look(file.name, file.content)
        rows.append({"name": file.name, "media": media, "size": blob.size, "digest": blob.digest})
        if file.content.startswith(b"%PDF-"):
            rows[-1]["check"] = codes(file.content)
        if fault:
            rows[-1]["fault"] = fault.value
            warnings.append(Warned.of("", fault.value, name=file.name))
    return rows, warnings
