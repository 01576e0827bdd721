"""Who may change the catalogue of procedures, and who may keep one at hand."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule, system
from motcua.organisations.rules import national_administrator
from motcua.procedures.models import Draft, Favourite, Version
from motcua.procedures.polls import Poll

keepers_of_the_catalogue = national_administrator | system


@rule(_("administrators of the agency the procedure belongs to"))
def owners_administrator(actor: Actor, subject: Draft | Version | Poll) -> bool:
    """A province writes its own procedures, the national agency all others."""
    return actor.holds("administrator", at=subject.owner or settings.NODE.national)


@rule(_("administrators of the agency that runs the node, and of the nation"))
def keepers_of_the_lists(actor: Actor, subject: object) -> bool:
    """Who can mend the files of the node, or the catalogue, says what was compared."""
    return any(
        actor.holds("administrator", at=code) for code in {settings.NODE.agency, settings.NODE.national}
    )


# A file brought at the terminal becomes a draft; who proposes and who approves are people.
writers = owners_administrator | system


@rule(_("it is not their own draft"))
def another_person(actor: Actor, draft: Draft) -> bool:
    """Four eyes: nobody approves what they wrote or proposed."""
    return actor.urn not in {*draft.authors, draft.proposed_by}


@rule(_("whose favourite it is"))
def keeper(actor: Actor, favourite: Favourite) -> bool:
    return actor.urn == favourite.urn
