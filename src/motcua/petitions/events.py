"""What happened to petitions, where they were written and at the agency."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PetitionFiled:
    """A person asked an agency something, or complained to its head; what they wrote stays out of the journal."""

    kind: str
    agency: str
    due_at: str


@dataclass(frozen=True)
class PetitionArrived:
    """A petition reached the agency."""

    kind: str
    agency: str
    due_at: str


@dataclass(frozen=True)
class PetitionPassedOn:
    """The agency that was to answer has ended; another answers."""

    kind: str
    was_agency: str
    agency: str


@dataclass(frozen=True)
class PetitionAnswered:
    """An officer answered; `upheld` says of a complaint whether it was found right."""

    kind: str
    agency: str
    on_time: bool
    upheld: bool | None = None


@dataclass(frozen=True)
class AnswerLearned:
    """The agency's answer reached the person."""

    kind: str
    agency: str


@dataclass(frozen=True)
class PetitionOpened:
    """An officer opened what a person wrote."""

    kind: str
    agency: str
