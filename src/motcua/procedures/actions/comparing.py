"""Somebody who can read the text of the law says that a value of our lists is what it says."""

from motcua.journal.actions import record
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.procedures.comparing import Value
from motcua.procedures.events import ValueCompared
from motcua.procedures.rules import keepers_of_the_lists


@action(who=keepers_of_the_lists, locks=False)
def compare(value: Value, *, by: Actor) -> None:
    """A value was compared with its text; it holds until the value changes."""
    record(ValueCompared(value.key, value.source, value.digest), about=value, by=by)
