"""Who may ask other agencies, and who answers them."""

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule
from motcua.opinions.models import Inquiry, Question
from motcua.people.models import Account

OFFICERS = ("receiver", "registrar", "specialist", "clerk", "chair")


@rule(_("officers of the agency that asks"))
def asker(actor: Actor, inquiry: Inquiry) -> bool:
    return actor.holds(*OFFICERS, at=inquiry.asker)


@rule(_("officers of the agency that is asked"))
def asked_officer(actor: Actor, question: Question) -> bool:
    return actor.holds(*OFFICERS, at=question.agency)


@rule(_("examining officers and the head of the agency that is asked"))
def answerer(actor: Actor, question: Question) -> bool:
    return actor.holds("registrar", "specialist", "chair", at=question.agency)


@rule(_("it is not their own matter"))
def unconcerned(actor: Actor, question: Question) -> bool:
    """Neither the applicant nor who filed for them, as with a dossier, says what another agency thinks of it."""
    return not is_concerned(actor.urn, question)


def is_concerned(urn: str, question: Question) -> bool:
    """Whether it is the matter of whoever bears this urn."""
    own = Account.objects.filter(username__in=question.concerned).values_list("pk", flat=True)
    return urn in {f"person:{account}" for account in own}
