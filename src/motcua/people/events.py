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
