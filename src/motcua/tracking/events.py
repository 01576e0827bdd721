"""What the country learned about its dossiers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StateTaken:
    """An agency told that a dossier came into a state.

    `was` is the state the mirror showed before, 0 if it knew nothing of the dossier; it equals `state` if the news does not
    change it: a new step in the same state, or something that happened before what is already known. `first` says that the
    dossier was never known to be in this state before. `forwarded` is `out` of a dossier that left for another agency, and `in`
    of the one it is there. `stood` is where it was counted as standing before: `was`, but 0 while it was away at another agency.
    Times are ISO 8601; `due_at` may be empty.
    """

    code: str
    procedure: str
    agency: str
    channel: int
    state: int
    was: int
    step: str
    at: str
    due_at: str
    on_time: bool
    first: bool
    forwarded: str = ""
    stood: int = 0


@dataclass(frozen=True)
class RatingTaken:
    """An agency told how an applicant found it, each answer from 1 to 3; `at` is when they said so."""

    code: str
    procedure: str
    agency: str
    channel: int
    at: str
    overall: int
    convenience: int
    timeliness: int
    attitude: int


@dataclass(frozen=True)
class AgencyChanged:
    """After a reorganisation another agency handles a dossier; `at` is when that one first told of it."""

    code: str
    procedure: str
    was_agency: str
    agency: str
    channel: int
    state: int
    at: str


@dataclass(frozen=True)
class ReportRecounted:
    """The counts of the country's report were compared with every dossier of the mirror; `differing` of them were wrong."""

    counts: int
    differing: int
    mended: bool
