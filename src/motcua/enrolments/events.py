"""What happened when people showed themselves at a counter."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonShown:
    """A person and their card were seen at a counter; with `gives_password` they were handed a one-time password.

    With `drops_second_step` their second step of signing in went as well.
    """

    agency: str
    gives_password: bool
    drops_second_step: bool = False


@dataclass(frozen=True)
class EnrolmentDone:
    """The node that keeps identities has what the counter wrote down."""


@dataclass(frozen=True)
class EnrolmentRefused:
    """The node that keeps identities did not take what the counter wrote down."""

    reason: str


@dataclass(frozen=True)
class EnrolmentKept:
    """What a counter wrote down holds here: level 2, and a one-time password if one was given."""

    agency: str
    gives_password: bool
    drops_second_step: bool = False


@dataclass(frozen=True)
class OfficerKnown:
    """An agency of another node told that somebody holds a post there, or until which day; "" where no end is known."""

    agency: str
    until: str
