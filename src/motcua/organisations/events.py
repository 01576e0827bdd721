"""What happened to places, agencies and the calendar."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UnitsLoaded:
    """The table of administrative units was loaded from its file."""

    units: int
    successions: int
    digest: str


@dataclass(frozen=True)
class UnitRenamed:
    """From a day on, an administrative unit has another name or kind under the same code."""

    code: str
    kind: str
    name: str
    since: str


@dataclass(frozen=True)
class AgenciesLoaded:
    """State agencies were loaded from their file; those known already stayed as they were."""

    agencies: int
    digest: str


@dataclass(frozen=True)
class CommunesFounded:
    """Every commune of a province got its agency."""

    province: str
    communes: int


@dataclass(frozen=True)
class AgencyFounded:
    """An agency begins on a day."""

    code: str
    name: str
    valid_from: str


@dataclass(frozen=True)
class AgencyRenamed:
    """From a day on, an agency has another name under the same code."""

    code: str
    was: str
    name: str
    since: str


@dataclass(frozen=True)
class AgencyClosed:
    """An agency ceased to exist; its successor answers for what it left."""

    code: str
    valid_to: str
    successor: str


@dataclass(frozen=True)
class PostOpened:
    """An agency has a new post."""

    agency: str
    role: str
    title: str


@dataclass(frozen=True)
class HolidaysLoaded:
    """The days off and the swapped days of a year were loaded."""

    year: int
    days: int


@dataclass(frozen=True)
class DaySet:
    """It was decided that a day works or is off, for everyone or for one agency."""

    date: str
    agency: str
    works: bool
    name: str


@dataclass(frozen=True)
class DayCleared:
    """A decision on a day was withdrawn: it is an ordinary day of the week again."""

    date: str
    agency: str


@dataclass(frozen=True)
class HoursSet:
    """An agency has other hours from a day on; the days of the week are separated by semicolons, Monday first."""

    agency: str
    since: str
    week: str


@dataclass(frozen=True)
class HoursCleared:
    """Hours that had been decided were withdrawn; what held before holds on."""

    agency: str
    since: str
