"""Papers: what each official form says, as typed values; `press` turns them into PDF."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from motcua.documents.answer import RegisterAnswer
    from motcua.documents.declaration import Declaration
    from motcua.documents.dispatch import Dispatch
    from motcua.documents.folder import FolderContents
    from motcua.documents.postal import PostSlips

from motcua.documents.lines import IndicatorLine, OfficerLine


@dataclass(frozen=True)
class Office:
    """Who issues: the body above (may be empty), the agency, its desk (may be empty), the place for the date."""

    agency: str
    above: str = ""
    desk: str = ""
    place: str = ""


@dataclass(frozen=True)
class Applicant:
    name: str
    number: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    proxy: str = ""


@dataclass(frozen=True)
class Dossier:
    code: str
    subject: str


@dataclass(frozen=True)
class Check:
    """Where the holder checks the paper or follows the dossier: the address in the QR code, and as read aloud."""

    url: str
    shown: str
    code: str = ""


@dataclass(frozen=True)
class Receipt:
    """Form 01: the dossier is received and its result is due on a day."""

    template: ClassVar[str] = "receipt"
    office: Office
    number: str
    on: date
    dossier: Dossier
    applicant: Applicant
    papers: tuple[str, ...]
    term: str
    received: datetime
    due: datetime | None
    collect: str
    officer: str
    check: Check
    proxy: str = ""
    copies: str = "01"
    register: str = ""
    # What is still to be paid with the code of the payment, where, and what the QR code for paying says.
    fee: str = ""
    pay: str = ""
    pay_code: str = ""
    # Where whoever filed at the counter adds, withdraws, complains and rates; empty for who follows the dossier online.
    own: str = ""
    # What they are asked for there; it stands on this paper alone.
    word: str = ""


@dataclass(frozen=True)
class SupplementRequest:
    """Form 02: everything the dossier still lacks, said once."""

    template: ClassVar[str] = "supplement"
    office: Office
    number: str
    on: date
    dossier: Dossier
    applicant: Applicant
    wanted: tuple[str, ...]
    reason: str
    contact: str
    officer: str
    check: Check
    phone: str = ""
    until: date | None = None
    word: str = ""


@dataclass(frozen=True)
class Refusal:
    """Form 03: the dossier is not taken in, for these reasons."""

    template: ClassVar[str] = "refusal"
    office: Office
    number: str
    on: date
    dossier: Dossier
    applicant: Applicant
    reasons: tuple[str, ...]
    officer: str
    check: Check
    advice: str = ""


@dataclass(frozen=True)
class Signatory:
    """Who signs: the title as printed ("CHỦ TỊCH", "KT. CHỦ TỊCH …") and the name."""

    title: str
    name: str


@dataclass(frozen=True)
class Apology:
    """Form 04: the date promised cannot be kept, for these reasons; the one new date."""

    template: ClassVar[str] = "apology"
    office: Office
    number: str
    on: date
    dossier: Dossier
    applicant: Applicant
    received: datetime
    promised: datetime
    reasons: tuple[str, ...]
    due: datetime
    signer: Signatory
    check: Check


@dataclass(frozen=True)
class StopNotice:
    """Form 05: work on the dossier has ended without a result, for these reasons."""

    template: ClassVar[str] = "stop"
    office: Office
    number: str
    on: date
    dossier: Dossier
    applicant: Applicant
    received: date | None
    reasons: tuple[str, ...]
    officer: str
    check: Check


@dataclass(frozen=True)
class RegisterLine:
    """One line of the register: what circular 03/2025 wants known of a dossier; days as they are written."""

    place: str
    code: str
    procedure: str
    applicant: str
    contact: str
    handled_by: str
    received: str
    due: str
    returned: str
    collect: str


@dataclass(frozen=True)
class Register:
    """Form 07: the dossiers an agency received from one day to another."""

    template: ClassVar[str] = "register"
    office: Office
    number: str
    on: date
    since: date
    until: date
    lines: tuple[RegisterLine, ...]
    officer: str
    check: Check


@dataclass(frozen=True)
class HandOver:
    """One line of the control slip: who gave, who took, when, with what result, and what the step was."""

    giver: str
    taker: str
    at: datetime
    result: str
    note: str


@dataclass(frozen=True)
class ControlSlip:
    """Form 06 (05 before 2025): through whose hands the dossier went."""

    template: ClassVar[str] = "control"
    office: Office
    number: str
    on: date
    dossier: Dossier
    partners: tuple[str, ...]
    received: datetime | None
    due: datetime | None
    hand_overs: tuple[HandOver, ...]
    check: Check


@dataclass(frozen=True)
class Child:
    name: str
    born: date
    sex: str
    ethnicity: str
    nationality: str
    birthplace: str
    origin: str
    number: str


@dataclass(frozen=True)
class Parent:
    """A parent as the register knows them; all empty when not declared (the certificate keeps the dotted line)."""

    name: str = ""
    born: str = ""
    ethnicity: str = ""
    nationality: str = ""
    residence: str = ""


@dataclass(frozen=True)
class Declarant:
    name: str
    identification: str = ""


@dataclass(frozen=True)
class BirthCertificate:
    """Giấy khai sinh: the first paper of a life; `on` is the day of registration."""

    template: ClassVar[str] = "birth"
    office: Office
    number: str
    book: str
    on: date
    child: Child
    declarant: Declarant
    registered_at: str
    signer: Signatory
    check: Check
    mother: Parent = field(default_factory=Parent)
    father: Parent = field(default_factory=Parent)


@dataclass(frozen=True)
class Certificate:
    """The result of a procedure that has no form of its own; `facts` are label and value as declared."""

    template: ClassVar[str] = "certificate"
    office: Office
    number: str
    on: date
    name: str
    dossier: Dossier
    applicant: Applicant
    facts: tuple[tuple[str, str], ...]
    basis: tuple[str, ...]
    signer: Signatory
    check: Check
    # As an officer drafted it: what is granted (else the subject), on which terms, and who initialled the draft.
    granted: str = ""
    terms: tuple[str, ...] = ()
    initials: str = ""


@dataclass(frozen=True)
class Scan:
    """A file of the original, beside the paper when it is set, and how many pages it has."""

    name: str
    pages: int


@dataclass(frozen=True)
class CertifiedCopy:
    """Electronic copy certified against its original; `number` and `book` as the book of certifications has them."""

    template: ClassVar[str] = "certified"
    office: Office
    number: str
    book: str
    on: date
    original: str
    issuer: str
    applicant: Applicant
    scans: tuple[Scan, ...]
    signer: Signatory
    check: Check
    compared: str = ""


@dataclass(frozen=True)
class BirthExtract:
    """Copy of a birth certificate, as the civil-status database has it (decree 87/2020)."""

    template: ClassVar[str] = "extract"
    office: Office
    number: str
    on: date
    child: Child
    registered_on: date
    certificate: str
    signer: Signatory
    check: Check
    mother: Parent = field(default_factory=Parent)
    father: Parent = field(default_factory=Parent)


@dataclass(frozen=True)
class FeeReceipt:
    """Electronic receipt for fees and charges: who paid how much for what, and how (decree 123/2020)."""

    template: ClassVar[str] = "fee"
    office: Office
    number: str
    on: date
    dossier: Dossier
    applicant: Applicant
    what: str
    amount: str
    in_words: str
    way: str
    reference: str
    paid: datetime
    officer: str
    check: Check


@dataclass(frozen=True)
class Indicators:
    """The nine indicators of an agency over a period (circular 01/2018/TT-VPCP), as the page shows them."""

    template: ClassVar[str] = "indicators"
    office: Office
    on: date
    period: str
    counted: str
    most: str
    total: str
    classed: str
    lines: tuple[IndicatorLine, ...]
    columns: tuple[str, ...]
    officers: tuple[OfficerLine, ...]
    check: Check
    number: str = ""


type Paper = (
    Receipt
    | SupplementRequest
    | Refusal
    | StopNotice
    | Register
    | Apology
    | PostSlips
    | ControlSlip
    | BirthCertificate
    | Certificate
    | CertifiedCopy
    | BirthExtract
    | FeeReceipt
    | Indicators
    | Declaration
    | RegisterAnswer
    | Dispatch
    | FolderContents
)
