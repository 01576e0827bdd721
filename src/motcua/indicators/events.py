"""What happened to the numbers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NumbersRecounted:
    """All numbers were counted anew from the journal; `differing` of them had not been what the journal says."""

    place: int
    numbers: int
    differing: int


@dataclass(frozen=True)
class PeriodDeclared:
    """The head of an agency declared what only people know of a quarter or year: publicity, petitions, complaints upheld."""

    agency: str
    year: int
    quarter: int
    notice_board: bool
    electronic: bool
    petitions: int
    petitions_on_time: int
    dragging: bool
    complaints: str
