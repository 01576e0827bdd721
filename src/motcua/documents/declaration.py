"""The paper of an applicant's form: what was declared, as it is signed."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from motcua.documents.papers import Check, Office

KEYWORD = "motcua-form:"


@dataclass(frozen=True)
class DeclaredPage:
    """One page of the form: its title, and each question with what was answered."""

    title: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Declaration:
    """A form filled in for a procedure, with the place where whoever declares it signs.

    `fingerprint` names the answers as data; it stands in the file's keywords, and so under the signature. A list of many
    forms bears those of all its `rows` besides.
    """

    template: ClassVar[str] = "form"
    office: Office
    on: date
    name: str
    code: str
    case: str
    pages: tuple[DeclaredPage, ...]
    applicant: str
    filed_by: str
    fingerprint: str
    check: Check
    rows: tuple[str, ...] = ()
    number: str = ""
