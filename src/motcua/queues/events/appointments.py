"""What happened to appointments, where people book them and at the agency; no event names the person."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BookingAsked:
    """Someone asked an agency for a time, for the first time or instead of another."""

    agency: str
    procedure: str
    begins_at: str


@dataclass(frozen=True)
class BookingCancelled:
    """Someone gave their appointment up."""

    agency: str
    begins_at: str


@dataclass(frozen=True)
class BookingLearned:
    """The agency has said what became of an appointment; `wanted_at` is the time asked for and not given."""

    agency: str
    state: str
    begins_at: str
    wanted_at: str


@dataclass(frozen=True)
class OfferSet:
    """An agency has said whether and how its one-stop desk takes appointments."""

    agency: str
    is_open: bool
    minutes: int
    persons: int
    days_ahead: int


@dataclass(frozen=True)
class PlaceHeld:
    """The one-stop desk holds a time for a person."""

    agency: str
    procedure: str
    begins_at: str


@dataclass(frozen=True)
class PlaceMoved:
    """The one-stop desk holds another time for a person than before."""

    agency: str
    procedure: str
    begins_at: str


@dataclass(frozen=True)
class PlaceDeclined:
    """A time could not be given; the person may choose another."""

    agency: str
    procedure: str
    begins_at: str


@dataclass(frozen=True)
class PlaceFreed:
    """A person gave a time back."""

    agency: str
    begins_at: str


@dataclass(frozen=True)
class PlaceLost:
    """A time that was held can no longer be kept: the calendar changed, or the agency ended."""

    agency: str
    begins_at: str


@dataclass(frozen=True)
class PlaceTaken:
    """Whoever had an appointment has come."""

    agency: str
    begins_at: str


@dataclass(frozen=True)
class PlaceUnused:
    """The day is over, and whoever had an appointment did not come."""

    agency: str
    begins_at: str
