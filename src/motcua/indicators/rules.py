"""Who may say something about the numbers."""

from django.utils.translation import gettext_lazy as _

from motcua.indicators.models import Declaration
from motcua.lib.actors import Actor
from motcua.lib.rules import rule


@rule(_("the head of the agency"))
def head(actor: Actor, declaration: Declaration) -> bool:
    return actor.holds("chair", at=declaration.agency)
