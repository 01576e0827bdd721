"""What happened to the numbers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NumbersRecounted:
    """All numbers were counted anew from the journal; `differing` of them had not been what the journal says."""

    place: int
    numbers: int
    differing: int
