"""Who may do what with machines and with what they are told."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.api.models import Client, Delivery, Subscription
from motcua.lib.actors import Actor
from motcua.lib.rules import rule


@rule(_("administrators of the agency"))
def agency_administrator(actor: Actor, subject: Any) -> bool:
    """Asked of a machine, of where it is told, or of a notice."""
    return actor.holds("administrator", at=client_of(subject).agency)


@rule(_("the machine itself"))
def oneself(actor: Actor, subject: Any) -> bool:
    """Asked of a machine, or of what belongs to one."""
    return bool(actor.urn == client_of(subject).urn)


def client_of(subject: Client | Subscription | Delivery) -> Client:
    """The machine something belongs to."""
    match subject:
        case Delivery():
            return subject.subscription.client
        case Subscription():
            return subject.client
    return subject
