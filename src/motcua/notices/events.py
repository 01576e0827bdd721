"""What happened to notices."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NoticeSent:
    """A person was told something: it lies in their inbox."""

    code: str
    account: str
    about: str


@dataclass(frozen=True)
class NoticeDelivered:
    """A notice also went out by another channel."""

    channel: str


@dataclass(frozen=True)
class OutgoingSent:
    """Somebody without an account was told by mail or text message what became of their matter."""

    code: str
    channel: str


@dataclass(frozen=True)
class ContactAsked:
    """A person wants to be told at an address or a number, which is sent a code."""

    channel: str


@dataclass(frozen=True)
class ContactCodeSent:
    """The code went out."""

    channel: str


@dataclass(frozen=True)
class ContactConfirmed:
    """The person typed the code: the address or number is theirs."""

    channel: str


@dataclass(frozen=True)
class ContactRemoved:
    """A person took an address or number away."""

    channel: str


@dataclass(frozen=True)
class ChannelsChosen:
    """A person chose by which ways they want to be told."""

    mail: bool
    text: bool


@dataclass(frozen=True)
class NoticeRead:
    """The person opened the notice."""

    code: str
