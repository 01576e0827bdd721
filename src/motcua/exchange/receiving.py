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
    """What became of an arrival: a status, and the receipt as an entry of this batch (`index`) or of the log (`leaf`)."""

    status: int
    receipt: bytes = b""
    index: int = -1
    leaf: int = -1
    detail: str = ""


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
        if known is not None:
            return self._conflict(arrival, group)
        if arrival.refused:
            return self._receipt(arrival, group, "refused", arrival.refused)
        if arrival.channel and arrival.item.after > group.channels.get(arrival.channel, (0, ""))[0]:
            return Verdict(
                TOO_EARLY,
                detail=f"Number {arrival.item.after} of this stream has not come yet; send it first.",
            )
        return self._received(arrival, group)

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

    def _conflict(self, arrival: Arrival, group: Group) -> Verdict:
        """Another message has this identifier: both are kept, and someone must look."""
        verdict = self._receipt(
            arrival, group, "conflict", "Another message with this identifier was received before."
        )
        group.defer("exchange.report_conflict", json.dumps({"leaf": group.first + verdict.index}))
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


class Noting:
    """Plain entries without rows of their own: refusals at the door, witnessed heads, messages given up."""

    asks: Iterable[UUID] = ()
    channels: Iterable[str] = ()

    def __init__(self, what: str, texts: Sequence[bytes]) -> None:
        self.what, self.texts = what, texts
        self.weight = len(texts), sum(map(len, texts))

    def enter(self, group: Group) -> None:
        for text in self.texts:
            group.log(self.what, text)
