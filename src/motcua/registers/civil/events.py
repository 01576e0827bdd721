"""What happened in the civil-status register; the child is named by the entry, never by name or number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BirthTaken:
    """A birth was found fit to be registered and waits for the child's personal number."""

    agency: str
    dossier: str


@dataclass(frozen=True)
class BirthRegistered:
    """A birth was entered into the book of an agency."""

    agency: str
    dossier: str
    book: str
    number: int


@dataclass(frozen=True)
class BirthReleased:
    """A birth that waited too long for its number was given free for another dossier."""

    agency: str
    dossier: str


@dataclass(frozen=True)
class BirthCorrected:
    """What the book says of a birth was changed or corrected; what it said before stays readable."""

    since: str
    ground: str
    reference: str
    agency: str
