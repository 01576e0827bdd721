"""Who may look behind the pages."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.lib.actions import Refused
from motcua.lib.actors import Actor
from motcua.lib.rules import Rule, rule


@rule(gettext_lazy("auditors of the agency that runs this node"))
def auditor(actor: Actor, subject: Any) -> bool:
    return actor.holds("auditor", at=settings.NODE.agency)


@rule(gettext_lazy("administrators of agencies at this node"))
def administrator(actor: Actor, subject: Any) -> bool:
    return actor.is_system or actor.holds("administrator")


watcher = auditor | administrator


def only(who: Rule, actor: Actor, subject: Any = None) -> None:
    """Raises `Refused` unless the rule lets this actor look."""
    if not who(actor, subject):
        raise Refused(_("Only %(who)s may see this.") % {"who": who.says})
