"""What holds where and when: working days, promised days, local values, drafts of procedures, the nine indicators."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from motcua.api.shapes.parts import (
    AgencyCode,
    Asked,
    Day,
    Given,
    Id,
    Instant,
    Limit,
    ProcedureCode,
    Shown,
    Somewhere,
)


class Days(Asked):
    """From the first to the last day, at most 366; without them, from today on a month."""

    first: Day | None = None
    last: Day | None = None


class WorkingDay(Shown):
    date: date
    works: bool
    hours: str


class WorkingDays(Shown):
    agency: str
    items: list[WorkingDay]


class Promise(Asked):
    """What is received when, by which way; now without a moment."""

    procedure: ProcedureCode
    case: Id | None = None
    channel: Literal["direct", "online", "post"] = "direct"
    received_at: Instant | None = None


class Promised(Shown):
    agency: str
    procedure: str
    case: str | None
    received_at: datetime
    begins_at: datetime
    due_at: datetime


class Overlays(Asked):
    under: AgencyCode | None = None
    procedure: ProcedureCode | None = None
    after: UUID | None = None
    limit: Limit = 50


class Overlay(Shown):
    id: UUID
    procedure: str
    agency: str
    key: str
    case: str
    channel: str
    step: str
    value: Any
    decision: str
    effective_from: date
    effective_until: date | None


class OverlayPage(Shown):
    items: list[Overlay]
    next: str | None


class Drafts(Asked):
    state: Literal["draft", "proposed", "approved", "discarded"] | None = None
    after: UUID | None = None
    limit: Limit = 50


class DraftLine(Shown):
    id: UUID
    code: str
    owner: str
    state: str
    author: str
    begun_at: datetime
    proposed_at: datetime | None
    approved_at: datetime | None


class DraftPage(Shown):
    items: list[DraftLine]
    next: str | None


class Draft(DraftLine):
    content: dict[str, Any]
    reason: str


class NewDraft(Given):
    """A procedure as its file says it, in JSON; docs/guide/operator.md names its parts."""

    definition: Annotated[dict[str, Any], Field(max_length=40)]


class OfPeriod(Somewhere):
    """A year, or a quarter of it."""

    period: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}(-[1-4])?$")] | None = None


class Score(Shown):
    number: int
    name: str
    points: float | None
    counted: int


class Nine(Shown):
    agency: str
    period: str
    first: date
    last: date
    scores: list[Score]
    total: float
    most: int
    class_: str = Field(alias="class")
    counted: int
