"""What an edXML message says: a document on its way, or the state of one at whoever has it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.documents.edxml.shape import day, flag, moment, number, part, parts, text, texts

# How long texts may be: Decree 30/2020, annex VI; an agency's code: QCVN 102, amendment 1:2022. Others have no limit.


class State(StrEnum):
    """Where a document stands at a receiver (13: what its sender asks for), as the national axis knows it."""

    ARRIVED = "01"
    REFUSED = "02"
    REGISTERED = "03"
    ASSIGNED = "04"
    IN_PROGRESS = "05"
    DONE = "06"
    RECALL_ASKED = "13"
    CHANGE_AGREED = "15"
    CHANGE_REFUSED = "16"

    @property
    def words(self) -> Promise:
        """The state as an officer reads it."""
        return STATES[self]


STATES: dict[State, Promise] = {
    State.ARRIVED: _("arrived, not yet looked at by the clerk"),
    State.REFUSED: _("refused by the receiver"),
    State.REGISTERED: _("entered in the register of incoming documents"),
    State.ASSIGNED: _("assigned by the leader"),
    State.IN_PROGRESS: _("being worked on"),
    State.DONE: _("work completed"),
    State.RECALL_ASKED: _("asked back by the sender"),
    State.CHANGE_AGREED: _("recall or update agreed to"),
    State.CHANGE_REFUSED: _("recall or update refused"),
}


class Purpose(IntEnum):
    """What a document does to one that was sent before (BussinessDocType)."""

    NEW = 0
    RECALL = 1
    UPDATE = 2
    REPLACEMENT = 3

    @property
    def words(self) -> Promise:
        """The purpose as an officer reads it."""
        return PURPOSES[self]


PURPOSES: dict[Purpose, Promise] = {
    Purpose.NEW: _("new document"),
    Purpose.RECALL: _("recall"),
    Purpose.UPDATE: _("update"),
    Purpose.REPLACEMENT: _("replacement"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Organ:
    """An agency as sender or receiver."""

    organ_id: str = text("OrganId", 35)
    in_charge: str = text("OrganizationInCharge")
    name: str = text("OrganName", 200)
    address: str = text("OrganAdd")
    email: str = text("Email")
    telephone: str = text("Telephone")
    fax: str = text("Fax")
    website: str = text("Website")


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """The document's own number and notation: 7816 and VPCP-TTĐT."""

    number: str = text("CodeNumber", 11)
    notation: str = text("CodeNotation", 30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Promulgation:
    """Where and on which day it was issued."""

    place: str = text("Place")
    on: date | None = day("PromulgationDate")


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentType:
    """Legal document (1) or administrative (2), and which of them by name."""

    type: int | None = number("Type", 1)
    detail: int | None = number("TypeDetail", 2)
    name: str = text("TypeName", 100)


@dataclass(frozen=True, kw_only=True, slots=True)
class Signer:
    """Who signed, with what power (TL., KT.) and in which post."""

    competence: str = text("Competence")
    position: str = text("Position", 100)
    name: str = text("FullName", 50)


@dataclass(frozen=True, kw_only=True, slots=True)
class Particulars:
    """Urgency (0 none to 4 by a fixed hour), for whom it is meant, how many copies and pages, and what is appended."""

    priority: int | None = number("Priority", 1)
    sphere: str = text("SphereOfPromulgation")
    typist: str = text("TyperNotation")
    copies: int | None = number("PromulgationAmount", 3)
    pages: int | None = number("PageAmount", 3)
    direction: bool | None = flag("Direction")
    appendixes: tuple[str, ...] = texts("Appendixes", "Appendix")


@dataclass(frozen=True, kw_only=True, slots=True)
class ResponseFor:
    """The document this one answers or speaks of."""

    organ_id: str = text("OrganId", 35)
    code: str = text("Code")
    promulgated_on: date | None = day("PromulgationDate")
    document_id: str = text("DocumentId")


@dataclass(frozen=True, kw_only=True, slots=True)
class Staff:
    """Whom to ask."""

    department: str = text("Department")
    department_id: str = text("DepartmentId")
    name: str = text("Staff")
    staff_id: str = text("StaffId")
    email: str = text("Email")
    mobile: str = text("Mobile")


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """One hop: through whom it went, and when."""

    organ_id: str = text("OrganId", 35)
    at: datetime | None = moment("Timestamp")


@dataclass(frozen=True, kw_only=True, slots=True)
class Receiver:
    """A receiver taken away (0) or added (1) by an update."""

    organ_id: str = text("OrganId", 35)
    type: int | None = number("ReceiverType", 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Whether an update changes what the document says, or who receives it."""

    content: bool | None = flag("DocumentInfo")
    receivers: bool | None = flag("DocumentReceiver")
    list: tuple[Receiver, ...] = parts("Receiver", Receiver, within="ReceiverList")


@dataclass(frozen=True, kw_only=True, slots=True)
class Replaced:
    """A document that is replaced, for these receivers."""

    document_id: str = text("DocumentId")
    organ_ids: tuple[str, ...] = texts("OrganIdList", "OrganId", 35)


@dataclass(frozen=True, kw_only=True, slots=True)
class Business:
    """What the document does to one before it, and why."""

    document_id: str = text("DocumentId")
    purpose: int | None = number("BussinessDocType", 1)
    reason: str = text("BussinessDocReason")
    paper: bool | None = flag("Paper")
    change: Change | None = part("BussinessDocumentInfo", Change)
    replaced: tuple[Replaced, ...] = parts("ReplacementInfo", Replaced, within="ReplacementInfoList")
    staff: Staff | None = part("StaffInfo", Staff)


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """The head of a document: from whom, to whom, and all that is written of it in a register."""

    sender: Organ | None = part("From", Organ)
    receivers: tuple[Organ, ...] = parts("To", Organ)
    document_id: str = text("DocumentId")
    code: Code | None = part("Code", Code)
    promulgation: Promulgation | None = part("PromulgationInfo", Promulgation)
    type: DocumentType | None = part("DocumentType", DocumentType)
    subject: str = text("Subject", 500)
    content: str = text("Content")
    signer: Signer | None = part("SignerInfo", Signer)
    due_on: date | None = day("DueDate")
    particulars: Particulars | None = part("OtherInfo", Particulars)
    responses: tuple[ResponseFor, ...] = parts("ResponseFor", ResponseFor)
    steering: int | None = number("SteeringType", 1)
    places: tuple[str, ...] = texts("ToPlaces", "Place", 1000)


@dataclass(frozen=True, kw_only=True, slots=True)
class Traces:
    """The way a document took, and what it does to one before it."""

    hops: tuple[Trace, ...] = parts("TraceHeader", Trace)
    business: Business | None = part("Bussiness", Business)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file that travels with a document; `content` is the file itself, unpacked."""

    content_id: str
    name: str
    description: str = ""
    content: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A document on its way, with its files."""

    header: Header
    traces: Traces = Traces()
    attachments: tuple[Attachment, ...] = ()

    @property
    def purpose(self) -> Purpose:
        """What it does to one before it; where nothing is said, it is a new one."""
        business = self.traces.business
        return Purpose(business.purpose) if business and business.purpose is not None else Purpose.NEW


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusHeader:
    """The head of a state: who speaks, of which document, who is to be asked, which state, since when."""

    sender: Organ | None = part("From", Organ)
    response: ResponseFor | None = part("ResponseFor", ResponseFor)
    staff: Staff | None = part("StaffInfo", Staff)
    code: str = text("StatusCode", 2)
    description: str = text("Description", 500)
    at: datetime | None = moment("Timestamp")


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """The state of a document at an agency that has it."""

    header: StatusHeader

    @property
    def state(self) -> State:
        """Which of the states of the axis."""
        return State(self.header.code)


type Message = Document | Status
