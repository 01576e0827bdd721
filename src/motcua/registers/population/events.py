"""What happened in the population register; persons are named by their place in it, never by number or name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonRecorded:
    """A person known elsewhere was taken into the register."""

    ground: str
    reference: str
    agency: str


@dataclass(frozen=True)
class NumberIssued:
    """A personal number was given, for ever."""

    ground: str
    reference: str
    agency: str


@dataclass(frozen=True)
class ResidenceRegistered:
    """A person's permanent residence was registered."""

    unit: str
    since: str
    ground: str
    reference: str
    agency: str


@dataclass(frozen=True)
class PersonCorrected:
    """What the register holds of a person was corrected or changed."""

    since: str
    until: str
    ground: str
    reference: str
    agency: str


@dataclass(frozen=True)
class RegisterRead:
    """Someone read a person's record."""

    service: str
    agency: str
    purpose: str
    dossier: str
