"""The numbers follow the journal."""

from collections.abc import Sequence

from motcua.indicators import actions
from motcua.journal.followers import follows
from motcua.journal.models import Entry
from motcua.lib.actors import Actor

INDICATORS = Actor.system("indicators")


@follows(actions.NAME, actions.COUNTED)
def count(entries: Sequence[Entry]) -> None:
    """Add what the next entries say."""
    actions.count(entries, by=INDICATORS)
