"""Reading a message: leniently where its meaning is certain, with a warning for each thing that is not as it should be."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from lxml import etree

from motcua.documents.edxml.attachments import ALL_TOGETHER, unpacked
from motcua.documents.edxml.message import (
    Attachment,
    Document,
    Header,
    Message,
    Purpose,
    State,
    Status,
    StatusHeader,
    Traces,
)
from motcua.documents.edxml.shape import Element, Kind, elements
from motcua.documents.edxml.signatures import Signed, signature_of
from motcua.documents.edxml.trees import QCVN, UnreadableError, local, tree_of
from motcua.documents.edxml.warnings import Note, Warned
from motcua.documents.secrecy import Degree, degree_of

MOST_WARNINGS = 200


@dataclass(frozen=True)
class Reading:
    """A message as it was read, who signed it, and everything that was not as it should be."""

    message: Message
    signed: Signed
    warnings: tuple[Warned, ...]
    # Whether it says of itself that it is a state secret: then nobody may take it by network.
    degree: Degree = Degree.NONE


def read(raw: bytes) -> Reading:
    """What a file says; raises UnreadableError with place and reason where its meaning is not certain."""
    warnings: dict[Warned, None] = {}

    def note(place: str, code: str, **about: Any) -> None:
        if len(warnings) < MOST_WARNINGS:
            warnings.setdefault(Warned.of(place, code, **about))

    root, signed = signature_of(tree_of(raw, note), note)
    envelope = only(root, "edXMLEnvelope")
    head = only(envelope, "edXMLHeader")
    message = only(head, "MessageHeader")
    foreign(root, note)
    if child(message, "StatusCode") is not None:
        return Reading(status_in(message, note), signed, tuple(warnings))
    traces = child(head, "TraceHeaderList")
    document = Document(
        header=part(message, Header, "MessageHeader", note),
        traces=Traces() if traces is None else part(traces, Traces, "TraceHeaderList", note),
        attachments=tuple(attachments_in(root, envelope, note)),
    )
    demand_of(document)
    return Reading(document, signed, tuple(warnings), degree_of(head))


def status_in(message: etree._Element, note: Note) -> Status:
    """A state; one that says of nothing, by nobody or in an unknown code is refused."""
    header = part(message, StatusHeader, "MessageHeader", note)
    if header.code not in set(State):
        raise UnreadableError(
            _("“%(code)s” is no state of a document.") % {"code": header.code},
            place="MessageHeader/StatusCode",
        )
    if not header.sender or not header.sender.organ_id:
        raise UnreadableError(_("It is not said whose state this is."), place="MessageHeader/From")
    if not header.response or not (header.response.document_id or header.response.code):
        raise UnreadableError(
            _("It is not said of which document this is the state."), place="MessageHeader/ResponseFor"
        )
    return Status(header=header)


def demand_of(document: Document) -> None:
    """Refuses a document that names no sender, no receiver, or not itself: it could be neither filed nor answered."""
    header = document.header
    if not header.sender or not header.sender.organ_id:
        raise UnreadableError(_("It is not said who sends this document."), place="MessageHeader/From")
    if not any(receiver.organ_id for receiver in header.receivers):
        raise UnreadableError(_("It is not said who is to receive this document."), place="MessageHeader/To")
    if not header.document_id and not (header.code and header.code.number):
        raise UnreadableError(
            _("The document has neither an identifier nor a number."), place="MessageHeader/DocumentId"
        )
    business = document.traces.business
    if business and business.purpose is not None and business.purpose not in set(Purpose):
        raise UnreadableError(
            _("“%(code)s” is no purpose of a document.") % {"code": business.purpose},
            place="TraceHeaderList/Bussiness/BussinessDocType",
        )


# ---- parts ------------------------------------------------------------------------------------------------------------


def part[P](element: etree._Element, kind: type[P], place: str, note: Note) -> P:
    """One part with all its elements, in whatever order and namespace they stand."""
    known = {shape.within or shape.name: (name, shape) for name, shape in elements(kind)}
    found: dict[str, list[etree._Element]] = {}
    for one in element:
        name = local(one)
        if name in known:
            found.setdefault(name, []).append(one)
        elif name:
            note(f"{place}/{name}", "unknown")
    values = {}
    for outer, inside in found.items():
        name, shape = known[outer]
        if shape.within:
            inside = [one for wrapper in inside for one in wrapper if local(one) == shape.name]  # noqa: PLW2901
        values[name] = value(inside, shape, f"{place}/{outer}", note)
    return kind(**values)


def value(found: list[etree._Element], shape: Element, place: str, note: Note) -> Any:
    """What one kind of element says: all of them where there may be many, else the first."""
    many = shape.many and len(found) > 1
    read_ones = [
        one_value(element, shape, f"{place}[{position}]" if many else place, note)
        for position, element in enumerate(found, 1)
    ]
    if shape.many:
        return tuple(one for one in read_ones if one is not None and one != "")
    if any(other != read_ones[0] for other in read_ones[1:]):
        raise UnreadableError(_("This stands more than once and says different things."), place=place)
    if len(read_ones) > 1:
        note(place, "repeated")
    return read_ones[0]


def one_value(element: etree._Element, shape: Element, place: str, note: Note) -> Any:
    if shape.part:
        inner: Any = part(element, shape.part, place, note)
        if all(getattr(inner, one.name) in (None, "", ()) for one in fields(inner)):
            note(place, "empty")
            return None
        return inner
    words = "".join(element.itertext()).strip() if len(element) else (element.text or "").strip()
    if shape.kind is Kind.TEXT:
        if shape.longest and len(words) > shape.longest:
            note(place, "long", longest=shape.longest)
        return words
    if not words:
        return None
    read_one, fault = VALUES[shape.kind]
    try:
        return read_one(words)
    except ValueError:
        note(place, fault, words=words[:40])
        return None


def whole(words: str) -> int:
    if not words.isascii() or not words.isdigit():
        raise ValueError(words)
    return int(words[:18])


def yes_or_no(words: str) -> bool:
    if words.lower() not in FLAGS:
        raise ValueError(words)
    return FLAGS[words.lower()]


FLAGS = {"0": False, "1": True, "true": True, "false": False}


def day_of(words: str) -> date:
    """yyyy/MM/dd as the rules want it, also with dashes, also with a time behind it."""
    return datetime.strptime(re.split("[ T]", words, maxsplit=1)[0].replace("-", "/"), "%Y/%m/%d").date()  # noqa: DTZ007 — a day


def moment_of(words: str) -> datetime:
    plain = words.replace("-", "/").replace("T", " ").split(".")[0]
    style = "%Y/%m/%d %H:%M:%S" if ":" in plain else "%Y/%m/%d"
    return datetime.strptime(plain, style).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


# Each with the code of its fault.
VALUES: dict[Kind, tuple[Callable[[str], Any], str]] = {
    Kind.NUMBER: (whole, "number"),
    Kind.FLAG: (yes_or_no, "flag"),
    Kind.DAY: (day_of, "day"),
    Kind.MOMENT: (moment_of, "moment"),
}


# ---- the frame --------------------------------------------------------------------------------------------------------


def child(element: etree._Element, name: str) -> etree._Element | None:
    return next((one for one in element if local(one) == name), None)


def only(element: etree._Element, name: str) -> etree._Element:
    """The one child of this name: none, or a second one, leaves open what is meant."""
    found = [one for one in element if local(one) == name]
    if len(found) != 1:
        words = _("This part is missing.") if not found else _("This stands more than once.")
        raise UnreadableError(words, place=f"{local(element)}/{name}")
    return found[0]


def foreign(root: etree._Element, note: Note) -> None:
    """Notes elements of the message that are in another namespace than its own."""
    if local(root) != "edXML":
        note(local(root), "root")
    for element in root.iter("{*}From", "{*}AttachmentEncoded", "{*}edXMLBody"):
        if etree.QName(element).namespace != QCVN:
            note(local(element), "namespace")


def attachments_in(root: etree._Element, envelope: etree._Element, note: Note) -> Iterable[Attachment]:
    """The files; what the body names and what lies beside it must be the same, and what differs is noted."""
    body = child(envelope, "edXMLBody")
    manifest = child(body, "edXMLManifest") if body is not None else None
    named = {
        said(one, "ContentId").removeprefix("cid:"): one
        for one in (() if manifest is None else manifest)
        if local(one)
    }
    encoded, left = child(root, "AttachmentEncoded"), ALL_TOGETHER
    for position, element in enumerate(
        (one for one in (() if encoded is None else encoded) if local(one) == "Attachment"), 1
    ):
        place = f"AttachmentEncoded/Attachment[{position}]"
        content_id = said(element, "ContentId").removeprefix("cid:")
        reference = named.pop(content_id, None)
        if reference is None:
            note(place, "unnamed")
        attachment = unpacked(
            content_id,
            name=said(element, "AttachmentName") or said(reference, "AttachmentName"),
            description=said(element, "Description") or said(reference, "Description"),
            content_type=said(element, "ContentType") or said(reference, "ContentType"),
            encoded=said(element, "ContentTransferEncoded"),
            place=place,
            note=note,
            left=left,
        )
        left -= len(attachment.content)
        yield attachment
    for content_id in named:
        note("edXMLBody/edXMLManifest", "missing", id=content_id[:60])


def said(element: etree._Element | None, name: str) -> str:
    found = None if element is None else child(element, name)
    return "" if found is None else (found.text or "").strip()
