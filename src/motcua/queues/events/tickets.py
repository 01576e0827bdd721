"""What happened to a ticket; a ticket knows no person."""

from dataclasses import dataclass


@dataclass(frozen=True)
class QueueOpened:
    """An agency has one more queue."""

    agency: str
    letter: str


@dataclass(frozen=True)
class TicketDrawn:
    """Somebody drew a ticket."""

    agency: str
    label: str


@dataclass(frozen=True)
class TicketCalled:
    """A ticket was called to a counter."""

    agency: str
    label: str
    counter: str


@dataclass(frozen=True)
class TicketServed:
    """Whoever held the ticket has been served."""

    agency: str
    label: str


@dataclass(frozen=True)
class TicketGone:
    """Nobody came with the ticket."""

    agency: str
    label: str
