"""What happened to documents that go and come by e-mail."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CorrespondentKept:
    """An agency keeps an e-mail address of somebody no node reaches."""

    agency: str
    code: str
    address: str


@dataclass(frozen=True)
class MailSent:
    """A mail with a document, its recall or our refusal was handed to the mail server."""

    agency: str
    delivery: str


@dataclass(frozen=True)
class MailHeard:
    """What a mail server said of a mail of ours: delivered, refused, or never sent, and why."""

    agency: str
    state: str
    reason: str


@dataclass(frozen=True)
class MailCame:
    """An e-mail came, or a clerk decided about it: taken in as a document, noted, put aside or dismissed."""

    agency: str
    state: str
    reason: str
