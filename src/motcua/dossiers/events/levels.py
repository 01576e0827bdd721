"""What happens between the agencies that decide one after another, and of what one tells the other."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DecidedAbove:
    """The agency above decided what was submitted to it, and signed; `code` is the dossier's there."""

    step: str
    holder: str
    agency_name: str
    code: str
    document: str


@dataclass(frozen=True)
class AnswerNotTaken:
    """What we told another agency of a dossier that has ended here did not arrive, or was not taken; it can be sent again."""

    kind: str
    to: str
    agency_name: str
    reason: str


@dataclass(frozen=True)
class AnswerSentAgain:
    """An officer sent another agency again what it had not taken."""

    kind: str
    to: str
