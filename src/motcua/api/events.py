"""What happens with machines that may call here, and with those who are told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ClientRegistered:
    """A machine of an agency may call here, within these scopes; `below` says whether for the agencies below it, too."""

    agency: str
    name: str
    scopes: str
    below: bool = False


@dataclass(frozen=True)
class SecretRenewed:
    """A machine got a new secret; the one before and all tokens made with it are worth nothing."""

    agency: str


@dataclass(frozen=True)
class ClientChanged:
    """A machine may do something else than before, or elsewhere, or call more or less often."""

    agency: str
    scopes: str
    per_minute: int
    below: bool = False


@dataclass(frozen=True)
class DeliverySentAgain:
    """An administrator had a notice sent to a machine once more."""

    agency: str
    kind: str


@dataclass(frozen=True)
class ClientPassedOn:
    """The machine's agency has ended; the machine is another's now, and may do there what it might do before."""

    was_agency: str
    agency: str


@dataclass(frozen=True)
class ClientEnded:
    """A machine may no longer call here."""

    agency: str


@dataclass(frozen=True)
class SubscriptionMade:
    """A machine asked to be told of what happens at its agency."""

    agency: str
    kinds: str


@dataclass(frozen=True)
class SubscriptionEnded:
    """A machine no longer wants to be told."""

    agency: str


@dataclass(frozen=True)
class SubscriptionDisabled:
    """A machine could not be reached so often that it is told no more until somebody turns it on again."""

    agency: str
    failures: int
    trouble: str


@dataclass(frozen=True)
class AxisRefused:
    """A message did not pass between a document axis and this node; `document` names it, `agency` is ours it is of or for."""

    agency: str
    document: str
    reason: str


@dataclass(frozen=True)
class SynchronisationRefused:
    """The national portal did not take what was told of a dossier."""

    code: str
    service: str
    reason: str


@dataclass(frozen=True)
class SubscriptionEnabled:
    """A machine is told again."""

    agency: str
