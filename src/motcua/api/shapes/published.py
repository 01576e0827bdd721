"""What is published anyway, as machines are given it: what is overdue, how people found it, the report of a quarter."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from motcua.api.shapes.parts import AgencyCode, Asked, Limit, Shown


class OverdueAsked(Asked):
    """The country, or an agency with those below it."""

    under: AgencyCode | None = None
    after: UUID | None = None
    limit: Limit = 50


class Late(Shown):
    code: str
    procedure: str
    agency: str
    due_at: datetime


class Overdue(Shown):
    items: list[Late]
    next: str | None


class RatingsAsked(Asked):
    under: AgencyCode | None = None
    days: Literal["7", "30", "90"] = "30"


class Rated(Shown):
    """How many answered, the percentage of them satisfied over all, and the means of the answers, from 1 to 3."""

    code: str
    name: str
    ratings: int
    satisfied_percent: float
    overall: float
    convenience: float
    timeliness: float
    attitude: float


class Ratings(Shown):
    """The least liked first; nothing of what fewer than `fewest` answered about."""

    fewest: int
    agencies: list[Rated]
    procedures: list[Rated]


class ReportAsked(Asked):
    """A quarter, the running one without; `by` says what a line is."""

    quarter: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-[1-4]$")] | None = None
    under: AgencyCode | None = None
    by: Literal["agency", "procedure"] = "agency"


class Columns(Shown):
    """The form's columns 3 to 13."""

    received: int
    online: int
    direct: int
    before: int
    finished: int
    early: int
    on_day: int
    late: int
    pending: int
    in_time: int
    overdue: int


class ReportLine(Columns):
    code: str
    name: str


class Report(Shown):
    """`under` is the province or ministry that was reported on; null for the country."""

    quarter: str
    under: str | None
    lines: list[ReportLine]
    total: Columns
