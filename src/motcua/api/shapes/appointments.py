"""Free times of a desk and the appointments a machine booked there."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from motcua.api.shapes.dossiers import Applicant
from motcua.api.shapes.parts import (
    Day,
    Given,
    Here,
    Instant,
    Limit,
    Name,
    ProcedureCode,
    Shown,
    Somewhere,
    Text,
)

State = Literal["booked", "come", "unused", "cancelled", "lost"]


class Days(Somewhere):
    """Times of this day only."""

    day: Day | None = None


class FreeTime(Shown):
    begins_at: datetime
    ends_at: datetime
    free: int


class FreeTimes(Shown):
    """Whether the desk takes appointments at all, and every time that still takes somebody."""

    agency: str
    is_open: bool
    times: list[FreeTime]


class Appointments(Somewhere):
    state: State | None = None
    after: UUID | None = None
    limit: Limit = 50


class Whose(Given):
    """A person by the personal number, or a business by its code."""

    name: Name
    number: Annotated[str, StringConstraints(pattern=r"^([0-9]{12}|[0-9]{10}(-[0-9]{3})?)$")]


class Comes(Applicant):
    """Who comes in their stead, and by what right: “director”, or the number of a mandate."""

    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+ ().-]*$", max_length=20)] = ""
    authority: Text = ""


class NewAppointment(Here):
    """For whom, for what and when; `begins_at` is one of the free times. For a business somebody `comes`."""

    person: Whose
    comes: Comes | None = None
    procedure: ProcedureCode
    begins_at: Instant


class Moved(Given):
    """Another of the free times."""

    begins_at: Instant


class Appointment(Shown):
    """`code` is typed or scanned at the ticket machine by the door."""

    id: UUID
    agency: str
    procedure: str
    person_name: str
    state: State
    begins_at: datetime
    ends_at: datetime
    code: str
    booked_at: datetime
    came_at: datetime | None


class AppointmentPage(Shown):
    items: list[Appointment]
    next: str | None
