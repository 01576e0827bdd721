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
class NoticeRead:
    """The person opened the notice."""

    code: str
