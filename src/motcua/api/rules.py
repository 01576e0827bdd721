"""Who may do what with machines and with what they are told."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.api.models import Client, Subscription
from motcua.lib.actors import Actor
from motcua.lib.rules import rule


@rule(_("administrators of the agency"))
def agency_administrator(actor: Actor, client: Client) -> bool:
    return actor.holds("administrator", at=client.agency)


@rule(_("the machine itself"))
def oneself(actor: Actor, subject: Any) -> bool:
    """Asked of a machine, or of what belongs to one."""
    client = subject.client if isinstance(subject, Subscription) else subject
    return bool(actor.urn == client.urn)
