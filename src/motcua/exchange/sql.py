"""Every statement of the exchange process, by name."""

from motcua.exchange.rows import Table

# One writer only: whoever holds this lock on their connection; it falls with the connection.
TAKE_PEN = "SELECT pg_try_advisory_lock(hashtext('exchange.log'))"

LAY_DOWN_PEN = "SELECT pg_advisory_unlock(hashtext('exchange.log'))"

# The head all further writing continues: our last one, or a later one of ours that only others still had.
LAST_HEAD = """
SELECT text, signature FROM (
    (SELECT number, text, signature FROM exchange_batch ORDER BY number DESC LIMIT 1) UNION ALL
    (SELECT number, text, signature FROM exchange_peerhead WHERE node = %b ORDER BY number DESC LIMIT 1)
) AS head ORDER BY number DESC LIMIT 1
"""

# Which of these messages are known here: received, and with which content; refused at the door (sender `!peer!digest`);
# or (sender empty) sent by this node.
KNOWN = """
SELECT message, sender, digest, leaf FROM exchange_incoming WHERE message = ANY(%b::uuid[])
UNION ALL SELECT message, '!' || peer || '!' || encode(digest, 'hex'), digest, leaf FROM exchange_refusal
    WHERE message = ANY(%b::uuid[])
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
REFUSAL = Table(
    "exchange_refusal",
    ("message uuid", "peer text", "digest bytea", "leaf bigint"),
    otherwise="ON CONFLICT DO NOTHING",
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

# Heads that contradict what the same node showed before or beside them: another under the same number, or two that do not
# follow each other. What came with them is looked at as well: a statement does not see what its other parts write.
FORKED = """
INSERT INTO exchange_fork (node, number, text, signature)
WITH shown AS (
    SELECT DISTINCT ON (node, number, text) *
    FROM unnest(%b::text[], %b::bigint[], %b::bytea[], %b::bytea[]) AS given (node, number, text, signature)
)
SELECT n.* FROM shown n
WHERE EXISTS (
    SELECT FROM (
        SELECT h.number, h.text FROM exchange_peerhead h
        WHERE h.node = n.node AND h.number BETWEEN n.number - 1 AND n.number + 1
        UNION ALL SELECT s.number, s.text FROM shown s WHERE s.node = n.node AND s.text <> n.text
    ) AS h
    WHERE (h.number = n.number AND h.text <> n.text)
       OR (h.number = n.number - 1
           AND encode(sha256(h.text), 'hex') <> convert_from(n.text, 'UTF8')::jsonb ->> 'previous')
       OR (h.number = n.number + 1
           AND encode(sha256(n.text), 'hex') <> convert_from(h.text, 'UTF8')::jsonb ->> 'previous')
) AND NOT EXISTS (
    SELECT FROM exchange_fork f WHERE f.node = n.node AND f.number = n.number AND f.text = n.text)
"""

# The entries of one batch, to build its tree again.
TREE = "SELECT text FROM exchange_leaf WHERE number BETWEEN %b AND %b ORDER BY number"

# Entries of the log by their numbers.
ENTRIES = "SELECT number, batch, text, body FROM exchange_leaf WHERE number = ANY(%b::bigint[])"

# Where a batch lies whose entries are read from the file of their month, and its head.
LYING = """
SELECT a.month, a.place, a.size, encode(a.digest, 'hex'), b.text, b.signature
FROM exchange_archivedbatch a JOIN exchange_batch b USING (number) WHERE number = %b
"""

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

# What operators decided, in their order.
DECISIONS = "SELECT position, text FROM exchange_decision ORDER BY position LIMIT %b"

# These stand in the log now.
FORGET_DECISIONS = "DELETE FROM exchange_decision WHERE position = ANY(%b::bigint[])"

# Files of months that were checked, and of which the log does not speak yet.
MONTHS = "SELECT month, text FROM exchange_archivedmonth WHERE leaf IS NULL ORDER BY month"

# Now it does.
ARCHIVED = "UPDATE exchange_archivedmonth SET leaf = %b::bigint WHERE month = %b::text AND leaf IS NULL"

# What can be sent now to these agencies, oldest first: not what must wait, nor what stands behind it in its stream, be it
# one that waits too or a dead letter about which an operator may still decide; and whatever is too late by now.
# `after` is the number in the stream that must have arrived before, `stopped` are the numbers that never will.
DUE = """
SELECT o.id, o.leaf, o.kind, o.sender, o.recipient, o.give_up_at, o.tries, o.confirm,
       coalesce((SELECT max(e.seq) FROM exchange_outgoing e
                 WHERE e.state = 'signed' AND e.stream <> '' AND e.sender = o.sender AND e.recipient = o.recipient
                   AND e.stream = o.stream AND e.seq < o.seq), 0),
       o.stream, o.seq,
       CASE WHEN o.seq > 1 THEN (
            SELECT array_agg(e.seq) FROM exchange_outgoing e
            WHERE e.state IN ('refused', 'dead', 'returned', 'cancelled') AND e.stream <> '' AND e.sender = o.sender
              AND e.recipient = o.recipient AND e.stream = o.stream AND e.seq < o.seq) END
FROM unnest(%b::text[]) AS agency (code) CROSS JOIN LATERAL (
    SELECT * FROM exchange_outgoing w
    WHERE w.state = 'signed' AND w.recipient = agency.code AND (w.give_up_at <= %b OR (
        (w.next_try IS NULL OR w.next_try <= %b)
        AND (w.stream = '' OR NOT EXISTS (
            SELECT FROM exchange_outgoing e WHERE e.state = 'signed' AND e.stream <> '' AND e.sender = w.sender
              AND e.recipient = w.recipient AND e.stream = w.stream AND e.seq < w.seq AND e.next_try > %b))
        AND (w.seq < 2 OR NOT EXISTS (
            SELECT FROM exchange_outgoing e WHERE e.state = 'dead' AND e.stream <> '' AND e.sender = w.sender
              AND e.recipient = w.recipient AND e.stream = w.stream AND e.seq < w.seq
              AND e.expires > %b AND e.give_up_at > %b))))
    ORDER BY w.leaf LIMIT %b
) o ORDER BY o.leaf LIMIT %b
"""

# When the first of those that wait may be tried again, or is too late.
NEXT_DUE = """
SELECT min(least(coalesce(next_try, give_up_at), give_up_at)) FROM exchange_outgoing
WHERE state = 'signed' AND recipient = ANY(%b::text[])
"""

# What is carried there on a medium is given up when it expires, and not before.
WAIT_LONGER = """
UPDATE exchange_outgoing SET give_up_at = expires
WHERE state = 'signed' AND recipient = ANY(%b::text[]) AND give_up_at < expires
"""

# The other node misses what it once signed for, and nobody else: it goes there again.
RESEND = """
UPDATE exchange_outgoing o SET state = 'signed', next_try = NULL, settled_at = NULL, give_up_at = least(expires, %b)
WHERE o.state IN ('received', 'handled') AND o.stream <> '' AND o.sender = %b AND o.recipient = %b AND o.stream = %b
  AND o.seq >= %b AND o.seq < %b AND o.expires > %b
  AND EXISTS (SELECT 1 FROM exchange_receipt r WHERE r.message = o.id AND r.state = 'received' AND r.node = %b)
RETURNING o.id
"""

# Messages to agencies that no node hosts. It goes from recipient to recipient, for of those that are hosted very many may wait.
ASTRAY = """
WITH RECURSIVE waited (recipient) AS (
    (SELECT recipient FROM exchange_outgoing WHERE state = 'signed' ORDER BY recipient LIMIT 1)
    UNION ALL SELECT (SELECT o.recipient FROM exchange_outgoing o WHERE o.state = 'signed' AND o.recipient > w.recipient
                      ORDER BY o.recipient LIMIT 1) FROM waited w WHERE w.recipient IS NOT NULL
)
SELECT o.id, o.leaf, o.kind, o.sender, o.recipient, o.give_up_at, o.tries, o.confirm, 0::bigint
FROM (SELECT recipient FROM waited WHERE recipient <> ALL(%b::text[])) s CROSS JOIN LATERAL (
    SELECT * FROM exchange_outgoing o
    WHERE o.state = 'signed' AND o.recipient = s.recipient AND (o.next_try IS NULL OR o.next_try <= %b) ORDER BY o.leaf LIMIT %b
) o ORDER BY o.leaf LIMIT %b
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
INSERT INTO exchange_peer (name, agencies, failures, next_try, last_error, last_ok, pace)
VALUES (%b, %b, %b, %b, %b, %b, %b)
ON CONFLICT (name) DO UPDATE SET agencies = excluded.agencies, failures = excluded.failures, next_try = excluded.next_try,
    last_error = excluded.last_error, last_ok = coalesce(excluded.last_ok, exchange_peer.last_ok), pace = excluded.pace
"""

# It showed us its heads, and with which edition of the directory it works; NULL if its release does not say so.
HEARD = """
INSERT INTO exchange_peer (name, agencies, heard_at, edition) VALUES (%b, %b, %b, %b)
ON CONFLICT (name) DO UPDATE SET heard_at = excluded.heard_at, edition = excluded.edition
"""

# A version of the directory this node works with.
DIRECTORY = "INSERT INTO exchange_directoryversion (version, text) VALUES (%b, %b) ON CONFLICT DO NOTHING"

# The version it worked with last.
LAST_DIRECTORY = "SELECT text FROM exchange_directoryversion ORDER BY version DESC LIMIT 1"

# Of the heads we hold of a node: the one with this number, and the newest if it is a later one.
HELD = """
(SELECT text, signature FROM exchange_peerhead WHERE node = %b AND number = %b) UNION ALL
(SELECT text, signature FROM exchange_peerhead WHERE node = %b AND number > %b ORDER BY number DESC LIMIT 1)
"""

# A head somebody showed us.
KEEP_HEAD = """
INSERT INTO exchange_peerhead (node, number, text, signature) VALUES (%b, %b, %b, %b) ON CONFLICT DO NOTHING
"""

# Two heads of one number: the other is kept beside the one that stands in the log.
KEEP_FORK = """
INSERT INTO exchange_fork (node, number, text, signature) SELECT n.* FROM (
    VALUES (%b::text, %b::bigint, %b::bytea, %b::bytea)) AS n (node, number, text, signature)
WHERE NOT EXISTS (SELECT FROM exchange_fork f WHERE f.node = n.node AND f.number = n.number AND f.text = n.text)
"""

# The last head that is in the database itself.
LAST_BATCH = "SELECT text, signature FROM exchange_batch ORDER BY number DESC LIMIT 1"

# A recovery that has begun and not ended: its number, where the log stood, whom not to wait for.
RECOVERING = """
SELECT id, restored, without FROM exchange_recovery WHERE finished_at IS NULL ORDER BY id LIMIT 1
"""

BEGIN_RECOVERY = "INSERT INTO exchange_recovery (restored, without) VALUES (%b, '{}') RETURNING id"

SILENT = "UPDATE exchange_recovery SET silent = %b WHERE id = %b RETURNING without"

# Whom an operator does not want to be waited for any more; they are silent like those who were never heard.
WITHOUT = "SELECT without FROM exchange_recovery WHERE id = %b"

GIVEN_UP = "UPDATE exchange_recovery SET silent = silent || %b::text[] WHERE id = %b"

# The log goes on: after which head of ours, and which entries are gone.
CONTINUE = "UPDATE exchange_recovery SET continued = %b, first = %b, last = %b WHERE id = %b"

GIVEN_BACK = "UPDATE exchange_recovery SET sent = sent + %b, received = received + %b WHERE id = %b"

FINISH_RECOVERY = "UPDATE exchange_recovery SET finished_at = %b WHERE id = %b"

# Drafts of the backup that had been signed and sent after it was made.
FORGET_SENT = "DELETE FROM exchange_outbox b USING exchange_outgoing o WHERE o.id = b.id"

# The first entry that may have to do with heads of a node after this number. Found by the time we first saw such a head, since
# no index says it; that is the database's, a batch bears the node's, and both may differ by less than a day.
SINCE = """
SELECT min(first) FROM exchange_batch
WHERE at >= (SELECT min(at) - interval '1 day' FROM exchange_peerhead WHERE node = %b AND number > %b)
"""

# Messages of a node that stand under heads of it after this number, and the number of our receipt for each.
SENT_TO_US = """
SELECT l.number, l.envelope, l.body, l.peer_head, l.peer_index, l.peer_proof
FROM exchange_leaf l JOIN exchange_incoming i ON i.leaf = l.number
WHERE l.number > %b AND l.number >= %b AND l.what = 'receipt' AND l.peer = %b AND l.peer_head > %b AND i.effect <> 'answered'
ORDER BY l.number LIMIT %b
"""

# Messages of ours for which a node gave a receipt under heads of it after this number.
TAKEN_FROM_US = """
SELECT o.leaf, r.text, r.head, r.index, r.proof
FROM exchange_receipt r JOIN exchange_outgoing o ON o.id = r.message
WHERE r.node = %b AND r.head > %b AND r.state = 'received' AND (r.head, r.index) > (%b, %b)
ORDER BY r.head, r.index LIMIT %b
"""

# Heads a node showed us, by their numbers.
HEADS_OF = "SELECT text, signature FROM exchange_peerhead WHERE node = %b AND number = ANY(%b::bigint[])"

# A message of ours to one of these agencies.
MESSAGE_TO = "SELECT leaf FROM exchange_outgoing WHERE id = %b AND recipient = ANY(%b::text[])"

# The newest heads we hold of these nodes.
NEWEST_HELD = """
SELECT h.text, h.signature FROM unnest(%b::text[]) AS wanted (node) CROSS JOIN LATERAL (
    SELECT text, signature FROM exchange_peerhead WHERE node = wanted.node ORDER BY number DESC LIMIT 1) AS h
"""

# Our own heads from a number on, those that only others still had among them; ours are those in the database, and one the
# log was continued after.
CHAIN = """
SELECT text, signature, is_ours FROM (
    SELECT DISTINCT ON (number, text) * FROM (
        (SELECT number, text, signature, TRUE AS is_ours FROM exchange_batch WHERE number >= %b ORDER BY number LIMIT %b)
        UNION ALL
        (SELECT number, text, signature, EXISTS (SELECT FROM exchange_recovery r WHERE r.continued = h.number)
         FROM exchange_peerhead h WHERE node = %b AND number >= %b ORDER BY number LIMIT %b)
    ) AS every ORDER BY number, text, is_ours DESC
) AS head ORDER BY number LIMIT %b
"""

# The newest head of this node's journal.
JOURNAL_HEAD = """
SELECT origin, number, first_place, size, root, previous, at, key_id, signature
FROM journal_head ORDER BY number DESC LIMIT 1
"""

# A head of another node's journal; and a contradiction to one we hold: another under its number, or one that does not follow.
KEEP_JOURNAL = """
INSERT INTO exchange_peerjournal (node, number, text, signature) VALUES (%b, %b, %b, %b) ON CONFLICT DO NOTHING
"""
JOURNAL_FORKED = """
INSERT INTO exchange_fork (log, node, number, text, signature)
SELECT 'journal', n.* FROM (VALUES (%b::text, %b::bigint, %b::bytea, %b::bytea)) AS n (node, number, text, signature)
WHERE EXISTS (
    SELECT FROM exchange_peerjournal h WHERE h.node = n.node AND (
        (h.number = n.number AND h.text <> n.text)
        OR (h.number = n.number - 1 AND encode(sha256('\\x00'::bytea || h.text || h.signature), 'hex')
            <> convert_from(n.text, 'UTF8')::jsonb ->> 'previous')
        OR (h.number = n.number + 1 AND encode(sha256('\\x00'::bytea || n.text || n.signature), 'hex')
            <> convert_from(h.text, 'UTF8')::jsonb ->> 'previous'))
) AND NOT EXISTS (SELECT FROM exchange_fork f WHERE f.node = n.node AND f.number = n.number AND f.text = n.text)
"""

# Files the log still needs: large bodies, which lie in the store for as long as the log itself (those of archived months are
# named in `exchange_apart`), and what goes with messages that are not settled. What came of a settled one is named by whoever
# handled it. The entry of a message of ours is its envelope.
LOGGED = """
SELECT encode(decode(substring(convert_from(coalesce(envelope, text), 'UTF8') FROM 'sha-256=:([^:]{44}):'), 'base64'), 'hex')
FROM exchange_leaf WHERE body IS NULL AND (envelope IS NOT NULL OR what = 'message')
UNION ALL
SELECT (regexp_matches(convert_from(coalesce(envelope, text), 'UTF8'), '"digest":"([0-9a-f]{64})"', 'g'))[1]
FROM exchange_leaf WHERE number IN (
    SELECT leaf FROM exchange_outgoing WHERE state = 'signed'
    UNION ALL SELECT leaf FROM exchange_outgoing WHERE state = 'dead'
    UNION ALL SELECT leaf FROM exchange_incoming WHERE effect = 'pending'
    UNION ALL SELECT leaf FROM exchange_incoming WHERE effect = 'dead'
)
"""
