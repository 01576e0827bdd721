"""The lines of which the table of the nine indicators is made."""

from dataclasses import dataclass


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator of the agency: its number, what it measures, and its points as they are written."""

    number: str
    name: str
    points: str


@dataclass(frozen=True)
class OfficerLine:
    """One officer: how many dossiers, the points of the indicators that concern them, sum and class."""

    name: str
    counted: str
    points: tuple[str, ...]
    total: str
    classed: str
