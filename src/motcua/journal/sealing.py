"""Seal the journal: give entries their order and sign one Merkle head per batch.

An entry is sealed only when no open transaction can still write an older one: its transaction id lies below the
snapshot's horizon. So a reader who follows the order misses nothing.
"""

from django.db import connection, transaction
from django.utils import timezone

from motcua.journal.models import Entry, Head, Seal
from motcua.lib import merkle
from motcua.lib.keys import SigningKey

LOCK = "SELECT pg_advisory_xact_lock(hashtext('journal.seal'))"

# The transaction up to which all is sealed; the first batch starts from nothing.
SEALED_UPTO = """
SELECT coalesce((SELECT e.tx FROM journal_entry e JOIN journal_seal s ON s.entry_id = e.id
                 ORDER BY s.place DESC LIMIT 1), '0'::xid8)::text
"""

# Entries of finished transactions, cut at the end of a transaction so that none is split between two batches.
READY = """
WITH ready AS (
    SELECT id, tx FROM journal_entry
    WHERE tx > %(upto)s::xid8 AND tx < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY tx, id LIMIT %(batch)s
)
SELECT e.id, e.at, e.event, e.about, e.actor, e.facts FROM journal_entry e
WHERE e.tx > %(upto)s::xid8 AND e.tx <= (SELECT max(tx) FROM ready) ORDER BY e.tx, e.id
"""

BATCH = 5000
NOTHING = bytes(32)


def seal(key: SigningKey, *, origin: str, batch: int = BATCH) -> int:
    """Seal what is ready, at most about `batch` entries, under one signature; return how many."""
    with transaction.atomic():
        entries = ready(batch)
        if not entries:
            return 0
        last = Head.objects.order_by("-number").first()
        leaves = [entry.leaf for entry in entries]
        head = Head(
            number=last.number + 1 if last else 1,
            first_place=last.first_place + last.size if last else 1,
            size=len(leaves),
            root=merkle.root(leaves),
            previous=last.fingerprint if last else NOTHING,
            origin=origin,
            at=timezone.now(),
            key_id=key.key_id,
        )
        head.signature = key.sign(head.statement)
        head.save(force_insert=True)
        Seal.objects.bulk_create(
            Seal(place=head.first_place + index, entry_id=entry.pk, leaf=leaf, head=head)
            for index, (entry, leaf) in enumerate(zip(entries, leaves, strict=True))
        )
        return len(entries)


def ready(batch: int) -> list[Entry]:
    """Take the sealer's lock and read the entries that can be sealed, in order."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute(SEALED_UPTO)
        row = cursor.fetchone()
    return list(Entry.objects.raw(READY, {"upto": row[0] if row else "0", "batch": batch}))
