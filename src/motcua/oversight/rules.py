"""Who may look behind the pages."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.exchange.rules import operator
from motcua.lib.actions import Refused
from motcua.lib.actors import Actor
from motcua.lib.rules import Rule, rule


@rule(gettext_lazy("auditors of the agency that runs this node"))
def auditor(actor: Actor, subject: Any) -> bool:
    return actor.holds("auditor", at=settings.NODE.agency)


watcher = auditor | operator


def only(who: Rule, actor: Actor) -> None:
    """Raises `Refused` unless the rule lets this actor look."""
    if not who(actor, None):
        raise Refused(_("Only %(who)s may see this.") % {"who": who.says})
