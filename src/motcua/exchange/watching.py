"""How messages move, node by node and hop by hop, for whoever keeps the exchange running: what fails, where, and the remedy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from cryptography import x509
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from motcua.exchange.directory import Directory, Node
from motcua.exchange.messages import ON_THEIR_WAY
from motcua.exchange.parcel import MOST_MESSAGES
from motcua.exchange.questions import Backlog, newest
from motcua.exchange.remedies import Fault, of_held, of_last_error
from motcua.exchange.strain import BYTES, PART, room_on

SOON = timedelta(days=30)  # before a key, a certificate or the directory ends
SIGNED_WITHIN = timedelta(seconds=10)
HANDLED_WITHIN = timedelta(hours=1)
LATELY = 1000  # messages of ours, newest first, of which the later hops are counted

# Every node of the directory, and who was met before and is in it no more: how it answers, and the newest head we hold.
NODES = """
SELECT n.name, p.agencies, p.failures, p.next_try, p.last_error, p.last_ok, p.pace, p.heard_at, p.edition, h.number, h.at
FROM (SELECT unnest(%(names)s::text[]) AS name UNION SELECT name FROM exchange_peer) n
LEFT JOIN exchange_peer p USING (name)
LEFT JOIN LATERAL (
    SELECT number, at FROM exchange_peerhead WHERE node = n.name ORDER BY number DESC LIMIT 1
) h ON true
WHERE n.name <> %(own)s ORDER BY n.name
"""

# What waits, by recipient; and of our newest messages those that were received there and not handled, and those that were.
# Identifiers are made in the order of time, so that the newest are found by them.
MESSAGES = """
SELECT 'signed', recipient, count(*), min(created), count(*) FILTER (WHERE reason NOT IN ('', %(coming)s)),
    coalesce(max(reason) FILTER (WHERE reason <> %(coming)s), '')
FROM exchange_outgoing WHERE state = 'signed' GROUP BY recipient
UNION ALL
SELECT state, recipient, count(*), min(settled_at), 0, '' FROM (
    SELECT * FROM exchange_outgoing ORDER BY id DESC LIMIT %(lately)s) o
WHERE state IN ('received', 'handled') AND kind <> 'exchange.handled' GROUP BY state, recipient
ORDER BY 3 DESC
"""

# This node: its newest head, what waits to be signed, what came in and has had no effect, and whether anybody writes the log.
OWN = """
SELECT b.number, b.at, d.count, d.oldest, i.count, (
        SELECT p.at FROM exchange_leaf l JOIN exchange_batch p ON p.number = l.batch WHERE l.number = i.first),
    (SELECT count(*) FROM exchange_outgoing WHERE state = 'dead'),
    (SELECT count(*) FROM exchange_incoming WHERE effect = 'dead'),
    EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND objid = (hashtext('exchange.log')::bigint & 4294967295)::oid)
FROM (SELECT count(*), min(created) AS oldest FROM exchange_outbox) d
CROSS JOIN (SELECT count(*), min(leaf) AS first FROM exchange_incoming WHERE effect = 'pending') i
LEFT JOIN (SELECT number, at FROM exchange_batch ORDER BY number DESC LIMIT 1) b ON true
"""


class Own(NamedTuple):
    """How this node itself stands."""

    head: int | None
    head_at: datetime | None
    drafts: int
    oldest_draft: datetime | None
    pending: int
    oldest_pending: datetime | None
    dead: int
    given_up: int
    is_writing: bool


class Answers(NamedTuple):
    """How a node answers us, as it was noted, and the newest of its heads we hold."""

    name: str
    agencies: list[str] | None
    failures: int | None
    next_try: datetime | None
    last_error: str | None
    last_ok: datetime | None
    pace: int | None
    heard_at: datetime | None
    edition: int | None
    head: int | None
    head_at: datetime | None


class Sum(NamedTuple):
    """Messages of ours to one recipient that are at one hop."""

    state: str
    recipient: str
    messages: int
    oldest: datetime
    held: int
    reason: str


@dataclass(frozen=True)
class Neighbour:
    """Another node, as we know it and what is under way to it."""

    answers: Answers
    node: Node | None
    sums: Sequence[Sum]

    @property
    def name(self) -> str:
        return self.answers.name

    @property
    def agencies(self) -> Sequence[str]:
        return self.node.agencies if self.node else self.answers.agencies or ()

    @property
    def failures(self) -> int:
        return self.answers.failures or 0

    @property
    def is_carried(self) -> bool:
        """Whether only files on a medium reach it."""
        return self.node is not None and self.node.is_carried

    @property
    def is_slowed(self) -> bool:
        """Whether it is given fewer messages at once, because it failed lately."""
        return self.answers.pace is not None and self.answers.pace < MOST_MESSAGES

    @property
    def heard(self) -> datetime | None:
        """When it last answered us or showed us a head."""
        known = (self.answers.last_ok, self.answers.heard_at, self.answers.head_at)
        return max((at for at in known if at), default=None)

    @property
    def waiting(self) -> int:
        return sum(one.messages for one in self.sums if one.state == "signed")

    @property
    def oldest(self) -> datetime | None:
        return min((one.oldest for one in self.sums if one.state == "signed"), default=None)

    @property
    def unhandled(self) -> int:
        return sum(one.messages for one in self.sums if one.state == "received")

    @property
    def next_try(self) -> datetime | None:
        return self.answers.next_try if self.failures else None

    @cached_property
    def ends(self) -> datetime | None:
        """When the first thing ends without which we could not speak: its last valid key, its certificate."""
        if self.node is None:
            return None
        last_key = max((key.to for key in self.node.keys if key.revoked_at is None), default=None)
        known = (last_key, certificate_ends(self.node.certificate) if self.node.certificate else None)
        return min((at for at in known if at), default=None)

    @property
    def ends_soon(self) -> bool:
        return self.ends is not None and self.ends < timezone.now() + SOON

    @cached_property
    def fault(self) -> Fault | None:
        """What fails on the way to it, and at which hop; the first that does."""
        if self.failures:
            return of_last_error(self.answers.last_error or "")
        held = [one for one in self.sums if one.state == "signed" and one.held]
        if held:
            return of_held(held[0].reason)
        if self.is_carried:
            return None  # word of what was handled comes back on a medium too
        late = timezone.now() - HANDLED_WITHIN
        if any(one.state == "received" and one.oldest and one.oldest < late for one in self.sums):
            return Fault(
                "handled",
                _("It has received messages and not handled them for more than an hour."),
                _(
                    "Ask its operator to look whether its worker runs, and at what could not be handled there."
                ),
            )
        return None


@dataclass(frozen=True)
class Hop:
    """One hop on the way of our messages: how many are there, the oldest of them, and whether something fails."""

    name: str
    count: int
    oldest: datetime | None
    fails: bool


@dataclass(frozen=True)
class Watched:
    """The exchange of this node as its keepers look at it."""

    own: Own
    neighbours: Sequence[Neighbour]
    sums: Sequence[Sum]
    directory: Directory | None
    room: tuple[int, int]

    @property
    def backlog(self) -> list[Backlog]:
        """What waits to be received, by recipient, most first."""
        return [
            Backlog(one.recipient, one.messages, one.oldest) for one in self.sums if one.state == "signed"
        ]

    @property
    def hops(self) -> list[Hop]:
        """The way of our messages from left to right."""
        faults = [self.fault, *[one.fault for one in self.neighbours]]
        failing = {fault.hop for fault in faults if fault}
        signed, received, handled = (
            [one for one in self.sums if one.state == state] for state in ("signed", "received", "handled")
        )
        here = [
            ("drafted", self.own.drafts, self.own.oldest_draft),
            ("signed", sum(one.messages for one in signed), _oldest(signed)),
            ("sent", sum(one.held for one in signed), None),
            ("received", sum(one.messages for one in received), _oldest(received)),
            ("handled", sum(one.messages for one in handled), None),
        ]
        return [Hop(name, count, oldest, name in failing) for name, count, oldest in here]

    @cached_property
    def fault(self) -> Fault | None:
        """What fails at this node itself."""
        if not self.own.is_writing:
            return Fault(
                "drafted",
                _("The exchange process of this node does not write its log: nothing is signed or taken in."),
                _("Start the node with “motcua run”; if it runs, log/exchange.log says why it waits."),
            )
        late = self.own.oldest_draft and self.own.oldest_draft < timezone.now() - SIGNED_WITHIN
        if late:
            return Fault(
                "drafted",
                _("Messages wait to be signed for longer than they should."),
                _("Look at the disk and the database: the log can only be written as fast as they are."),
            )
        if self.is_full:
            return Fault(
                "signed",
                _("The disk is nearly full: this node asks the others to wait."),
                _("Make room: “motcua documents sweep” deletes files that nobody uses."),
            )
        return None

    @property
    def gibibytes(self) -> float:
        """How much of the disk is free."""
        return self.room[1] / 1024**3

    @property
    def is_full(self) -> bool:
        total, free = self.room
        return free < min(int(total * PART), BYTES)

    @property
    def key_ends(self) -> datetime | None:
        """When the last key with which this node may sign ends."""
        me = self.directory.by_name.get(settings.NODE.name) if self.directory else None
        return max((key.to for key in me.keys if key.revoked_at is None), default=None) if me else None

    @property
    def key_ends_soon(self) -> bool:
        return self.key_ends is not None and self.key_ends < timezone.now() + SOON

    @property
    def directory_ends_soon(self) -> bool:
        return self.directory is not None and self.directory.expires < timezone.now() + SOON

    @property
    def failing(self) -> list[Neighbour]:
        return [one for one in self.neighbours if one.fault]


def watched() -> Watched:
    """The exchange as it is now: four queries for one node and for a hundred."""
    directory = newest()
    nodes = directory.by_name if directory else {}
    with connection.cursor() as cursor:
        cursor.execute(NODES, {"names": list(nodes), "own": settings.NODE.name})
        answers = [Answers(*row) for row in cursor.fetchall()]
        cursor.execute(MESSAGES, {"lately": LATELY, "coming": ON_THEIR_WAY})
        sums = [Sum(*row) for row in cursor.fetchall()]
        cursor.execute(OWN)
        own = Own(*(cursor.fetchone() or ()))
    hosts = {agency: one.name for one in answers for agency in one.agencies or ()}
    hosts |= {agency: node.name for agency, node in directory.hosts.items()} if directory else {}
    of: dict[str, list[Sum]] = {}
    for one in sums:
        of.setdefault(hosts.get(one.recipient, ""), []).append(one)
    neighbours = [Neighbour(one, nodes.get(one.name), of.get(one.name, [])) for one in answers]
    return Watched(own, neighbours, sums, directory, room_on(settings.HOME))


def _oldest(sums: Iterable[Sum]) -> datetime | None:
    return min((one.oldest for one in sums if one.oldest), default=None)


@lru_cache(maxsize=1000)
def certificate_ends(pem: str) -> datetime:
    """The last moment a certificate of the directory is good for."""
    return x509.load_pem_x509_certificate(pem.encode()).not_valid_after_utc
