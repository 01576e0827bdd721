"""Entries of the log as they were written, for whoever works with Django: those the database has dropped come from their file."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from motcua.exchange import blocks
from motcua.exchange.blocks import Block, Lying, Unreadable
from motcua.exchange.evidence import SignedHead
from motcua.exchange.models import ArchivedBatch, Batch, Leaf


def whole(leaf: Leaf) -> Leaf:
    """The entry with what the database has dropped of it; Unreadable if its file does not hold it."""
    if leaf.text is None:
        block = block_of(leaf.batch)
        leaf.text = block.text(leaf.number)
        came = block.came(leaf.number)
        if came:
            leaf.envelope, leaf.peer_proof = block.envelope(leaf.number), came.proof
    return leaf


def texts_of(batch: Batch) -> list[bytes]:
    """All entries of a batch, in their order; Unreadable if its file does not hold them."""
    entries = Leaf.objects.filter(number__range=(batch.first, batch.first + batch.size - 1))
    found = entries.order_by("number").values_list("text", flat=True)
    texts = [bytes(text) for text in found if text is not None]
    return texts if len(texts) == batch.size else block_of(batch.number).texts


def block_of(number: int) -> Block:
    """A batch whose entries the database has dropped, from the file of its month; Unreadable if they do not stand there."""
    found = ArchivedBatch.objects.filter(number=number).first()
    if found is None:
        raise blocks.unknown(number)
    batch = Batch.objects.get(number=number)
    lying = Lying(found.month, found.place, found.size, bytes(found.digest).hex())
    return blocks.read(Path(settings.HOME), lying, SignedHead(bytes(batch.text), bytes(batch.signature)))


def words(error: Unreadable) -> str:
    """What is wrong with a file, to be read by whoever keeps it."""
    where = {"file": error.file, "place": error.place, "what": _(error.what)}
    return _("%(file)s, byte %(place)s: %(what)s. Bring the file back from a backup.") % where
