"""Messages entering the log on their way in: each is received once, whatever is sent again."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from motcua.exchange import sql
from motcua.exchange.envelope import Envelope
from motcua.exchange.evidence import Receipt, SignedHead, State
from motcua.exchange.group import Group, Known
from motcua.exchange.parcel import Item

STATUS = {"received": 200, "refused": 403, "conflict": 409}
TOO_EARLY = 425
CONFLICT = "Another message with this identifier was received before."


@dataclass(frozen=True)
class Arrival:
    """A message that came in and holds; `refused` says why we may not take it all the same."""

    envelope: Envelope
    item: Item
    refused: str = ""
    call: bool = False

    @cached_property
    def key(self) -> tuple[UUID, str]:
        return self.envelope.id, self.envelope.sender

    @property
    def channel(self) -> str:
        return f"<{self.envelope.channel}" if self.envelope.stream else ""


@dataclass(frozen=True)
class Verdict:
    """What became of an arrival: a status, and the receipt as an entry of this batch (`index`) or of the log (`leaf`);
    `resend` is the number from which the stream must be sent again.
    """

    status: int
    receipt: bytes = b""
    index: int = -1
    leaf: int = -1
    detail: str = ""
    resend: int = 0


class Receiving:
    """Arrivals from one node to be logged with a receipt each, and given to the worker."""

    def __init__(
        self, node: str, peer: str, parcel: UUID, arrivals: Sequence[Arrival], heads: Iterable[SignedHead]
    ) -> None:
        self.node, self.peer, self.parcel, self.arrivals, self.heads = (
            node,
            peer,
            parcel,
            arrivals,
            list(heads),
        )
        self.weight = len(arrivals), sum(arrival.item.size for arrival in arrivals)
        self.asks = [arrival.envelope.id for arrival in arrivals]
        self.channels = [arrival.channel for arrival in arrivals if arrival.channel]
        self.verdicts: list[Verdict] = []

    def enter(self, group: Group) -> None:
        """Decide about each arrival in turn and add it to the batch."""
        for signed in self.heads:
            group.add(sql.PEER_HEAD, self.peer, signed.head.number, signed.text, signed.signature)
        self.verdicts = [self._verdict(arrival, group) for arrival in self.arrivals]

    def _verdict(self, arrival: Arrival, group: Group) -> Verdict:
        known = group.known.get(arrival.key)
        if known is not None and known.digest == arrival.envelope.digest:
            return Verdict(208, leaf=known.leaf)
        last, previous = group.channels.get(arrival.channel, (0, "")) if arrival.channel else (0, "")
        refused = arrival.refused or _out_of_order(arrival, last, previous)
        if known is not None or refused:
            return self._refused(arrival, group, "" if known is not None else refused)
        missing = arrival.item.after if arrival.item.after > last else arrival.item.seen
        if arrival.channel and missing > last and (last or missing == arrival.item.after):
            detail = f"Number {missing} of this stream has not come yet; send it first."
            return Verdict(TOO_EARLY, detail=detail, resend=last + 1 if last else 0)
        return self._received(arrival, group)

    def _refused(self, arrival: Arrival, group: Group, reason: str) -> Verdict:
        """Once for each message: sent again, it gets the receipt it has. Without a reason its identifier is another's."""
        envelope = arrival.envelope
        state: State = "refused" if reason else "conflict"
        key = envelope.id, f"!{self.peer}!{envelope.digest.hex()}"
        before = group.known.get(key)
        if before is not None:
            return Verdict(STATUS[state], leaf=before.leaf, detail=reason or CONFLICT)
        verdict = self._receipt(arrival, group, state, reason or CONFLICT)
        leaf = group.first + verdict.index
        group.known[key] = Known(envelope.digest, leaf)
        group.add(sql.REFUSAL, envelope.id, self.peer, envelope.digest, leaf)
        if not reason:
            group.defer("exchange.report_conflict", json.dumps({"leaf": leaf}))
        return verdict

    def _received(self, arrival: Arrival, group: Group) -> Verdict:
        verdict = self._receipt(arrival, group, "received")
        envelope, leaf = arrival.envelope, group.first + verdict.index
        group.known[arrival.key] = Known(envelope.digest, leaf)
        effect = "answered" if arrival.call else "pending"
        group.add(
            sql.INCOMING,
            *(envelope.id, envelope.sender, envelope.digest, leaf, self.parcel, envelope.kind),
            *(envelope.recipient, envelope.stream, envelope.seq, effect),
        )
        if arrival.channel and envelope.seq > group.channels.get(arrival.channel, (0, ""))[0]:
            group.stepped(arrival.channel, envelope.seq, envelope.digest.hex())
        if not arrival.call:
            group.defer("exchange.handle", json.dumps({"parcel": str(self.parcel)}))
        return verdict

    def _receipt(self, arrival: Arrival, group: Group, state: State, reason: str = "") -> Verdict:
        envelope, body = arrival.envelope, arrival.item.body
        receipt = Receipt(
            node=self.node,
            id=envelope.id,
            digest=envelope.digest.hex(),
            sender=envelope.sender,
            recipient=envelope.recipient,
            state=state,
            at=group.at,
            reason=reason,
        )
        beside = envelope.text, None if state == "refused" or arrival.call else body
        index = group.log("receipt", receipt.text, beside=beside, proven=(self.peer, arrival.item.place))
        return Verdict(STATUS[state], receipt.text, index, detail=reason)


def _out_of_order(arrival: Arrival, last: int, previous: str) -> str:
    """Why the message can have no place in its stream any more, or nothing: order is never mended behind what was taken."""
    number = arrival.envelope.seq
    if not arrival.channel or not last or number > last + 1:
        return ""
    if number <= last:
        return f"Number {number} of this stream comes too late: {last} was taken before; send it as a new message."
    if arrival.envelope.previous != previous:
        return f"Number {number} does not follow number {last} of this stream as it was received here."
    return ""


class Archiving:
    """Files of months entering the log, each with its digest: what stands in them may be dropped from the database from now on."""

    asks: Iterable[UUID] = ()
    channels: Iterable[str] = ()

    def __init__(self, months: Sequence[tuple[str, bytes]]) -> None:
        self.months = months
        self.weight = len(months), sum(len(text) for _, text in months)

    def enter(self, group: Group) -> None:
        for month, text in self.months:
            leaf = group.first + group.log("archived", text)
            group.statements.append((sql.ARCHIVED, [leaf, month]))


class Noting:
    """Plain entries without rows of their own: refusals at the door, and what operators decided, which is then forgotten."""

    asks: Iterable[UUID] = ()
    channels: Iterable[str] = ()

    def __init__(self, what: str, texts: Sequence[bytes], decided: Sequence[int] = ()) -> None:
        self.what, self.texts, self.decided = what, texts, decided
        self.weight = len(texts), sum(map(len, texts))

    def enter(self, group: Group) -> None:
        for text in self.texts:
            group.log(self.what, text)
        if self.decided:
            group.statements.append((sql.FORGET_DECISIONS, [list(self.decided)]))
