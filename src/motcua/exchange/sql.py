"""Every statement of the exchange process, by name."""

from motcua.exchange.rows import Table

# One writer only: whoever holds this lock on their connection; it falls with the connection.
TAKE_PEN = "SELECT pg_try_advisory_lock(hashtext('exchange.log'))"

# The head all further writing continues.
LAST_HEAD = "SELECT text, signature FROM exchange_batch ORDER BY number DESC LIMIT 1"

# Which of these messages were received before, and with which content.
KNOWN = """
SELECT message, sender, digest, leaf FROM exchange_incoming WHERE message = ANY(%b::uuid[])
"""

# Where each of these orders of messages stands.
CHANNELS = "SELECT name, last, previous FROM exchange_channel WHERE name = ANY(%b::text[])"

# Remember where they stand now.
ADVANCE_CHANNELS = """
INSERT INTO exchange_channel (name, last, previous) SELECT * FROM unnest(%b::text[], %b::bigint[], %b::text[])
ON CONFLICT (name) DO UPDATE SET last = excluded.last, previous = excluded.previous
"""

# Hand jobs to the worker, in this transaction: queue, name of the task, arguments.
DEFER = """
SELECT procrastinate_defer_jobs_v1(array_agg(
    ROW('exchange', task, 0, NULL, NULL, arguments::jsonb, NULL)::procrastinate_job_to_defer_v1))
FROM unnest(%b::text[], %b::text[]) AS job (task, arguments)
"""

LEAF = Table(
    "exchange_leaf",
    (
        *("number bigint", "batch bigint", "what text", "text bytea", "envelope bytea", "body bytea"),
        *("peer text", "peer_head bigint", "peer_index integer", "peer_proof bytea"),
    ),
)
BATCH = Table(
    "exchange_batch",
    ("number bigint", "first bigint", "size integer", "text bytea", "signature bytea", "at timestamptz"),
)
OUTGOING = Table(
    "exchange_outgoing",
    (
        *(
            "id uuid",
            "leaf bigint",
            "kind text",
            "sender text",
            "recipient text",
            "stream text",
            "seq bigint",
        ),
        *("correlation text", "created timestamptz", "expires timestamptz", "confirm boolean", "state text"),
    ),
)
INCOMING = Table(
    "exchange_incoming",
    (
        *("message uuid", "sender text", "digest bytea", "leaf bigint", "parcel uuid", "kind text"),
        *("recipient text", "stream text", "seq bigint", "after bigint", "effect text"),
    ),
)
PEER_HEAD = Table(
    "exchange_peerhead",
    ("node text", "number bigint", "text bytea", "signature bytea"),
    otherwise="ON CONFLICT (node, number) DO NOTHING",
)
RECEIPT = Table(
    "exchange_receipt",
    (
        *(
            "message uuid",
            "node text",
            "state text",
            "text bytea",
            "head bigint",
            "index integer",
            "proof bytea",
        ),
    ),
    otherwise="ON CONFLICT (message, state) DO NOTHING",
)

# The entries of one batch, to build its tree again.
TREE = "SELECT text FROM exchange_leaf WHERE batch = %b AND number BETWEEN %b AND %b ORDER BY number"

# One head of ours.
HEAD = "SELECT text, signature FROM exchange_batch WHERE number = %b"

# What actions left to be sent, in the order they left it; not what is being signed at this moment.
DRAFTS = """
SELECT position, id, kind, sender, recipient, stream, correlation, created, expires, content_type, digest, body,
       attachments, confirm
FROM exchange_outbox WHERE position <> ALL(%b::bigint[]) ORDER BY position LIMIT %b
"""

# They are in the log now.
FORGET_DRAFTS = "DELETE FROM exchange_outbox WHERE position = ANY(%b::bigint[])"
