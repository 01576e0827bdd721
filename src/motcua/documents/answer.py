"""The paper of what a register answered, laid into a dossier where a paper would lie."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from motcua.documents.papers import Check, Office


@dataclass(frozen=True)
class RegisterAnswer:
    """What a register said of somebody or something, for which paper it stands, and who read it when and what for."""

    template: ClassVar[str] = "answer"
    office: Office
    on: date
    stands_for: str
    register: str
    read_at: datetime
    read_by: str
    purpose: str
    dossier: str
    entries: tuple[tuple[str, str], ...]
    check: Check
    number: str = ""
