"""Questions of pages and operators: where is a message, and why is it still waiting?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from motcua.exchange.directory import Directory, opened
from motcua.exchange.models import DirectoryVersion, Outgoing


@dataclass(frozen=True)
class Progress:
    """How far a message of ours is; `words` say why it waits, `next_try` when it is tried again."""

    state: str
    words: str
    next_try: datetime | None = None
    tries: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in {"waiting", "signed"}


@dataclass(frozen=True)
class Backlog:
    """What waits for one recipient."""

    recipient: str
    count: int
    oldest: datetime


# Each message of ours that was asked for: what became of it and, while it is on its way, the node that does not answer;
# or that it waits to be signed.
WHERE = """
SELECT o.id, o.state, o.reason, o.next_try, o.tries, p.last_error, p.next_try, p.failures
FROM exchange_outgoing o
LEFT JOIN LATERAL (
    SELECT last_error, next_try, failures FROM exchange_peer
    WHERE o.state = 'signed' AND failures > 0 AND agencies @> ARRAY[o.recipient] LIMIT 1
) p ON true
WHERE o.id = ANY(%(messages)s)
UNION ALL
SELECT id, 'waiting', '', NULL, 0, NULL, NULL, NULL FROM exchange_outbox WHERE id = ANY(%(messages)s)
"""


def progress(message: UUID | str) -> Progress | None:
    """Where the message is, or None if this node never sent it."""
    known = UUID(str(message))
    return progress_of([known]).get(known)


def progress_of(messages: Iterable[UUID]) -> dict[UUID, Progress]:
    """Where each of these messages is; those this node never sent are left out. One query, none for no message."""
    wanted = list(messages)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(WHERE, {"messages": wanted})
        rows = cursor.fetchall()
    # While it is being signed a message may stand in both tables; what is signed tells more.
    return {row[0]: _of(Standing(*row[1:])) for row in sorted(rows, key=lambda row: row[1] != "waiting")}


class Standing(NamedTuple):
    """How a message stands, and the node it cannot reach."""

    state: str
    reason: str
    next_try: datetime | None
    tries: int
    peer_error: str | None
    peer_next_try: datetime | None
    peer_failures: int | None


def _of(message: Standing) -> Progress:
    if message.state == "waiting":
        return Progress("waiting", _("The message waits to be signed; this takes less than a second."))
    if message.state == Outgoing.State.SIGNED:
        return _on_its_way(message)
    words = {
        Outgoing.State.RECEIVED: _("The other agency has signed that it received the message."),
        Outgoing.State.HANDLED: _("The other agency has handled the message."),
        Outgoing.State.REFUSED: _("The other agency refused the message: %(reason)s"),
        Outgoing.State.DEAD: _("The message could not be delivered and waits for an operator: %(reason)s"),
        Outgoing.State.RETURNED: _("The message was returned to its sender: %(reason)s"),
        Outgoing.State.CANCELLED: _("The message was taken back: %(reason)s"),
    }
    return Progress(
        message.state, words[Outgoing.State(message.state)] % {"reason": message.reason}, None, message.tries
    )


def _on_its_way(message: Standing) -> Progress:
    """Either the message itself is held up, or the node it goes to does not answer, or all is well."""
    if message.reason and message.next_try:
        words = _("The other node does not take the message yet: %(reason)s") % {"reason": message.reason}
        return Progress(message.state, words, message.next_try, message.tries)
    if message.peer_failures:
        words = _(
            "The other node cannot be reached; the message is safe and is sent as soon as it answers: %(reason)s"
        )
        return Progress(
            message.state,
            words % {"reason": message.peer_error},
            message.peer_next_try,
            message.peer_failures,
        )
    return Progress(message.state, _("The message is signed and on its way."), None, message.tries)


def recipients(kind: str, *, sender: str) -> list[str]:
    """Codes of the agencies that `sender` may send messages of a kind to, as the newest directory grants it."""
    directory = newest()
    if directory is None:
        return []
    return sorted(agency for agency in directory.hosts if directory.may(sender, kind, agency))


def one_a_node(kind: str, *, sender: str) -> list[str]:
    """The same for what a whole node is to hear: of each node, the first of its agencies that may be sent it."""
    directory = newest()
    nodes = directory.nodes if directory else ()
    allowed = (
        [agency for agency in node.agencies if directory and directory.may(sender, kind, agency)]
        for node in nodes
    )
    return [agencies[0] for agencies in allowed if agencies]


def hosted() -> frozenset[str] | None:
    """Codes of all agencies some node hosts, as the newest directory says; None where there is no directory yet."""
    directory = newest()
    return frozenset(directory.hosts) if directory else None


def hosted_with(code: str) -> frozenset[str]:
    """Codes of all agencies on the node that hosts this one, as the newest directory says: for each, that node may speak."""
    directory = newest()
    node = directory.hosts.get(code) if directory else None
    return frozenset(node.agencies) if node else frozenset()


def edition_at() -> datetime | None:
    """When this node first worked with the newest edition of the directory it knows."""
    return DirectoryVersion.objects.order_by("-version").values_list("at", flat=True).first()


def newest() -> Directory | None:
    """The newest edition of the directory this node knows."""
    edition = DirectoryVersion.objects.order_by("-version").first()
    return _opened(bytes(edition.text), (settings.KEYS / "root.pub").read_text()) if edition else None


# A text once found sound stays so; pages ask for it at every look.
_opened = lru_cache(maxsize=2)(opened)
