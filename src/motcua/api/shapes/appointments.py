"""Free times of a desk and the appointments a machine booked there."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from motcua.api.shapes.dossiers import Applicant
from motcua.api.shapes.parts import Day, Given, Here, Instant, Limit, ProcedureCode, Shown, Somewhere

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


class NewAppointment(Here):
    """For whom, for what and when; `begins_at` is one of the free times."""

    person: Applicant
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
