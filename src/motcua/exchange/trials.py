"""What became of test messages: how long each hop took, what failed, and what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.exchange.canonical import Malformed
from motcua.exchange.evidence import read_receipt
from motcua.exchange.messages import SELFTEST
from motcua.exchange.questions import newest
from motcua.exchange.remedies import Fault, of_held, of_last_error

SPAN = 60_000  # milliseconds in which the messages of one trial were made
AHEAD = timedelta(seconds=60)  # a clock may differ by so much before it is worth a word
AWAITED = timedelta(minutes=1)  # after which word of having handled it should be here

# The messages of one trial, which all were made within a moment after the first.
FOUND = """
SELECT o.id, o.recipient, o.state, o.reason, o.created, b.at, r.at, r.text, o.settled_at, p.last_error
FROM exchange_outgoing o
LEFT JOIN exchange_leaf l ON l.number = o.leaf
LEFT JOIN exchange_batch b ON b.number = l.batch
LEFT JOIN exchange_receipt r ON r.message = o.id
LEFT JOIN LATERAL (
    SELECT last_error FROM exchange_peer WHERE failures > 0 AND agencies @> ARRAY[o.recipient] LIMIT 1) p ON true
WHERE o.id >= %(first)s AND o.id < %(last)s AND o.kind = %(kind)s AND o.correlation = %(trial)s
UNION ALL
SELECT id, recipient, 'drafted', '', created, NULL, NULL, NULL, NULL, NULL FROM exchange_outbox
WHERE id >= %(first)s AND id < %(last)s AND kind = %(kind)s AND correlation = %(trial)s
ORDER BY 2
"""


class Standing(NamedTuple):
    """A test message as it stands."""

    id: UUID
    recipient: str
    state: str
    reason: str
    drafted: datetime
    signed: datetime | None
    received: datetime | None
    receipt: bytes | None
    settled: datetime | None
    peer_error: str | None


@dataclass(frozen=True)
class Trial:
    """How far the test message to one node came."""

    node: str
    message: Standing

    @property
    def is_good(self) -> bool:
        """The whole way: it was handled there, and word of it came back."""
        return self.message.state == "handled"

    @property
    def is_over(self) -> bool:
        return self.message.state in {"handled", "refused", "cancelled", "dead", "returned"}

    @property
    def is_late(self) -> bool:
        return not self.is_good and (self.is_over or self.message.drafted < timezone.now() - AWAITED)

    @property
    def hops(self) -> list[tuple[str, timedelta | None]]:
        """How long each hop took; None where the message has not come so far."""
        one = self.message
        handled = one.settled if self.is_good else None
        ways = (
            ("signed", one.drafted, one.signed),
            ("received", one.signed, one.received),
            ("handled", one.received, handled),
        )
        return [(name, max(to - since, timedelta()) if since and to else None) for name, since, to in ways]

    @property
    def total(self) -> timedelta | None:
        one = self.message
        return one.settled - one.drafted if self.is_good and one.settled else None

    @property
    def clock(self) -> timedelta | None:
        """By how much the other node's clock differs from ours, where that is worth a word."""
        one = self.message
        if one.receipt is None or one.signed is None or one.received is None:
            return None
        try:
            at = read_receipt(bytes(one.receipt)).at
        except Malformed:
            return None
        off = min(at - one.signed, timedelta()) + max(at - one.received, timedelta())
        return off if abs(off) > AHEAD else None

    @property
    def waited(self) -> Fault:
        """What stands out when nobody waits any longer."""
        state = self.message.state
        if state == "drafted":
            return _unsigned()
        return _unhandled() if state == "received" else of_last_error("did not answer in time")

    @property
    def fault(self) -> Fault | None:
        """What failed and what can be done; None while nothing has, and where all is well."""
        one = self.message
        if self.is_good:
            return None
        if one.state == "refused":
            return _refused(one.reason)
        if one.state in {"drafted", "received"}:
            return self.waited if self.is_late else None
        if one.peer_error:
            return of_last_error(one.peer_error)
        if one.state == "cancelled":
            return of_last_error(one.reason)
        return of_held(one.reason) if one.reason else None


def found(trial: UUID) -> Sequence[Trial]:
    """The messages of a trial, by recipient; none for another identifier. Two queries."""
    directory = newest()
    hosts = directory.hosts if directory else {}
    moment = trial.int >> 80 << 80  # identifiers of one millisecond come in any order
    last = min(moment + (SPAN << 80), 2**128 - 1)
    asked: dict[str, UUID | str] = {
        "first": UUID(int=moment),
        "last": UUID(int=last),
        "kind": SELFTEST,
        "trial": str(trial),
    }
    with connection.cursor() as cursor:
        cursor.execute(FOUND, asked)
        rows = [Standing(*row) for row in cursor.fetchall()]
    known = {one.id: one for one in sorted(rows, key=lambda one: one.state != "drafted")}
    return [
        Trial(hosts[one.recipient].name if one.recipient in hosts else one.recipient, one)
        for one in known.values()
    ]


def _refused(reason: str) -> Fault:
    return Fault(
        "handled",
        _("It received the test message and refused it, signed: %(reason)s") % {"reason": reason},
        _("An older release does not know this test. The way there and back works; have it upgraded."),
    )


def _unsigned() -> Fault:
    return Fault(
        "drafted",
        _("The test message was not signed: the exchange process of this node does not write its log."),
        _("Start the node with “motcua run”; if it runs, log/exchange.log says why it waits."),
    )


def _unhandled() -> Fault:
    return Fault(
        "handled",
        _("It signed that it received the test message; word that it was handled has not come back."),
        _("Ask its operator whether its worker runs and whether it can reach this node."),
    )
