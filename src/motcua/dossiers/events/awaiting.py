"""What happened while a supplement was waited for, and after."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SupplementReminded:
    """The last day for what was asked for is near; the applicant is reminded, once."""

    code: str
    answer_by: str


@dataclass(frozen=True)
class SupplementUnanswered:
    """The last day is over and nothing came: whoever may end the dossier was told."""

    code: str
    answer_by: str


@dataclass(frozen=True)
class DossierReadmitted:
    """What was missing had been sent by its last day, and found the dossier ended for want of it: it goes on."""

    code: str
    state: int
