"""Dossiers as machines bring them in, move them, and are given them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from motcua.api.shapes.parts import (
    AgencyCode,
    Amount,
    Day,
    Digest,
    Given,
    Here,
    Id,
    Limit,
    LongText,
    Name,
    PersonalNumber,
    ProcedureCode,
    Reason,
    Shown,
    Somewhere,
    StateCode,
    Text,
    Whole,
    without_fraction,
)

Answer = LongText | bool | Whole | None
Copy = Literal["original", "certified", "copy", "electronic"]


class Dossiers(Somewhere):
    state: StateCode | None = None
    procedure: ProcedureCode | None = None
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9.-]+$", max_length=60)] | None = None
    arrived_from: Day | None = None
    arrived_until: Day | None = None
    after: UUID | None = None
    limit: Limit = 50


class Applicant(Given):
    name: Name
    number: PersonalNumber


class Contact(Given):
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+ ().-]*$", max_length=20)] = ""
    email: Annotated[str, StringConstraints(max_length=254, pattern=r"^$|^[!-?A-~]+@[!-?A-~]+$")] = ""
    address: Text = ""


class GivenPaper(Given):
    """A paper that came with the dossier; without a digest it lies in the file on paper only."""

    paper: Id
    copy_: Copy = Field(alias="copy", default="electronic")
    digest: Digest | None = None
    name: Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\u0000-\u001F/\\]*$")] = ""


class NewDossier(Here):
    """A dossier somebody brings: as a partner's system or the post hands it in. A procedure without cases is filed without."""

    procedure: ProcedureCode
    case: Id | None = None
    way: Literal["self", "proxy", "post", "service"] = "self"
    applicant: Applicant
    contact: Contact = Contact()
    brought_by: Name | None = None
    answers: Annotated[dict[Id, Answer], Field(max_length=300)] = {}
    papers: Annotated[list[GivenPaper], Field(max_length=100)] = []


class Because(Given):
    reason: Reason


class Missing(Because):
    """What is missing, and how many days there are to add it; thirty where none are named."""

    days: int | None = None


class Nothing(Given):
    """An empty object: there is nothing more to say."""


class Supplement(Given):
    note: LongText = ""
    papers: Annotated[list[GivenPaper], Field(max_length=100)] = []


class Found(Given):
    step: Id
    note: Reason


class Opinion(Given):
    opinion: Reason


class StepNamed(Given):
    step: Id


class Cash(Given):
    amount: Amount


class Receiver(Given):
    to: Text = ""


class Belongs(Given):
    """The agency it belongs to."""

    to: AgencyCode


class Decided(Given):
    """What was given, such as “5 certified copies”."""

    result: Reason


class Colleague(Given):
    """One of the agency's officers (GET /officers), and why they."""

    to: Annotated[UUID, Field(strict=False)]
    reason: Reason


class Consulted(Given):
    """Whom to ask what, with which of the dossier's papers (their digests), to be answered within so many working days."""

    agencies: Annotated[list[AgencyCode], Field(min_length=1, max_length=10)]
    question: Reason
    papers: Annotated[list[Digest], Field(max_length=100)] = []
    days: Annotated[int, Field(ge=1, le=60), BeforeValidator(without_fraction)]
    one_is_enough: bool = False


class Added(Given):
    """Papers that came later."""

    papers: Annotated[list[GivenPaper], Field(min_length=1, max_length=20)]


class DossierLine(Shown):
    id: UUID
    code: str | None
    procedure: str
    case: str
    agency: str
    channel: int
    state: int
    state_name: str
    applicant_name: str
    sent_at: datetime
    arrived_at: datetime
    # By when the desk receives it or says why not, as long as it has not been.
    receive_by: datetime | None
    # By when a supplement is to be here, as long as it is waited for.
    answer_by: datetime | None
    accepted_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None


class DossierPage(Shown):
    items: list[DossierLine]
    next: str | None


class Step(Shown):
    key: str
    kind: str
    agency: str
    state: str
    started_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    trouble: str


class FiledPaper(Shown):
    paper: str
    name: str
    media: str
    size: int
    digest: str
    copy_: str = Field(alias="copy")


class IssuedDocument(Shown):
    id: UUID
    kind: str
    title: str
    number: str
    state: str
    code: str
    check_url: str
    media: str
    digest: str


class FeeState(Shown):
    state: str
    code: str
    amount: int
    open: int
    page: str


class Moment(Shown):
    at: datetime
    event: str
    words: str
    by: str


class InternalNote(Shown):
    text: str
    author: str
    added_at: datetime


class Inquiry(Shown):
    """What another agency was asked, and what it said."""

    agency: str
    agency_name: str
    question: str
    state: str
    due_at: datetime
    verdict: str
    answer: str
    answered_at: datetime | None


class Dossier(DossierLine):
    applicant_number: str
    contact: dict[str, str]
    answers: dict[str, Answer]
    reason: str
    opinion: str
    steps: list[Step]
    papers: list[FiledPaper]
    documents: list[IssuedDocument]
    fee: FeeState | None
    assigned_to: UUID | None
    notes: list[InternalNote]
    opinions: list[Inquiry]
    timeline: list[Moment]
    can: list[str]
