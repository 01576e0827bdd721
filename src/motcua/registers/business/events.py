"""What happened in the register of enterprises; an enterprise is named by its place in it, its owner never."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EnterpriseRecorded:
    """An enterprise registered elsewhere was taken into the register."""

    kind: str
    ground: str
    reference: str
    agency: str


@dataclass(frozen=True)
class HouseholdRegistered:
    """A household business was registered by an agency."""

    registered_at: str
    ground: str
    reference: str
    agency: str


@dataclass(frozen=True)
class EnterpriseChanged:
    """What the register holds of an enterprise changed from a day on, or until another; what it said before stays readable."""

    since: str
    ground: str
    reference: str
    agency: str
    until: str = ""
