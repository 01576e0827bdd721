"""Who may ask other agencies, and who answers them."""

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule
from motcua.opinions.models import Inquiry, Question
from motcua.organisations.heirs import answering

OFFICERS = ("receiver", "registrar", "specialist", "clerk", "chair")


@rule(_("officers of the agency that asks"))
def asker(actor: Actor, inquiry: Inquiry) -> bool:
    return actor.holds(*OFFICERS, at=inquiry.asker)


@rule(_("examining officers and the head of the agency that is asked"))
def answerer(actor: Actor, question: Question) -> bool:
    return actor.holds("registrar", "specialist", "chair", at=answering(question.agency))
