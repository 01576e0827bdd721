"""The paper that lists what lies in a file of an agency's work."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from motcua.documents.papers import Check, Office


@dataclass(frozen=True)
class ContentsLine:
    """One document of the file: place, number, day, kind and subject, author, sheets."""

    place: str
    number: str
    on: str
    subject: str
    author: str
    sheets: str


@dataclass(frozen=True)
class FolderContents:
    """The list of documents in a file (decree 30/2020, annex V); `kept` is its time of keeping in words."""

    template: ClassVar[str] = "contents"
    office: Office
    on: date
    notation: str
    title: str
    year: str
    kept: str
    keeper: str
    lines: tuple[ContentsLine, ...]
    check: Check
    number: str = ""
