"""The numbers of documents between agencies, as machines are given them."""

from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from motcua.api.shapes.parts import Shown, Somewhere


class DocumentsAsked(Somewhere):
    """A month (`2026-11`) or a year (`2026`); without it, the present month."""

    period: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}(-(0[1-9]|1[0-2]))?$")] | None = None


class DocumentFault(Shown):
    """A fault of signatures by its code, and on how many documents it was found."""

    code: str
    documents: int


class TasksOf(Shown):
    """What one receiver was asked to answer: answered in time, late; done without an answer; still open, overdue."""

    code: str
    name: str
    given: int
    in_time: int
    late: int
    done: int
    open: int
    overdue: int
    percent_in_time: float | None


class TasksGiven(Shown):
    """The tasks an agency gave in a period, by receiver."""

    agency: str
    period: str
    first: date
    last: date
    receivers: list[TasksOf]


class DocumentNumbers(Shown):
    """What an agency sent and received in a period, signed how, and how soon it was dealt with; seconds are the middle of all."""

    agency: str
    period: str
    first: date
    last: date
    sent: int
    sent_electronic: int
    percent_electronic: float | None
    received: int
    personal: int
    seal: int
    both: int
    percent_signed: float | None
    percent_both: float | None
    registered: int
    registered_same_day: int
    seconds_to_register: float | None
    done: int
    seconds_to_done: float | None
    late: int
    faults: list[DocumentFault]
