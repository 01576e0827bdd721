"""Who may confirm whom at a counter."""

from django.utils.translation import gettext_lazy as _

from motcua.enrolments.models import Enrolment
from motcua.lib.actors import Actor
from motcua.lib.rules import rule
from motcua.people.models import Account


@rule(_("receivers of the agency's one-stop desk"))
def receiver_there(actor: Actor, enrolment: Enrolment) -> bool:
    """Whoever sees people and their cards across this counter."""
    return actor.holds("receiver", at=enrolment.agency)


@rule(_("it is they themselves who are shown"))
def themselves(actor: Actor, enrolment: Enrolment) -> bool:
    """Nobody confirms themselves."""
    own = Account.objects.filter(pk=actor.urn.removeprefix("person:"), username=enrolment.number)
    return actor.urn.startswith("person:") and own.exists()
