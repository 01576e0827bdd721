"""Who may change the register."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule

# Bộ Tài chính keeps the national database on business registration.
HOLDER = "G12"


@rule(_("officers who keep the register"))
def keeper(actor: Actor, subject: Any) -> bool:
    """Registrars of the ministry, at whichever agency's node the register is kept."""
    return actor.holds("registrar", at=HOLDER)
