"""Dropping archived months from the database: the file first, then the log's own word of it, then what stands there, by batches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from motcua.exchange import months
from motcua.exchange.blocks import FILE, Unreadable, line_of
from motcua.exchange.canonical import canonical, to_millisecond, written
from motcua.exchange.evidence import Head, SignedHead
from motcua.exchange.models import ArchivedBatch, ArchivedMonth, Batch
from motcua.exchange.months import Checked, Wrong

AT_ONCE = 64  # batches

# What keeps these batches whole: messages that wait, also for an operator, and those that may be asked for once more.
OPEN = """
WITH within AS (SELECT min(first) AS first, max(first + size) - 1 AS last FROM exchange_batch
                WHERE number BETWEEN %(first)s AND %(last)s)
SELECT (SELECT count(*) FROM exchange_outgoing, within
        WHERE leaf BETWEEN first AND last AND (state IN ('signed', 'dead') OR expires > %(now)s))
     + (SELECT count(*) FROM exchange_incoming, within
        WHERE leaf BETWEEN first AND last AND effect IN ('pending', 'dead'))
"""
NOTIFY = "SELECT pg_notify('exchange_outbox', 'decided')"

# Of bodies that do not lie in the log itself the store may hold the file, and must go on holding it.
KEEP_NAMES = """
INSERT INTO exchange_apart (leaf, digest)
SELECT number, decode(substring(convert_from(coalesce(envelope, text), 'UTF8') FROM 'sha-256=:([^:]{44}):'), 'base64')
FROM exchange_leaf WHERE number BETWEEN %s AND %s AND body IS NULL AND (envelope IS NOT NULL OR what = 'message')
ON CONFLICT DO NOTHING
"""

# The large parts of an entry; those of the few kinds that operators read stay.
DROP = """
UPDATE exchange_leaf SET text = NULL, envelope = NULL, peer_proof = CASE WHEN envelope IS NULL THEN peer_proof END
WHERE number BETWEEN %s AND %s AND what IN ('message', 'receipt', 'witness') AND text IS NOT NULL
"""


@dataclass(frozen=True)
class Step:
    """How far a month is: `dropped` so many batches just now; `open`, so many messages are not settled; `unsaid`, the log must
    speak of it first.
    """

    month: str
    what: Literal["dropped", "open", "unsaid"]
    count: int = 0


def drop(now: datetime, public_keys: Mapping[str, str], *, kept: int = 0) -> Iterator[Step]:
    """Take each month that has been over for `kept` months one step further: it is dropped when nothing in it is open, its file
    was read back against all signatures and against the database, and the log says so. What is done stays done, wherever it is
    cut off. Unreadable if a file is missing or another, also one of a month dropped before.
    """
    for _path in months.archive(now, public_keys):
        pass
    for month, first, last in months.closed(now):
        if _index(month) + kept < now.year * 12 + now.month and _remain(first, last):
            step = _stepped(month, first, last, now, public_keys)
            if step.count or step.what == "unsaid":
                yield step


def _index(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number)


def _remain(first: int, last: int) -> bool:
    """Whether any of these batches still stands in the database whole."""
    archived = ArchivedBatch.objects.filter(number=OuterRef("number"))
    return Batch.objects.filter(~Exists(archived), number__range=(first, last)).exists()


def _stepped(month: str, first: int, last: int, now: datetime, public_keys: Mapping[str, str]) -> Step:
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"first": first, "last": last, "now": now})
        (count,) = cursor.fetchone()
    if count:
        return Step(month, "open", count)
    checked = Reading(month, public_keys).through()
    if not _is_said(month, checked, now):
        return Step(month, "unsaid")
    dropping = Dropping(month, public_keys)
    dropping.through()
    return Step(month, "dropped", dropping.count)


def _is_said(month: str, checked: Checked, now: datetime) -> bool:
    """Whether the log speaks of the file; if not, it is asked to. Unreadable if it speaks of another."""
    said = {"digest": checked.digest, "first": checked.first, "last": checked.last}
    content = {"type": "archived", "v": 1, "node": settings.NODE.name, "month": month, **said}
    text = canonical(content | {"at": written(to_millisecond(now))})
    values = {**said, "digest": bytes.fromhex(checked.digest), "text": text}
    with transaction.atomic():
        known, is_new = ArchivedMonth.objects.get_or_create(month=month, defaults=values)
        if is_new:
            with connection.cursor() as cursor:
                cursor.execute(NOTIFY)
    if (bytes(known.digest).hex(), known.first, known.last) != tuple(said.values()):
        raise Unreadable(FILE.format(month), 0, _("it is not the file the log speaks of"))
    return known.leaf is not None


class Reading:
    """The file of a month, held to the signatures and, batch by batch, to the database."""

    def __init__(self, month: str, public_keys: Mapping[str, str]) -> None:
        self.month, self.public_keys = month, public_keys

    def through(self) -> Checked:
        """The whole file; Unreadable if one byte is another than was signed or than the database has."""
        try:
            return months.check(months.path_of(self.month), self.public_keys, self._compared)
        except Wrong as error:
            raise Unreadable(FILE.format(self.month), error.place, str(error)) from error

    def _compared(self, signed: SignedHead, place: int, line: bytes) -> None:
        number = signed.head.number
        if ArchivedBatch.objects.filter(number=number).exists():
            return
        kept = Batch.objects.filter(number=number).first()
        if (
            kept is None
            or line_of(months.batch_of(SignedHead(bytes(kept.text), bytes(kept.signature)))) != line
        ):
            raise ValueError(_("the batch is not the one in the database"))
        digest = sha256(line).digest()
        lying = ArchivedBatch(number=number, month=self.month, place=place, size=len(line), digest=digest)
        self.found(signed.head, lying)

    def found(self, head: Head, lying: ArchivedBatch) -> None:
        """A batch that stands in the file as in the database."""


class Dropping(Reading):
    """The same, and what was found is from then on read from the file."""

    def __init__(self, month: str, public_keys: Mapping[str, str]) -> None:
        super().__init__(month, public_keys)
        self.count = 0
        self._waiting: list[tuple[Head, ArchivedBatch]] = []

    def through(self) -> Checked:
        checked = super().through()
        self._drop()
        return checked

    def found(self, head: Head, lying: ArchivedBatch) -> None:
        self._waiting.append((head, lying))
        if len(self._waiting) == AT_ONCE:
            self._drop()

    def _drop(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            # Another process may do the same at this moment, with the same file.
            ArchivedBatch.objects.bulk_create(
                [lying for _head, lying in self._waiting], ignore_conflicts=True
            )
            for head, _lying in self._waiting:
                within = [head.first, head.first + head.size - 1]
                cursor.execute(KEEP_NAMES, within)
                cursor.execute(DROP, within)
        self.count += len(self._waiting)
        self._waiting.clear()
