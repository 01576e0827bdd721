"""What happened to people as the state's users."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AccountOpened:
    """A person got an account."""

    account: str


@dataclass(frozen=True)
class Appointed:
    """A person was appointed to a post."""

    account: str
    role: str
    agency: str
    valid_from: str


@dataclass(frozen=True)
class AppointmentEnded:
    """A person left a post."""

    account: str
    role: str
    agency: str
    valid_to: str


@dataclass(frozen=True)
class PasswordGiven:
    """A person got a new password from the node's operator."""

    account: str


@dataclass(frozen=True)
class OneTimePasswordGiven:
    """A person got a password at a counter that is good for choosing another one."""

    account: str
    until: str


@dataclass(frozen=True)
class SecondStepsDropped:
    """A person who lost the second step of signing in, its codes or a passkey signs in without them again."""

    account: str
    count: int


@dataclass(frozen=True)
class PasswordChosen:
    """A person chose their own password."""

    account: str


@dataclass(frozen=True)
class IdentityConfirmed:
    """A person showed their card in person; their electronic identity is of level 2."""

    account: str
    level: int


@dataclass(frozen=True)
class ServiceListed:
    """A service may ask this node who someone is, or may ask for other things than before."""

    client: str


@dataclass(frozen=True)
class PersonVouchedFor:
    """A service asked who someone is, and was told."""

    client: str
    level: int


@dataclass(frozen=True)
class SessionsEnded:
    """A person's sessions ended; so many services are told."""

    sessions: int
    services: int


@dataclass(frozen=True)
class ServiceTold:
    """A service took note that a session has ended."""

    client: str


@dataclass(frozen=True)
class IdentityRecognised:
    """A person came with an electronic identity kept elsewhere for the first time."""

    issuer: str
    level: int


@dataclass(frozen=True)
class PersonAdmitted:
    """A session began with another node's word for who someone is."""

    issuer: str


@dataclass(frozen=True)
class SessionsDismissed:
    """A session ended because the node that had vouched for the person said so."""

    issuer: str


@dataclass(frozen=True)
class SubstitutionArranged:
    """Someone will stand in for another's post, from one day to another."""

    substitution: int
    role: str
    agency: str
    since: str
    until: str


@dataclass(frozen=True)
class SubstitutionEnded:
    """A substitution ended before its last day."""

    substitution: int
    role: str
    agency: str
