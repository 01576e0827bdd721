"""Files, tracking, numbers and subscriptions as machines see them."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from motcua.api.kinds import NAMES
from motcua.api.shapes.parts import Given, Shown, Somewhere

Kind = Literal[NAMES]  # type: ignore[valid-type]


class KeptFile(Shown):
    digest: str
    media: str
    size: int
    pages: int


class Passage(Shown):
    state: int
    step: str
    at: datetime


class Tracked(Shown):
    code: str
    procedure: str
    agency: str
    channel: int
    state: int
    state_name: str
    due_at: datetime | None
    changed_at: datetime
    passages: list[Passage]


class Span(Somewhere):
    days: Literal["7", "30", "90"] = "30"


class Numbers(Shown):
    agency: str
    first: date
    last: date
    filed: int
    filed_online: int
    finished: int
    finished_on_time: int
    overdue: int
    on_time_percent: float | None
    by_state: dict[str, int]
    counted_at: datetime | None


class NewSubscription(Given):
    url: Annotated[str, StringConstraints(min_length=8, max_length=500, pattern=r"^https?://[!-~]+$")]
    kinds: Annotated[list[Kind], Field(min_length=1, max_length=30)]


class Nothing(Given):
    """An empty object: there is nothing more to say."""


class Subscription(Shown):
    id: UUID
    url: str
    kinds: list[str]
    created_at: datetime
    failures: int
    is_disabled: bool
    waiting: int


class NewlyMade(Subscription):
    """With the secret that signs what is sent; it is shown here only."""

    secret: str


class Subscriptions(Shown):
    items: list[Subscription]
