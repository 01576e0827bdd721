"""What the exchange keeps: a log that only grows, and small changing rows about what is still under way.

The log (`Batch`, `Leaf`) and what others signed (`PeerHead`, `Receipt`) are never changed, but for what has been archived in the
file of its month (`ArchivedMonth`, `ArchivedBatch`) and is read there. What changes, the state of a
message on its way out (`Outgoing`) or of its effect here (`Incoming`), stands in rows without bodies, so that a change is cheap.
All of it is written by named SQL (`sql.py`): by the exchange process, and by `actions.py` within Django's transactions.
"""

from motcua.exchange.models.archived import Apart, ArchivedBatch, ArchivedMonth
from motcua.exchange.models.logged import (
    Authority,
    Batch,
    Carried,
    Channel,
    DirectoryVersion,
    Fork,
    Leaf,
    LeafQuerySet,
    Peer,
    PeerHead,
    PeerJournal,
    Receipt,
    Recovery,
    TimeStamp,
)
from motcua.exchange.models.passing import (
    Decision,
    Incoming,
    IncomingQuerySet,
    Outbox,
    Outgoing,
    OutgoingQuerySet,
    Refusal,
)

__all__ = [
    "Apart",
    "ArchivedBatch",
    "ArchivedMonth",
    "Authority",
    "Batch",
    "Carried",
    "Channel",
    "Decision",
    "DirectoryVersion",
    "Fork",
    "Incoming",
    "IncomingQuerySet",
    "Leaf",
    "LeafQuerySet",
    "Outbox",
    "Outgoing",
    "OutgoingQuerySet",
    "Peer",
    "PeerHead",
    "PeerJournal",
    "Receipt",
    "Recovery",
    "Refusal",
    "TimeStamp",
]
