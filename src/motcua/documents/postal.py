"""What goes with results that are sent by post, as typed values."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from motcua.documents.papers import Check, Office


@dataclass(frozen=True)
class PostLine:
    """One result that goes by post: whose, what, where to, and what the postman asks for."""

    code: str
    what: str
    name: str
    phone: str
    address: tuple[str, ...]
    postage: str


@dataclass(frozen=True)
class PostSlips:
    """The address slips of results that go by post, and the list the post signs for."""

    template: ClassVar[str] = "post"
    office: Office
    number: str
    on: date
    lines: tuple[PostLine, ...]
    officer: str
    check: Check
