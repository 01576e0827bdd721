"""Who may approve a reorganisation."""

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule
from motcua.reorganisations.models import Plan


@rule(_("it is not their own plan"))
def second_person(actor: Actor, plan: Plan) -> bool:
    """Four eyes: nobody approves what they wrote."""
    return actor.urn not in plan.authors
