"""What became of messages on their way out, entering the log: receipts with their proof, and messages given up."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from motcua.exchange import sql
from motcua.exchange.canonical import canonical, written
from motcua.exchange.evidence import Place, Receipt, SignedHead
from motcua.exchange.group import Group
from motcua.exchange.messages import SELFTEST


@dataclass(frozen=True)
class Due:
    """A message on its way that can be sent now."""

    id: UUID
    leaf: int
    kind: str
    sender: str
    recipient: str
    give_up_at: datetime
    tries: int
    confirm: bool
    after: int
    stream: str = ""
    seq: int = 0
    stopped: Sequence[int] | None = None

    @property
    def channel(self) -> str:
        """The name of its order, as its envelope says it."""
        return f"{self.sender}|{self.recipient}|{self.stream}" if self.stream else ""

    @property
    def seen(self) -> int:
        """The last number before it in its stream that was not stopped on its way."""
        stopped, number = frozenset(self.stopped or ()), self.seq - 1
        while number in stopped:
            number -= 1
        return max(number, 0)


@dataclass(frozen=True)
class Receipted:
    """A message and the receipt that came for it."""

    due: Due
    receipt: Receipt
    place: Place


class Settling:
    """Receipts of one answer: the peer's head becomes an entry of our log, so that each is witness of the other."""

    asks: Iterable[UUID] = ()
    channels: Iterable[str] = ()

    def __init__(self, peer: str, heads: Sequence[SignedHead], receipts: Sequence[Receipted]) -> None:
        self.peer, self.heads, self.receipts = peer, heads, receipts
        self.weight = len(heads), 600 * len(receipts)

    def enter(self, group: Group) -> None:
        """Add the witnessed heads, the receipts, and the new states."""
        for signed in self.heads:
            group.log("witness", witnessed(signed, group.at))
            group.add(sql.PEER_HEAD, self.peer, signed.head.number, signed.text, signed.signature)
        for one in self.receipts:
            receipt, place = one.receipt, one.place
            group.add(
                sql.RECEIPT,
                *(one.due.id, self.peer, receipt.state, receipt.text, place.head, place.index, place.proof),
            )
        ids = [one.due.id for one in self.receipts]
        states = [_state(one.receipt) for one in self.receipts]
        reasons = [one.receipt.reason for one in self.receipts]
        group.statements.append((sql.SETTLE, [group.at, ids, states, reasons]))
        for state in ("received", "refused"):
            _report(
                group,
                state,
                [one.due for one in self.receipts if _state(one.receipt) == state and _is_told(one)],
            )


class GivingUp:
    """Messages that expired on their way: each becomes a dead letter, with a signed entry that says so; a trial is merely over."""

    asks: Iterable[UUID] = ()
    channels: Iterable[str] = ()

    def __init__(self, dues: Sequence[Due], reason: str) -> None:
        self.dues, self.reason = dues, reason
        self.weight = len(dues), 300 * len(dues)

    def enter(self, group: Group) -> None:
        for due in self.dues:
            group.log("undelivered", self._text(due, group.at))
        ids = [due.id for due in self.dues]
        states = ["cancelled" if due.kind == SELFTEST else "dead" for due in self.dues]
        group.statements.append((sql.SETTLE, [group.at, ids, states, [self.reason] * len(ids)]))
        _report(group, "dead", [due for due in self.dues if due.kind != SELFTEST])

    def _text(self, due: Due, at: datetime) -> bytes:
        return canonical(
            {
                "type": "undelivered",
                "v": 1,
                "id": str(due.id),
                "leaf": due.leaf,
                "recipient": due.recipient,
                "reason": self.reason,
                "at": written(at),
            }
        )


class Postponing:
    """Messages to be tried again later: why, and when."""

    asks: Iterable[UUID] = ()
    channels: Iterable[str] = ()

    def __init__(self, postponed: Sequence[tuple[Due, str, datetime]]) -> None:
        self.postponed = postponed
        self.weight = len(postponed), 100 * len(postponed)

    def enter(self, group: Group) -> None:
        ids = [due.id for due, _, _ in self.postponed]
        reasons = [reason for _, reason, _ in self.postponed]
        group.statements.append((sql.POSTPONE, [ids, reasons, [again for _, _, again in self.postponed]]))


def _is_told(one: Receipted) -> bool:
    """Refusals always, delivery only where the sender wished to know."""
    return one.due.confirm or one.receipt.state != "received"


def _state(receipt: Receipt) -> str:
    return "received" if receipt.state == "received" else "refused"


def witnessed(signed: SignedHead, at: datetime) -> bytes:
    """The entry by which our own signed head vouches for having seen another's."""
    head = signed.head
    return canonical(
        {
            "type": "witness",
            "v": 1,
            "node": head.node,
            "number": head.number,
            "digest": head.digest,
            "at": written(at),
        }
    )


def _report(group: Group, state: str, dues: Iterable[Due]) -> None:
    """Let the worker tell the contexts."""
    ids = [str(due.id) for due in dues]
    if ids:
        group.defer("exchange.report", json.dumps({"state": state, "messages": ids}))
