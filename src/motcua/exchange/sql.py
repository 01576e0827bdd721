"""Every statement of the exchange process, by name."""

from motcua.exchange.rows import Table

# One writer only: whoever holds this lock on their connection; it falls with the connection.
TAKE_PEN = "SELECT pg_try_advisory_lock(hashtext('exchange.log'))"

LAY_DOWN_PEN = "SELECT pg_advisory_unlock(hashtext('exchange.log'))"

# The head all further writing continues.
LAST_HEAD = "SELECT text, signature FROM exchange_batch ORDER BY number DESC LIMIT 1"

# Which of these messages are known here: received, and with which content; or (sender empty) sent by this node.
KNOWN = """
SELECT message, sender, digest, leaf FROM exchange_incoming WHERE message = ANY(%b::uuid[])
UNION ALL SELECT id, '', ''::bytea, leaf FROM exchange_outgoing WHERE id = ANY(%b::uuid[])
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

# Steps without jobs end so.
NOTHING_MORE = "SELECT 1"

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
        *(
            "correlation text",
            "created timestamptz",
            "expires timestamptz",
            "give_up_at timestamptz",
            "confirm boolean",
            "state text",
        ),
    ),
)
INCOMING = Table(
    "exchange_incoming",
    (
        *("message uuid", "sender text", "digest bytea", "leaf bigint", "parcel uuid", "kind text"),
        *("recipient text", "stream text", "seq bigint", "effect text"),
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

# Heads that contradict what the same node showed before: another under the same number, or one that does not follow.
FORKED = """
INSERT INTO exchange_fork (node, number, text, signature)
SELECT n.node, n.number, n.text, n.signature
FROM unnest(%b::text[], %b::bigint[], %b::bytea[], %b::bytea[]) AS n (node, number, text, signature)
JOIN exchange_peerhead h ON h.node = n.node AND (
    (h.number = n.number AND h.text <> n.text)
    OR (h.number = n.number - 1
        AND encode(sha256(h.text), 'hex') <> convert_from(n.text, 'UTF8')::jsonb ->> 'previous'))
"""

# The entries of one batch, to build its tree again.
TREE = "SELECT text FROM exchange_leaf WHERE number BETWEEN %b AND %b ORDER BY number"

# Entries of the log by their numbers.
ENTRIES = "SELECT number, batch, text, body FROM exchange_leaf WHERE number = ANY(%b::bigint[])"

# One head of ours.
HEAD = "SELECT text, signature FROM exchange_batch WHERE number = %b"

# What actions left to be sent, in the order they left it.
DRAFTS = """
SELECT position, id, kind, sender, recipient, stream, correlation, created, expires, content_type, digest, body,
       attachments, confirm
FROM exchange_outbox ORDER BY position LIMIT %b
"""

# They are in the log now.
FORGET_DRAFTS = "DELETE FROM exchange_outbox WHERE position = ANY(%b::bigint[])"

# What can be sent now to these agencies, oldest first: not what must wait, nor what stands behind it in its stream.
# `after` is the number in the stream that must have arrived before.
DUE = """
SELECT o.id, o.leaf, o.kind, o.sender, o.recipient, o.give_up_at, o.tries, o.confirm,
       coalesce((SELECT max(e.seq) FROM exchange_outgoing e
                 WHERE e.state = 'signed' AND e.stream <> '' AND e.sender = o.sender AND e.recipient = o.recipient
                   AND e.stream = o.stream AND e.seq < o.seq), 0)
FROM exchange_outgoing o
WHERE o.state = 'signed' AND o.recipient = ANY(%b::text[]) AND (o.next_try IS NULL OR o.next_try <= %b)
  AND (o.stream = '' OR NOT EXISTS (
        SELECT 1 FROM exchange_outgoing e
        WHERE e.state = 'signed' AND e.stream <> '' AND e.sender = o.sender AND e.recipient = o.recipient
          AND e.stream = o.stream AND e.seq < o.seq AND e.next_try > %b))
ORDER BY o.leaf LIMIT %b
"""

# When the first of those that wait may be tried again.
NEXT_DUE = (
    "SELECT min(next_try) FROM exchange_outgoing WHERE state = 'signed' AND recipient = ANY(%b::text[])"
)

# Messages to agencies that no node hosts.
ASTRAY = """
SELECT id, leaf, kind, sender, recipient, give_up_at, tries, confirm, 0::bigint FROM exchange_outgoing
WHERE state = 'signed' AND recipient <> ALL(%b::text[]) AND (next_try IS NULL OR next_try <= %b) ORDER BY leaf LIMIT %b
"""

# What became of messages on their way; one that is settled already stays as it is.
SETTLE = """
UPDATE exchange_outgoing o SET state = s.state, reason = s.reason, settled_at = %b, next_try = NULL
FROM unnest(%b::uuid[], %b::text[], %b::text[]) AS s (id, state, reason)
WHERE o.id = s.id AND o.state = 'signed'
"""

# Not now: why, and when again.
POSTPONE = """
UPDATE exchange_outgoing o SET tries = o.tries + 1, reason = s.reason, next_try = s.next_try
FROM unnest(%b::uuid[], %b::text[], %b::timestamptz[]) AS s (id, reason, next_try)
WHERE o.id = s.id AND o.state = 'signed'
"""

# How a peer answers us.
PEER = """
INSERT INTO exchange_peer (name, agencies, failures, next_try, last_error, last_ok)
VALUES (%b, %b, %b, %b, %b, %b)
ON CONFLICT (name) DO UPDATE SET agencies = excluded.agencies, failures = excluded.failures, next_try = excluded.next_try,
    last_error = excluded.last_error, last_ok = coalesce(excluded.last_ok, exchange_peer.last_ok)
"""

# A version of the directory this node works with.
DIRECTORY = "INSERT INTO exchange_directoryversion (version, text) VALUES (%b, %b) ON CONFLICT DO NOTHING"

# The version it worked with last.
LAST_DIRECTORY = "SELECT text FROM exchange_directoryversion ORDER BY version DESC LIMIT 1"
