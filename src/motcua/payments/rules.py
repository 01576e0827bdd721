"""Who may take money, look after the books, and send money back."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule
from motcua.payments.models import Bundle, Charge, Payment, Refund

CASHIERS = ("receiver", "registrar")
BOOKKEEPERS = ("receiver", "clerk", "chair")
HEADS = ("clerk", "chair")


@rule(_("the one-stop officers of the agency the money belongs to"))
def cashier(actor: Actor, charge: Charge) -> bool:
    return holds_for(actor, CASHIERS, charge.payee)


@rule(_("those who keep the books of the agency"))
def bookkeeper(actor: Actor, subject: Any) -> bool:
    """Of a statement all read their own lines; money nobody knows lies with the agency that holds the account."""
    return holds_for(actor, BOOKKEEPERS, payee_of(subject))


@rule(_("the accountant or the head of the agency"))
def head(actor: Actor, subject: Any) -> bool:
    return holds_for(actor, HEADS, payee_of(subject))


def keeps_all(actor: Actor) -> bool:
    """Whether they keep the books of every agency of the node: the system itself, and the agency that runs it."""
    return actor.is_system or holds_for(actor, BOOKKEEPERS, settings.NODE.agency)


def holds_for(actor: Actor, roles: Sequence[str], payee: str) -> bool:
    """Whether one of the roles is held where the money belongs, or at the agency that has followed it; anywhere for no payee."""
    return actor.holds(*roles, at=payee or None)


def payee_of(subject: Any) -> str:
    """The agency whose money it is; of money nobody knows, the one that holds the account. Nothing where it is no money."""
    match subject:
        case Charge() | Bundle():
            return subject.payee
        case Payment():
            return subject.payee or account_holder()
        case Refund():
            return subject.payment.payee or account_holder()
    return ""


def account_holder() -> str:
    """Whose account transfers come into and whose contract with the gateway it is: the agency that runs the node."""
    return settings.NODE.agency
