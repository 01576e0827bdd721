"""Look, and leave a trace of having looked."""

from django.db.models import Sum

from motcua.journal import verification
from motcua.journal.actions import record
from motcua.journal.keyring import public_keys
from motcua.journal.models import Entry, Head
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.oversight import rules
from motcua.oversight.events import JournalVerified, TimelineRead

JOURNAL = "journal:node"
HEADS = 20


@action(who=rules.auditor)
def read_timeline(about: str, *, by: Actor, after: int = 0, count: int = 50) -> list[Entry]:
    """An auditor reads what the journal says of a subject, oldest first; that they did stands in the journal from then on."""
    entries = list(Entry.objects.about(about).filter(id__gt=after)[:count])
    if entries:
        record(TimelineRead(len(entries)), about=about, by=by)
    return entries


@action(who=rules.auditor)
def verify(journal: str, *, by: Actor, heads: int = HEADS) -> JournalVerified:
    """An auditor has the newest heads of the journal verified; what came out is recorded."""
    newest = Head.objects.order_by("-number")[:heads]
    entries = newest.aggregate(entries=Sum("size"))["entries"] or 0
    broken = verification.first_broken(public_keys(), heads=heads)
    verified = JournalVerified(
        heads=newest.count(),
        entries=entries,
        place=broken.place if broken else 0,
        what=broken.what if broken else "",
    )
    record(verified, about=journal, by=by)
    return verified
