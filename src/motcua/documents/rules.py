"""Who may do what with documents."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from motcua.documents.models import OFFICE, Document
from motcua.lib.actors import Actor
from motcua.lib.rules import rule

SIGNATORIES: dict[str, tuple[str, ...]] = {
    Document.Kind.RECEIPT: ("receiver",),
    Document.Kind.SUPPLEMENT: ("receiver", "registrar", "specialist"),
    Document.Kind.REFUSAL: ("receiver", "registrar"),
    Document.Kind.APOLOGY: ("chair",),
    Document.Kind.BIRTH: ("chair",),
    Document.Kind.CERTIFICATE: ("chair",),
    Document.Kind.EXTRACT: ("chair",),
    Document.Kind.CERTIFIED: ("chair",),
}


@rule(_("the person the document belongs to"))
def owner(actor: Actor, document: Document) -> bool:
    return not actor.is_anonymous and document.owner == actor.urn


@rule(_("officers of the agency who work on dossiers"))
def officer(actor: Actor, document: Document) -> bool:
    return holds_for(actor, OFFICE, document.agency)


@rule(_("the officer who signs this kind of paper at the agency"))
def signatory(actor: Actor, document: Document) -> bool:
    """The head of the agency signs results; the one-stop desk signs its own three forms (circular 01/2018, article 9)."""
    return actor.holds(*SIGNATORIES.get(document.kind, ()), at=document.agency)


@rule(_("the head of the agency"))
def head(actor: Actor, document: Document) -> bool:
    return holds_for(actor, ("chair",), document.agency)


def holds_for(actor: Actor, roles: Sequence[str], agency: str) -> bool:
    """Whether one of the roles is held at the agency that issued it, or at the one that has followed it."""
    return bool(agency) and actor.holds(*roles, at=agency)
