"""What happened to answers a sender waits for, and to its reminders of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TaskGiven:
    """A receiver is asked for an answer by a day."""

    agency: str
    sender: str
    answer_by: str


@dataclass(frozen=True)
class TaskAnswered:
    """A receiver's answer came."""

    agency: str
    answer: str
    in_time: bool


@dataclass(frozen=True)
class AnswerLost:
    """The answer of a receiver was refused or given back: it owes one again."""

    agency: str
    answer: str


@dataclass(frozen=True)
class TaskReminded:
    """Receivers who owe an answer were reminded of it."""

    agency: str
    receivers: int
    words: str


@dataclass(frozen=True)
class ReminderRefused:
    """A reminder was not taken at a receiver; `reason` says why, in its words."""

    agency: str
    reason: str


@dataclass(frozen=True)
class ReminderCame:
    """The sender of a document reminds of the answer it waits for."""

    agency: str
    document: str
    words: str
