"""Who may decide about messages that cannot be delivered."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule


@rule(_("operators of this node"))
def operator(actor: Actor, subject: Any) -> bool:
    return actor.is_system or actor.holds("administrator")
