"""Who may write, sign, issue and receive documents in an agency's name."""

from django.utils.translation import gettext_lazy as _

from motcua.dispatches.models import Copy, Incoming, Outgoing
from motcua.lib.actors import Actor
from motcua.lib.rules import rule

OFFICERS = ("receiver", "registrar", "specialist", "clerk", "chair", "deputy")


@rule(_("officers of the agency"))
def officer(actor: Actor, document: Outgoing | Incoming) -> bool:
    return actor.holds(*OFFICERS, at=document.agency)


@rule(_("whoever drafted it"))
def drafter(actor: Actor, document: Outgoing) -> bool:
    return document.drafted_by == actor.urn


@rule(_("the head of the agency"))
def head(actor: Actor, document: Outgoing | Incoming | Copy) -> bool:
    return actor.holds("chair", "deputy", at=document.agency)


@rule(_("the records clerk of the agency"))
def clerk(actor: Actor, document: Outgoing | Incoming | Copy) -> bool:
    return actor.holds("clerk", at=document.agency)


@rule(_("whoever it was given to"))
def holder(actor: Actor, document: Incoming) -> bool:
    return bool(document.holder) and document.holder == actor.urn
