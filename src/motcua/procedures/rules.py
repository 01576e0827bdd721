"""Who may change the catalogue of procedures, and who may keep one at hand."""

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule, system
from motcua.organisations.rules import national_administrator
from motcua.procedures.models import Draft, Favourite

keepers_of_the_catalogue = national_administrator | system


@rule(_("it is not their own draft"))
def another_person(actor: Actor, draft: Draft) -> bool:
    """Four eyes: nobody approves what they wrote or proposed."""
    return actor.urn not in {*draft.authors, draft.proposed_by}


@rule(_("whose favourite it is"))
def keeper(actor: Actor, favourite: Favourite) -> bool:
    return actor.urn == favourite.urn
