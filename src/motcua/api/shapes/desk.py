"""What else lies at a desk: questions of other agencies, post, officers, petitions, claims, tickets."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from motcua.api.shapes.parts import (
    Digest,
    Given,
    Here,
    Limit,
    PersonalNumber,
    ProcedureCode,
    Reason,
    Serial,
    Shown,
    Somewhere,
)

Counter = Annotated[str, StringConstraints(min_length=1, max_length=10, pattern=r"^[0-9A-Za-z]+$")]
Letter = Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
Waybill = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z]+$")]
MandateNumber = Annotated[str, StringConstraints(pattern=r"^[A-ZĐ]{2}-[0-9]{4}-[0-9]{6}$")]


class Post(Shown):
    role: str
    title: str


class Officer(Shown):
    id: UUID
    name: str
    posts: list[Post]


class Officers(Shown):
    items: list[Officer]


class Questions(Somewhere):
    state: Literal["waiting", "given"] | None = None
    after: UUID | None = None
    limit: Limit = 50


class QuestionLine(Shown):
    id: UUID
    agency: str
    asker: str
    asker_name: str
    name: str
    reference: str
    state: str
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None


class QuestionPage(Shown):
    items: list[QuestionLine]
    next: str | None


class EnclosedPaper(Shown):
    name: str
    media: str
    size: int
    digest: str


class Question(QuestionLine):
    question: str
    silence_agrees: bool
    papers: list[EnclosedPaper]
    verdict: str
    answer: str
    answered_by: str


class OpinionGiven(Given):
    """The agency's opinion; `digest` names its signed letter, brought in before."""

    verdict: Literal["agrees", "conditionally", "disagrees"]
    answer: Reason
    digest: Digest | None = None
    name: Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\u0000-\u001F/\\]*$")] = ""


class Postings(Somewhere):
    state: Literal["waiting", "sent"] | None = None
    after: Serial | None = None
    limit: Limit = 50


class Posting(Shown):
    id: int
    agency: str
    dossier: UUID
    code: str | None
    state: str
    name: str
    phone: str
    address: list[str]
    postage: int
    waybill: str
    made_at: datetime
    sent_at: datetime | None


class PostingPage(Shown):
    items: list[Posting]
    next: str | None


class Consigned(Given):
    waybill: Waybill


class Petitions(Somewhere):
    state: Literal["waiting", "answered"] | None = None
    after: UUID | None = None
    limit: Limit = 50


class PetitionLine(Shown):
    id: UUID
    agency: str
    kind: str
    state: str
    dossier: UUID | None
    arrived_at: datetime
    due_at: datetime
    answered_at: datetime | None


class PetitionPage(Shown):
    items: list[PetitionLine]
    next: str | None


class Petition(PetitionLine):
    asker_name: str
    asker_number: str
    about: dict[str, Any]
    text: str
    answer: str
    answered_by: str


class Reply(Given):
    answer: Reason


class Claims(Somewhere):
    after: UUID | None = None
    limit: Limit = 50


class Claim(Shown):
    id: UUID
    agency: str
    number: str
    kind: str
    principal_name: str
    agent_name: str
    arrived_at: datetime


class ClaimPage(Shown):
    items: list[Claim]
    next: str | None


class Held(Here):
    """A mandate somebody shows: its number, the personal number of who shows it, and for which procedure."""

    number: MandateNumber
    agent_number: PersonalNumber
    procedure: ProcedureCode | None = None


class Standing(Shown):
    """Whether it holds for this agent today, and why not; who gave it is not told."""

    number: str
    holds: bool
    why_not: str
    kind: str | None
    valid_until: date | None
    procedures: list[str]
    fields: list[str]


class Queue(Shown):
    letter: str
    name: str
    waiting: int


class Queues(Shown):
    items: list[Queue]


class Tickets(Somewhere):
    state: Literal["waiting", "called", "served", "gone"] | None = None
    after: Serial | None = None
    limit: Limit = 100


class Ticket(Shown):
    number: int
    label: str
    queue: str
    state: str
    counter: str
    drawn_at: datetime
    called_at: datetime | None
    ended_at: datetime | None


class TicketPage(Shown):
    items: list[Ticket]
    next: str | None


class Drawn(Here):
    queue: Letter


class Called(Here):
    counter: Counter
    letters: Annotated[list[Letter], Field(max_length=26)] = []


class Next(Shown):
    """The ticket that was called; none if nobody waits."""

    ticket: Ticket | None
