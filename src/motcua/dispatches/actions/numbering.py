"""How an agency numbers its documents, said for a year that has not begun."""

from django.utils import timezone

from motcua.dispatches.events import NumberingSet
from motcua.dispatches.models import Numbering, Outgoing
from motcua.dispatches.rules import clerk, head
from motcua.journal.actions import record
from motcua.lib.actions import action
from motcua.lib.actors import Actor


@action(who=clerk | head, locks=False)
def set_numbering(numbering: Numbering, *, by: Actor, is_by_kind: bool) -> Numbering:
    """One series for all kinds of documents or one for each, from the next year that has no number yet."""
    since = free_year(numbering.agency)
    held, _made = Numbering.objects.update_or_create(
        agency=numbering.agency, since=since, defaults={"is_by_kind": is_by_kind}
    )
    record(NumberingSet(held.agency, since, by_kind=is_by_kind), about=held, by=by)
    return held


def free_year(agency: str) -> int:
    """The first year, from this one on, in which nothing has a number yet."""
    year = timezone.localdate().year
    return year + 1 if Outgoing.objects.register(agency, year).exists() else year
