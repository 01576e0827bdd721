"""What happened while a supplement was waited for."""

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
