"""Writing a message: strictly, in the order and the forms the rules give, so that every system can read it."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from lxml import etree

from motcua.documents.edxml.attachments import packed, refuse_name
from motcua.documents.edxml.message import Attachment, Document, Message
from motcua.documents.edxml.reading import demand_of
from motcua.documents.edxml.shape import Element, Kind, elements
from motcua.documents.edxml.trees import QCVN, UnreadableError, Words


class UnwritableError(Exception):
    """The message cannot be sent as it is: `place` says where, the words say what is to be mended."""

    def __init__(self, words: Words, *, place: str) -> None:
        super().__init__(f"{place}: {words}")
        self.words = words
        self.place = place


def write(message: Message) -> bytes:
    """The file of a message, UTF-8; raises UnwritableError where it breaks a rule."""
    root = etree.Element(f"{{{QCVN}}}edXML", nsmap={None: QCVN})
    envelope = etree.SubElement(root, f"{{{QCVN}}}edXMLEnvelope", nsmap={"edXML": QCVN})
    head = under(envelope, "edXMLHeader")
    written(under(head, "MessageHeader"), message.header, "MessageHeader")
    if isinstance(message, Document):
        try:
            demand_of(message)
            for position, attachment in enumerate(message.attachments, 1):
                refuse_name(attachment.name, f"Attachment[{position}]")
        except UnreadableError as error:
            raise UnwritableError(error.words, place=error.place) from error
        written(under(head, "TraceHeaderList"), message.traces, "TraceHeaderList")
        attach(root, envelope, message.attachments)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def under(element: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(element, f"{{{QCVN}}}{name}")


def written(element: etree._Element, holder: Any, place: str) -> None:
    """Write all elements of a part that say something, in the order they are declared."""
    for name, shape in elements(type(holder)):
        held = getattr(holder, name)
        ones = held if shape.many else () if held is None or held == "" else (held,)
        if not ones:
            continue
        into = under(element, shape.within) if shape.within else element
        for one in ones:
            here = f"{place}/{shape.name}"
            if shape.part:
                written(under(into, shape.name), one, here)
            else:
                under(into, shape.name).text = as_text(one, shape, here)


def as_text(value: Any, shape: Element, place: str) -> str:
    """A value as it stands in the file; raises UnwritableError if it is longer than the rules allow or has forbidden letters."""
    words: str = FORMS[shape.kind](value)
    if shape.longest and len(words) > shape.longest:
        raise UnwritableError(
            _("This is longer than %(longest)s characters.") % {"longest": shape.longest}, place=place
        )
    if words != words.strip() or any(
        (ord(letter) < 32 and letter not in "\t\n") or letter in "\ufffe\uffff" for letter in words
    ):
        raise UnwritableError(
            _("This begins or ends with a blank, or has signs that cannot be sent."), place=place
        )
    return words


def day_as_text(value: date) -> str:
    return f"{value:%Y/%m/%d}" if value.year > 999 else f"{value.year:04}/{value:%m/%d}"


def moment_as_text(value: datetime) -> str:
    local = value.astimezone(ZoneInfo(settings.TIME_ZONE))
    return f"{day_as_text(local)} {local:%H:%M:%S}"


FORMS: dict[Kind, Any] = {
    Kind.TEXT: str,
    Kind.NUMBER: str,
    Kind.FLAG: lambda value: "1" if value else "0",
    Kind.DAY: day_as_text,
    Kind.MOMENT: moment_as_text,
}


def attach(root: etree._Element, envelope: etree._Element, attachments: tuple[Attachment, ...]) -> None:
    """Name the files in the body, and lay them beside the envelope."""
    manifest = under(under(envelope, "edXMLBody"), "edXMLManifest")
    manifest.set("version", "1.0")
    encoded = under(root, "AttachmentEncoded") if attachments else None
    for attachment in attachments:
        kind, content = packed(attachment)
        reference = under(manifest, "Reference")
        for name, words in (
            ("ContentId", f"cid:{attachment.content_id}"),
            ("ContentType", kind),
            ("Description", attachment.description),
            ("AttachmentName", attachment.name),
        ):
            under(reference, name).text = words
        if encoded is None:
            continue
        one = under(encoded, "Attachment")
        for name, words in (
            ("ContentId", f"cid:{attachment.content_id}"),
            ("AttachmentName", attachment.name),
            ("Description", attachment.description),
            ("ContentType", kind),
            ("ContentTransferEncoded", content),
        ):
            under(one, name).text = words
