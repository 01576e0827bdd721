"""Who may change registers."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule


@rule(_("officers who keep the register"))
def keeper(actor: Actor, subject: Any) -> bool:
    """Registrars of the agency that runs this node: a register's node serves that one agency."""
    return actor.holds("registrar", at=settings.NODE.agency)
