"""Check the journal from the first entry to the last and name the first place that does not hold."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from motcua.journal.models import Entry, Head, Seal
from motcua.journal.sealing import NOTHING
from motcua.lib import keys, merkle

STRANGERS = """
SELECT id FROM journal_entry e
WHERE tx <= (SELECT max(x.tx) FROM journal_entry x JOIN journal_seal s ON s.entry_id = x.id)
  AND NOT EXISTS (SELECT 1 FROM journal_seal s WHERE s.entry_id = e.id) ORDER BY id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place that does not hold: its number in the order, or 0 where it has none, and what is wrong there."""

    place: int
    what: str


def first_broken(
    public_keys: Mapping[str, bytes], *, heads: int = 0, passed: Callable[[Head], None] = lambda head: None
) -> Broken | None:
    """The first break, or None if the journal is whole.

    `public_keys` maps key ids to PEM. `heads` > 0 checks only that many newest heads (their chain begins where they begin).
    `passed` is told each head that holds.
    """
    numbers = Head.objects.order_by("number")
    if heads:
        numbers = Head.objects.filter(
            number__gt=(Head.objects.order_by("-number").values_list("number", flat=True).first() or 0)
            - heads
        ).order_by("number")
    previous: Head | None = None
    for head in numbers.iterator(chunk_size=200):
        broken = check_head(head, previous, public_keys, whole=not heads) or next(check_entries(head), None)
        if broken:
            return broken
        passed(head)
        previous = head
    return stranger()


def check_head(
    head: Head, previous: Head | None, public_keys: Mapping[str, bytes], *, whole: bool
) -> Broken | None:
    """The signature of a head and its link to the head before."""
    key = public_keys.get(head.key_id)
    if key is None or not keys.verify(key, bytes(head.signature), head.statement):
        return Broken(head.first_place, _("the signature of head %(n)s does not hold") % {"n": head.number})
    if previous is None:
        follows = not whole or (head.number, head.first_place, bytes(head.previous)) == (1, 1, NOTHING)
    else:
        follows = (head.number, head.first_place, bytes(head.previous)) == (
            previous.number + 1,
            previous.first_place + previous.size,
            previous.fingerprint,
        )
    if not follows:
        return Broken(
            head.first_place, _("head %(n)s does not follow the one before it") % {"n": head.number}
        )
    return None


def check_entries(head: Head) -> Iterator[Broken]:
    """Each entry of a batch against its leaf, then the leaves against the signed root."""
    seals = {seal.place: seal for seal in Seal.objects.filter(head=head).order_by("place")}
    entries = Entry.objects.in_bulk([seal.entry_id for seal in seals.values()])
    for place in range(head.first_place, head.first_place + head.size):
        seal = seals.get(place)
        entry = entries.get(seal.entry_id) if seal else None
        if seal is None:
            yield Broken(place, _("the seal of this place is missing"))
        elif entry is None:
            yield Broken(place, _("entry %(id)s has been removed") % {"id": seal.entry_id})
        elif entry.leaf != bytes(seal.leaf):
            yield Broken(place, _("entry %(id)s has been changed") % {"id": seal.entry_id})
    leaves = [bytes(seal.leaf) for seal in seals.values()]
    if len(leaves) != head.size or merkle.root(leaves) != bytes(head.root):
        yield Broken(head.first_place, _("the seals of head %(n)s do not give its root") % {"n": head.number})


def stranger() -> Broken | None:
    """An entry that stands among sealed ones but was never sealed."""
    for entry in Entry.objects.raw(STRANGERS):
        return Broken(0, _("entry %(id)s was slipped in among sealed ones") % {"id": entry.pk})
    return None
