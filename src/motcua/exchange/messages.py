"""Messages as handlers see them, and the register of who handles which kind."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

HANDLED = "exchange.handled"  # word of what became of messages
SELFTEST = "exchange.selftest"  # without effect: that it is handled and word of it comes back is all

ON_THEIR_WAY = "Its files are on their way."  # why a message waits although nothing fails


class Unfit(Exception):
    """The message is refused for good; the words go back to its sender, signed."""


@dataclass(frozen=True)
class Message:
    """A message that was received and proven: body in full, `attachments` as digests of files that are here."""

    id: UUID
    kind: str
    sender: str
    recipient: str
    stream: str
    seq: int
    correlation: str
    created: datetime
    content_type: str
    attachments: tuple[str, ...]
    body: bytes

    def json(self) -> Any:
        """The body read as JSON; Unfit if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Unfit(f"The body is no JSON: {error}") from error


type Handler = Callable[[Message], None]
type MassHandler = Callable[[Sequence[Message]], None]

HANDLERS: dict[str, Handler] = {}
MASS_HANDLERS: dict[str, MassHandler] = {}


class TwiceHandled(RuntimeError):
    """Two functions were declared for one kind of message."""


def receives(kind: str) -> Callable[[Handler], Handler]:
    """Handle messages of this kind, one by one, each in one transaction with its place in the inbox: exactly once.

    Raise `Unfit` to refuse for good; after any other exception the message is tried again later.
    """

    def declare(handler: Handler) -> Handler:
        _once(kind)
        HANDLERS[kind] = handler
        return handler

    return declare


def receives_many(kind: str) -> Callable[[MassHandler], MassHandler]:
    """Handle messages of this kind up to 500 at once, in one transaction; if it raises they are given one by one."""

    def declare(handler: MassHandler) -> MassHandler:
        _once(kind)
        MASS_HANDLERS[kind] = handler
        HANDLERS[kind] = lambda message: handler([message])
        return handler

    return declare


def _once(kind: str) -> None:
    if kind in HANDLERS:
        raise TwiceHandled(f"Messages of kind {kind} are handled already.")
