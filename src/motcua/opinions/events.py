"""What happened to a question between two agencies; at the asking agency told about what the question is about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OpinionAsked:
    """Another agency was asked for its opinion, and until when."""

    inquiry: str
    agency: str
    agency_name: str
    question: str
    due_at: str


@dataclass(frozen=True)
class OpinionReceived:
    """The agency that was asked has answered."""

    inquiry: str
    agency: str
    agency_name: str
    verdict: str
    answer: str
    in_time: bool


@dataclass(frozen=True)
class OpinionPresumed:
    """The agency that was asked stayed silent until its time was up, which by the procedure means that it agrees."""

    inquiry: str
    agency: str
    agency_name: str


@dataclass(frozen=True)
class OpinionOverdue:
    """The agency that was asked has not answered by its last day (decree 61/2018, art. 19.5)."""

    inquiry: str
    agency: str
    agency_name: str
    due_at: str


@dataclass(frozen=True)
class QuestionCame:
    """Another agency asks for our opinion."""

    asker: str
    due_at: str


@dataclass(frozen=True)
class QuestionPassedOn:
    """The agency that was asked has ended; another gives the opinion."""

    was_agency: str
    agency: str


@dataclass(frozen=True)
class QuestionAnswered:
    """We gave our opinion to the agency that asked."""

    asker: str
    verdict: str
    in_time: bool


@dataclass(frozen=True)
class EnclosureOpened:
    """An officer of the agency that is asked opened a paper of the question, or the letter that answered it."""

    digest: str


@dataclass(frozen=True)
class QuestionOpened:
    """An officer or a system of the agency that is asked opened the question, for the first time on that day."""


@dataclass(frozen=True)
class InquiryOpened:
    """The agency that was asked told who opened the question there, or a paper of it."""

    inquiry: str
    agency: str
    agency_name: str
    key: str
    opened_at: str
    opened_by: str
    paper: str
