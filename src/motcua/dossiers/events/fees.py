"""What happened to the fee of a dossier."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FeeAsked:
    """The agency asked for the fee; the clock stands still until it is paid."""

    code: str
    amount: int
    state: int


@dataclass(frozen=True)
class FeeChanged:
    """A supplement changed what the fee goes by: the rest is asked for, or what is too much is owed back."""

    code: str
    was: int
    amount: int


@dataclass(frozen=True)
class FeePaid:
    """The fee is paid, and the clock goes on where it stopped."""

    code: str
    amount: int
    state: int
    due_at: str


@dataclass(frozen=True)
class FeeWaived:
    """Nothing is to be paid: the applicant is exempt, and the reason says by what."""

    code: str
    reason: str
    state: int
