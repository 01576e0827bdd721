"""Who may ask and complain, and who answers."""

from django.utils.translation import gettext_lazy as _

from motcua.dossiers.bearing import bearer_of
from motcua.dossiers.rules import applicant
from motcua.lib.actors import Actor
from motcua.lib.rules import rule
from motcua.people.models import Account
from motcua.petitions.models import ANSWERERS, Kind, Petition, Received


@rule(_("the person themselves; about a dossier, who may act in it"))
def petitioner(actor: Actor, petition: Petition) -> bool:
    is_own = actor.urn == f"person:{petition.account_id}"
    return is_own and (petition.application is None or applicant(actor, petition.application))


@rule(_("who holds the receipt of the dossier it is about, and has shown it"))
def bearer(actor: Actor, received: Received) -> bool:
    return received.dossier is not None and actor == bearer_of(received.dossier)


@rule(_("who answers such petitions at the agency"))
def answerer(actor: Actor, received: Received) -> bool:
    """Anyone who works on dossiers there answers a question; a complaint only the head."""
    return actor.holds(*ANSWERERS[Kind(received.kind)], at=received.agency)


@rule(_("it is not their own petition"))
def not_the_asker(actor: Actor, received: Received) -> bool:
    own = Account.objects.filter(username=received.asker_number).values_list("pk", flat=True).first()
    return actor.urn != f"person:{own}"
