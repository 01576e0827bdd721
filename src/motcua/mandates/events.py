"""What happened to mandates, and to claims of representation at an agency."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MandateOffered:
    """Someone wrote a mandate; it holds once the agent accepts it."""

    number: str
    kind: str
    agent: str


@dataclass(frozen=True)
class MandateAccepted:
    """The agent took the mandate on; from its first day it holds."""

    number: str


@dataclass(frozen=True)
class MandateDeclined:
    """The agent did not take the mandate on."""

    number: str


@dataclass(frozen=True)
class MandateClaimed:
    """Someone says that they represent a child or a business; an agency looks at the proof."""

    number: str
    kind: str
    agency: str


@dataclass(frozen=True)
class MandateProven:
    """A register, or an agency that saw the papers, confirmed the representation."""

    number: str
    kind: str
    proof: str


@dataclass(frozen=True)
class MandateRefused:
    """The agency did not find the representation proven, and said why."""

    number: str
    reason: str


@dataclass(frozen=True)
class MandateRevoked:
    """The principal took the mandate back, or the agent laid it down."""

    number: str
    by_agent: bool


@dataclass(frozen=True)
class MandateLapsed:
    """Asked anew, the register no longer says that who gave or claimed it represents the principal."""

    number: str
    service: str


@dataclass(frozen=True)
class MandateChecked:
    """An agency, or a system of it, asked whether the mandate holds that somebody showed there."""

    number: str
    agency: str
    holds: bool


@dataclass(frozen=True)
class ClaimArrived:
    """A claim of representation reached the agency that is to look at it."""

    number: str
    agency: str


@dataclass(frozen=True)
class ClaimPassedOn:
    """The agency that was to look at the paper has ended; another does."""

    number: str
    was_agency: str
    agency: str


@dataclass(frozen=True)
class ClaimUpheld:
    """An officer saw the papers and confirmed the representation."""

    number: str
    agency: str


@dataclass(frozen=True)
class ClaimDismissed:
    """An officer did not find the representation proven."""

    number: str
    agency: str
    reason: str


@dataclass(frozen=True)
class ProofOpened:
    """An officer opened the paper that is to prove a representation."""

    number: str
    digest: str
