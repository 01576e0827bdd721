"""Messages entering the log on their way out: the next number of their stream, one entry, one row of state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from motcua.exchange import sql
from motcua.exchange.envelope import Envelope
from motcua.exchange.group import Group, Known
from motcua.lib import merkle

TERM = timedelta(days=3)  # after which an undelivered message becomes a dead letter


@dataclass
class Draft:
    """A message before it has its place in its stream; `body` is None when it travels apart."""

    envelope: Envelope
    body: bytes | None
    confirm: bool = True
    given_id: bool = False  # whoever sends chose the identifier, and may choose it again to be sure


class Sending:
    """Drafts to be logged as sent; those that came from the outbox are removed from it in the same transaction."""

    def __init__(self, drafts: Sequence[Draft], positions: Sequence[int] = ()) -> None:
        self.drafts, self.positions = drafts, positions
        self.weight = len(drafts), sum([len(draft.body) for draft in drafts if draft.body])
        self.asks: Iterable[UUID] = [draft.envelope.id for draft in drafts if draft.given_id]
        self.before: dict[UUID, int] = {}
        self.channels = [draft.envelope.channel for draft in drafts if draft.envelope.stream]
        self.envelopes: list[Envelope] = []
        self.indexes: list[int] = []
        # What stands in no stream is hashed now, while others are being committed.
        self._hashed = [
            b"" if draft.envelope.stream else merkle.leaf(draft.envelope.text) for draft in drafts
        ]

    def enter(self, group: Group) -> None:
        """Give each its number and add it to the batch; what was sent before under its identifier is only remembered."""
        for draft, hashed in zip(self.drafts, self._hashed, strict=True):
            known = group.known.get((draft.envelope.id, "")) if draft.given_id else None
            if known:
                self.before[draft.envelope.id] = known.leaf
                continue
            envelope = _placed(draft.envelope, group) if draft.envelope.stream else draft.envelope
            index = group.log("message", envelope.text, hashed=hashed, beside=(None, draft.body))
            group.add(sql.OUTGOING, *row_of(envelope, group.first + index, confirm=draft.confirm))
            if draft.given_id:
                group.known[envelope.id, ""] = Known(b"", group.first + index)
            self.envelopes.append(envelope)
            self.indexes.append(index)
        if self.positions:
            group.statements.append((sql.FORGET_DRAFTS, [list(self.positions)]))


def _placed(envelope: Envelope, group: Group) -> Envelope:
    """With the next number of its stream."""
    channel = envelope.channel
    number, previous = group.step(channel)
    placed = envelope.placed(number, previous)
    group.stepped(channel, number, placed.digest.hex())
    return placed


def row_of(envelope: Envelope, leaf: int, *, confirm: bool, state: str = "signed") -> tuple[object, ...]:
    """The row that says how a message of ours stands."""
    return (
        *(
            envelope.id,
            leaf,
            envelope.kind,
            envelope.sender,
            envelope.recipient,
            envelope.stream,
            envelope.seq,
        ),
        *(
            envelope.correlation,
            envelope.created,
            envelope.expires,
            min(envelope.created + TERM, envelope.expires),
        ),
        *(confirm, state),
    )
