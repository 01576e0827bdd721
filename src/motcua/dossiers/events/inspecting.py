"""What was found when the work on a dossier was looked at afterwards."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DossierInspected:
    """The head or an auditor inspected an ended dossier, and wrote what they found."""

    found: str
    finding: str
