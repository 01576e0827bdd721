"""Who may open queues and call tickets."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule
from motcua.organisations.models import Agency


@rule(_("the one-stop officers of the agency"))
def caller(actor: Actor, subject: Any) -> bool:
    """Asked of a queue, a ticket or an agency."""
    return actor.holds("receiver", "registrar", at=agency_of(subject))


@rule(_("administrators of the agency"))
def keeper(actor: Actor, subject: Any) -> bool:
    return actor.holds("administrator", at=agency_of(subject))


def agency_of(subject: Any) -> str:
    return subject.code if isinstance(subject, Agency) else str(subject.agency)
