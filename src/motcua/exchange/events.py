"""What happened to messages, as the contexts that sent them need to know it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MessageDelivered:
    """The node of the recipient signed that it received the message."""

    message: str
    kind: str
    sender: str
    recipient: str
    stream: str
    correlation: str


@dataclass(frozen=True)
class MessageRefused:
    """The recipient's node, or the recipient's handler, refused the message for good; `reason` says why, in words."""

    message: str
    kind: str
    sender: str
    recipient: str
    stream: str
    correlation: str
    reason: str


@dataclass(frozen=True)
class MessageDeadLettered:
    """The message expired before it could be delivered and waits for an operator."""

    message: str
    kind: str
    sender: str
    recipient: str
    stream: str
    correlation: str
    reason: str


@dataclass(frozen=True)
class MessageReplayed:
    """An operator had a dead letter sent again."""

    message: str
    expires: str


@dataclass(frozen=True)
class MessageReturned:
    """An operator gave up delivery and returned the message to its sender."""

    message: str
    kind: str
    sender: str
    recipient: str
    stream: str
    correlation: str
    reason: str


@dataclass(frozen=True)
class MessageCancelled:
    """An operator or the sending context took the message back before it was delivered."""

    message: str
    reason: str


@dataclass(frozen=True)
class MessageStuck:
    """A message that came in could not be handled for a day, for a reason of ours, and waits for an operator."""

    message: str
    kind: str
    sender: str
    recipient: str
    stream: str
    reason: str


@dataclass(frozen=True)
class MessageRetried:
    """An operator had a received message handled anew."""

    message: str
    sender: str


@dataclass(frozen=True)
class MessageSentBack:
    """An operator sent a received message back: its sender is told, signed, that it had no effect, and why."""

    message: str
    sender: str
    reason: str


@dataclass(frozen=True)
class MessageSetAside:
    """An operator closed a received message without effect and without word to its sender."""

    message: str
    sender: str
    reason: str


@dataclass(frozen=True)
class ConflictDetected:
    """A message came in under the identifier of another one; both are kept in the log."""

    message: str
    sender: str
    recipient: str
    leaf: int


@dataclass(frozen=True)
class ForkDetected:
    """A node showed two heads of its log, or of its journal, that contradict each other; both are kept, signed by itself."""

    node: str
    number: int
    log: str = "exchange"


@dataclass(frozen=True)
class ExchangeTried:
    """Someone had test messages sent to these nodes, to see whether the way there and back works."""

    nodes: str
    count: int


@dataclass(frozen=True)
class FileWritten:
    """What waited for a node was written onto a medium."""

    node: str
    number: int
    messages: int
    files: int
    receipts: int


@dataclass(frozen=True)
class FileTakenIn:
    """A file that was carried from a node was taken in."""

    node: str
    number: int
    messages: int
    files: int
    receipts: int


@dataclass(frozen=True)
class EvidenceTaken:
    """Someone took along what proves a message, its body with it if it is kept here."""

    message: str
    kind: str
    sender: str
    recipient: str


@dataclass(frozen=True)
class LogRecovered:
    """An old backup had been restored: the log went on after the latest head others held; what they had was given back.

    The entries from `first` to `last` are gone but for `sent` messages of ours and `received` ones; `silent` nodes gave no answer.
    """

    restored: int
    continued: int
    first: int
    last: int
    sent: int
    received: int
    silent: str


@dataclass(frozen=True)
class TimeStampsMissing:
    """No authority of time has stamped the log for long, messages go on all the same; `head` is the first without a stamp."""

    head: int
    since: str
    reason: str
