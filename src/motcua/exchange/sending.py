"""Messages entering the log on their way out: the next number of their stream, one entry, one row of state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from motcua.exchange import sql
from motcua.exchange.envelope import Attachment, Envelope
from motcua.exchange.log import Group, Known
from motcua.lib import merkle

TERM = timedelta(days=3)  # after which an undelivered message becomes a dead letter


@dataclass(frozen=True)
class Draft:
    """A message before it has its place in its stream; `body` is None when it travels apart."""

    instance: str
    id: UUID
    kind: str
    sender: str
    recipient: str
    created: datetime
    expires: datetime
    body_digest: bytes
    body: bytes | None
    stream: str = ""
    correlation: str = ""
    content_type: str = "application/json"
    attachments: tuple[Attachment, ...] = ()
    confirm: bool = True
    given_id: bool = False  # whoever sends chose the identifier, and may choose it again to be sure

    def envelope(self, seq: int = 0, previous: str = "") -> Envelope:
        """The envelope with its place in the stream."""
        return Envelope(
            instance=self.instance,
            id=self.id,
            kind=self.kind,
            sender=self.sender,
            recipient=self.recipient,
            created=self.created,
            expires=self.expires,
            body_digest=self.body_digest,
            stream=self.stream,
            seq=seq,
            previous=previous,
            correlation=self.correlation,
            content_type=self.content_type,
            attachments=self.attachments,
        )

    @cached_property
    def channel(self) -> str:
        return f"{self.sender}|{self.recipient}|{self.stream}" if self.stream else ""

    @cached_property
    def unordered(self) -> tuple[Envelope, bytes]:
        """Envelope and leaf hash of a message without a stream, made before its turn comes."""
        envelope = self.envelope()
        return envelope, merkle.leaf(envelope.text)


class Sending:
    """Drafts to be logged as sent; those that came from the outbox are removed from it in the same transaction."""

    def __init__(self, drafts: Sequence[Draft], positions: Sequence[int] = ()) -> None:
        self.drafts, self.positions = drafts, positions
        self.weight = len(drafts), sum([len(draft.body or b"") for draft in drafts])
        self.asks: Iterable[UUID] = [draft.id for draft in drafts if draft.given_id]
        self.before: dict[UUID, int] = {}
        self.channels = [draft.channel for draft in drafts if draft.stream]
        self.envelopes: list[Envelope] = []
        self.indexes: list[int] = []
        for draft in drafts:
            if not draft.stream:
                assert draft.unordered  # noqa: S101 — hashed now, while others are being committed

    def enter(self, group: Group) -> None:
        """Give each its number and add it to the batch; what was sent before under its identifier is only remembered."""
        for draft in self.drafts:
            known = group.known.get((draft.id, "")) if draft.given_id else None
            if known:
                self.before[draft.id] = known.leaf
                continue
            envelope, leaf = self._placed(draft, group)
            index = group.log("message", envelope.text, hashed=leaf, beside=(None, draft.body))
            group.add(sql.OUTGOING, *_state(envelope, group.first + index, confirm=draft.confirm))
            if draft.given_id:
                group.known[draft.id, ""] = Known(b"", group.first + index)
            self.envelopes.append(envelope)
            self.indexes.append(index)
        if self.positions:
            group.statements.append((sql.FORGET_DRAFTS, [list(self.positions)]))

    @staticmethod
    def _placed(draft: Draft, group: Group) -> tuple[Envelope, bytes]:
        if not draft.stream:
            return draft.unordered
        number, previous = group.step(draft.channel)
        envelope = draft.envelope(number, previous)
        group.stepped(draft.channel, number, envelope.digest.hex())
        return envelope, merkle.leaf(envelope.text)


def _state(envelope: Envelope, leaf: int, *, confirm: bool) -> tuple[object, ...]:
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
        *(confirm, "signed"),
    )
