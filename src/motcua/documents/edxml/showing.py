"""A message as a person reads it: each thing it says on a line, with what is called by which words in an office."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.documents.edxml.message import Document, Purpose, State
from motcua.documents.edxml.reading import Reading
from motcua.documents.edxml.shape import Element, elements
from motcua.documents.edxml.signatures import Standing

LABELS: dict[str, Promise] = {
    "From": _("Sender"),
    "To": _("Receiver"),
    "DocumentId": _("Identifier"),
    "Code": _("Number and notation"),
    "CodeNumber": _("Number of the document"),
    "CodeNotation": _("Notation"),
    "PromulgationInfo": _("Promulgation"),
    "Place": _("Place of issue"),
    "PromulgationDate": _("Issued on"),
    "DocumentType": _("Kind of document"),
    "Type": _("Group"),
    "TypeDetail": _("Subgroup"),
    "TypeName": _("Kind"),
    "Subject": _("Subject of the document"),
    "Content": _("Summary"),
    "SignerInfo": _("Signed by"),
    "Competence": _("By power of"),
    "Position": _("Position"),
    "FullName": _("Name"),
    "DueDate": _("To be answered by"),
    "OtherInfo": _("Particulars"),
    "Priority": _("Urgency"),
    "SphereOfPromulgation": _("For whom it is meant"),
    "TyperNotation": _("Typist"),
    "PromulgationAmount": _("Number of copies"),
    "PageAmount": _("Number of pages"),
    "Direction": _("Steering"),
    "Appendixes": _("Appendix"),
    "ResponseFor": _("Refers to"),
    "SteeringType": _("Kind of steering"),
    "OrganId": _("Code of the agency"),
    "OrganizationInCharge": _("Superior agency"),
    "OrganName": _("Agency"),
    "OrganAdd": _("Address"),
    "Email": _("E-mail"),
    "Telephone": _("Telephone"),
    "Fax": _("Fax"),
    "Website": _("Website"),
    "TraceHeader": _("Went through"),
    "Timestamp": _("At"),
    "Bussiness": _("Business of the document"),
    "BussinessDocType": _("Kind of business"),
    "BussinessDocReason": _("Reason"),
    "Paper": _("Paper follows"),
    "BussinessDocumentInfo": _("What is updated"),
    "DocumentInfo": _("Content changes"),
    "DocumentReceiver": _("Receivers change"),
    "ReceiverType": _("Taken away (0) or added (1)"),
    "ReceiverList": _("Receiver changed"),
    "OrganIdList": _("For the agency"),
    "ToPlaces": _("Place it goes to"),
    "ReplacementInfoList": _("Replaces"),
    "StaffInfo": _("Person to ask"),
    "Department": _("Department"),
    "DepartmentId": _("Code of the department"),
    "Staff": _("Name of the officer"),
    "StaffId": _("Code of the officer"),
    "Mobile": _("Mobile telephone"),
    "StatusCode": _("Code of the state"),
    "Description": _("In words"),
}


def lines(reading: Reading) -> Iterator[str]:
    """What a message says, its files, its signature, and last every warning."""
    message = reading.message
    if isinstance(message, Document):
        yield gettext("Document: %(purpose)s") % {"purpose": message.purpose.words}
        yield from said(message.header, "  ")
        yield from said(message.traces, "  ")
        for file in message.attachments:
            yield gettext("  File: %(name)s, %(size)s bytes") % {"name": file.name, "size": len(file.content)}
    else:
        yield gettext("State of a document: %(code)s, %(words)s") % {
            "code": message.state.value,
            "words": message.state.words,
        }
        yield from said(message.header, "  ")
    yield signature(reading)
    for warned in reading.warnings:
        yield gettext("Warning: %(warning)s") % {"warning": warned}


def said(part: Any, indent: str) -> Iterator[str]:
    """The lines of a part: what says nothing has none."""
    for name, shape in elements(type(part)):
        held = getattr(part, name)
        for one in held if shape.many else (() if held is None or held == "" else (held,)):
            label = LABELS[shape.within or shape.name]
            if shape.part:
                yield f"{indent}{label}"
                yield from said(one, indent + "  ")
            else:
                yield f"{indent}{label}: {plain(one, shape)}"


def plain(value: Any, shape: Element) -> str:
    """A value in words."""
    match value:
        case bool():
            return gettext("yes") if value else gettext("no")
        case datetime():
            return f"{value:%H:%M:%S %d/%m/%Y}"
        case date():
            return f"{value:%d/%m/%Y}"
    if shape.name == "StatusCode":
        return f"{value} ({State(value).words})"
    if shape.name == "BussinessDocType":
        return f"{value} ({Purpose(value).words})"
    return str(value)


def signature(reading: Reading) -> str:
    """What can be said of the signature."""
    match reading.signed.standing:
        case Standing.HOLDS:
            return gettext(
                "Signature: holds, by %(who)s. Whether its certificate is recognised is not checked here."
            ) % {"who": reading.signed.who}
        case Standing.UNVERIFIABLE:
            return gettext("Signature: cannot be checked.")
        case _:
            return gettext("Signature: none.")
