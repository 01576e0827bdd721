"""Which files of the store nobody names, and what an earlier night noted of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from django.conf import settings
from django.db import connection
from django.utils import timezone

from motcua.documents.models import Loose, store
from motcua.lib.blobs import Blob
from motcua.lib.named_files import unnamed

# Looked for in one go; each go reads every column that names files once.
AT_ONCE = 100_000
# From being noted to being deleted: the jobs and pages that were at work when a file was noted are long over.
A_NIGHT = timedelta(hours=20)
EVERYBODY = """
SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Found:
    """How many files, and how large they are together, in bytes."""

    files: int
    size: int


def kept_since() -> datetime:
    """Files put or renewed since then are not asked about: somebody may still be about to name them."""
    return timezone.now() - timedelta(days=settings.NODE.files_kept)


def loose() -> Iterator[list[Blob]]:
    """The old files of the store that nobody names, many at a time."""
    for blobs in batched(store().older(kept_since()), AT_ONCE):
        left = unnamed(blob.digest for blob in blobs)
        yield [blob for blob in blobs if blob.digest in left]


def loose_together() -> Found:
    """What `loose` finds, counted."""
    found = [blob.size for blobs in loose() for blob in blobs]
    return Found(len(found), sum(found))


def noted_before() -> datetime:
    """Whoever might have seen a name of what was noted before then is done: a night has passed since, also for the oldest
    transaction that is still open.
    """
    with connection.cursor() as cursor:
        cursor.execute(EVERYBODY)
        (oldest,) = cursor.fetchone()
    now = timezone.now()
    return min(oldest or now, now) - A_NIGHT


def waiting() -> int:
    """How many files are noted."""
    return Loose.objects.count()
