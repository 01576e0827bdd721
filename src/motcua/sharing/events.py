"""What happened between those who ask and the registers that answer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DataAsked:
    """An agency asked another for a service of its register."""

    request: str
    service: str
    to: str
    purpose: str
    dossier: str


@dataclass(frozen=True)
class AnswerReceived:
    """The register's agency answered, or refused and said why."""

    request: str
    correlation: str
    service: str
    is_refused: bool


@dataclass(frozen=True)
class ErrandTaken:
    """A request for one of our registers' services came in."""

    service: str
    asker: str
    purpose: str
    dossier: str


@dataclass(frozen=True)
class ErrandWaiting:
    """A register needs another agency's answer before it can give its own."""

    service: str
    onward: str
    to: str


@dataclass(frozen=True)
class ErrandAnswered:
    """We answered a request, or refused it and said why."""

    service: str
    asker: str
    is_refused: bool


@dataclass(frozen=True)
class DataRead:
    """A register was asked on the spot: who, what for, under which dossier, and whether it refused to say."""

    service: str
    asker: str
    purpose: str
    dossier: str
    is_refused: bool = False
