"""The paper of a document an agency issues: a letter, a decision, a report, in the look all of them share."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from motcua.documents.papers import Check, Office, Signatory


@dataclass(frozen=True)
class Dispatch:
    """A document an agency issues, in the layout of annex I of decree 30/2020; `kind` is empty on an official letter."""

    template: ClassVar[str] = "dispatch"
    office: Office
    number: str
    on: date
    kind: str
    subject: str
    urgency: str
    to: tuple[str, ...]
    paragraphs: tuple[str, ...]
    places: tuple[str, ...]
    power: str
    signer: Signatory
    check: Check
