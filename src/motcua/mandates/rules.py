"""Who may write, take on and end mandates, and look at what proves a representation."""

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule
from motcua.mandates.models import Claim, Kind, Mandate
from motcua.people.models import Account


@rule(_("persons with an electronic identity of level 2"))
def confirmed_person(actor: Actor, subject: object) -> bool:
    """Who binds others or lets themselves be bound must be known for certain (decree 69/2024)."""
    return (
        actor.urn.startswith("person:")
        and Account.objects.filter(
            pk=actor.urn.removeprefix("person:"), assurance=Account.Assurance.TWO
        ).exists()
    )


@rule(_("the agent"))
def agent(actor: Actor, mandate: Mandate) -> bool:
    return actor.urn == f"person:{mandate.agent_id}"


@rule(_("the principal, or who represents the business"))
def principal(actor: Actor, mandate: Mandate) -> bool:
    return speaks_for(actor, mandate.principal_number)


@rule(_("the one-stop officers of the agency"))
def claim_officer(actor: Actor, claim: Claim) -> bool:
    return actor.holds("receiver", "registrar", at=claim.agency)


@rule(_("the one-stop officers of an agency"))
def checker(actor: Actor, mandate: Mandate) -> bool:
    """Of any: a mandate is shown wherever something is filed under it."""
    return actor.holds("receiver", "registrar")


@rule(_("it is not their own claim"))
def uninvolved(actor: Actor, claim: Claim) -> bool:
    own = Account.objects.filter(username=claim.agent_number).values_list("pk", flat=True).first()
    return actor.urn != f"person:{own}"


def speaks_for(actor: Actor, number: str) -> bool:
    """Whether it is this person's own number, or the code of a business they represent by law."""
    if not actor.urn.startswith("person:"):
        return False
    account = actor.urn.removeprefix("person:")
    if Account.objects.filter(pk=account, username=number).exists():
        return True
    held = Mandate.objects.in_force().held_by(actor)
    return held.filter(kind=Kind.REPRESENTATIVE, principal_number=number).exists()
