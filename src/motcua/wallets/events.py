"""What happened in a wallet; no event says whose it is or what the paper says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HoldingReceived:
    """A result came into the wallet by itself."""

    kind: str
    source: str
    digest: str


@dataclass(frozen=True)
class HoldingAdded:
    """The owner put a paper into the wallet."""

    kind: str
    digest: str


@dataclass(frozen=True)
class HoldingDescribed:
    """The owner corrected what the wallet says of a paper."""

    kind: str


@dataclass(frozen=True)
class HoldingRemoved:
    """The owner took a paper out of the wallet; dossiers keep theirs."""

    kind: str
    digest: str
