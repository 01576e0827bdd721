"""Who may write, sign, issue and receive documents in an agency's name."""

from django.utils.translation import gettext_lazy as _

from motcua.dispatches.models import (
    Copy,
    Correspondent,
    Folder,
    Incoming,
    Outgoing,
    ReceivedMail,
    SentMail,
    Template,
)
from motcua.lib.actors import Actor
from motcua.lib.rules import rule

OFFICERS = ("receiver", "registrar", "specialist", "clerk", "chair", "deputy")


@rule(_("officers of the agency"))
def officer(actor: Actor, document: Outgoing | Incoming) -> bool:
    return actor.holds(*OFFICERS, at=document.agency)


@rule(_("officers of the agency, and whoever it was given to"))
def opener(actor: Actor, document: Outgoing | Incoming) -> bool:
    """Which of them may open which document is said by `visible_to`."""
    given = isinstance(document, Incoming) and holder(actor, document)
    return given or actor.holds(*OFFICERS, at=document.agency)


@rule(_("whoever drafted it"))
def drafter(actor: Actor, document: Outgoing) -> bool:
    return document.drafted_by == actor.urn


def asks(actor: Actor, document: Outgoing, *wanted: str) -> bool:
    """Whether this officer is asked one of these now; nothing is asked of the database where a page read it already."""
    return any(
        one.officer == actor.urn and one.wanted in wanted and one.asked_at and not one.answered_at
        for one in document.reviews.all()
    )


@rule(_("whoever is asked for an opinion on it"))
def asked_for_opinion(actor: Actor, document: Outgoing) -> bool:
    return asks(actor, document, "opinion")


@rule(_("whoever is asked to initial it"))
def asked_for_initials(actor: Actor, document: Outgoing) -> bool:
    return asks(actor, document, "content", "form")


@rule(_("whoever it was sent to within the agency"))
def asked_once(actor: Actor, document: Outgoing) -> bool:
    return any(one.officer == actor.urn and one.asked_at for one in document.reviews.all())


@rule(_("the head of the agency"))
def head(actor: Actor, document: Outgoing | Incoming | Copy | Folder) -> bool:
    return actor.holds("chair", "deputy", at=document.agency)


@rule(_("the administrator of the agency"))
def administrator(actor: Actor, template: Template | Correspondent) -> bool:
    return actor.holds("administrator", at=template.agency)


@rule(_("the records clerk of the agency"))
def clerk(
    actor: Actor, document: Outgoing | Incoming | Copy | Folder | Correspondent | SentMail | ReceivedMail
) -> bool:
    return actor.holds("clerk", at=document.agency)


@rule(_("whoever it was given to"))
def holder(actor: Actor, document: Incoming) -> bool:
    return bool(document.holder) and document.holder == actor.urn


@rule(_("whoever makes up the file"))
def folder_keeper(actor: Actor, folder: Folder) -> bool:
    return bool(folder.keeper) and folder.keeper == actor.urn
