"""What happened in the insurance register; the child is named by the card's place in it only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CardIssued:
    """A child under six got a health insurance card."""

    valid_from: str
    valid_to: str
    ground: str
    reference: str
    agency: str


@dataclass(frozen=True)
class CardChanged:
    """A card's particulars, such as its first clinic, changed from a day on."""

    since: str
    ground: str
    reference: str
    agency: str
