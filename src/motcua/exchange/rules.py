"""Who may decide about messages that are stuck, and who may take along what proves one."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule


@rule(
    _(
        "operators of this node, and of a message the administrators of the agency here that sent it or is to get it"
    )
)
def operator(actor: Actor, subject: Any) -> bool:
    """The administrators of whom the node belongs to decide about all; other agencies hosted here about what is theirs."""
    agencies = {settings.NODE.agency, *([getattr(subject, subject.OURS)] if subject else [])}
    return actor.is_system or any(actor.holds("administrator", at=code) for code in agencies)


@rule(_("whoever works at the machine of this node"))
def keeper(actor: Actor, subject: Any) -> bool:
    return actor.is_system


@rule(_("administrators of agencies at this node, and whoever works at its machine"))
def tester(actor: Actor, subject: Any) -> bool:
    return actor.is_system or actor.holds("administrator")


@rule(_("auditors of the agency that runs this node, and whoever works at its machine"))
def witness(actor: Actor, subject: Any) -> bool:
    return actor.is_system or actor.holds("auditor", at=settings.NODE.agency)
