"""Who may do what with accounts and appointments."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule


@rule(_("receivers of a one-stop desk"))
def receiver(actor: Actor, subject: Any) -> bool:
    """Whoever sees people and their cards across a counter."""
    return actor.holds("receiver")


@rule(_("the person themselves"))
def oneself(actor: Actor, subject: Any) -> bool:
    """Asked of an account, or of what belongs to one."""
    account = getattr(subject, "account", subject)
    return bool(actor.urn == account.urn)


@rule(_("whoever holds the post, the head of the agency, or its administrators"))
def arranger(actor: Actor, substitution: Any) -> bool:
    """Asked of a substitution. Nobody lends on what was lent to them."""
    appointment = substitution.appointment
    own = actor.with_posts_of()
    return actor.urn == appointment.account.urn or own.holds(
        "chair", "administrator", at=appointment.post.agency_id
    )


@rule(_("administrators of the agency"))
def agency_administrator(actor: Actor, subject: Any) -> bool:
    """Asked of a post, an appointment or an agency."""
    post = getattr(subject, "post", subject)
    agency = getattr(post, "agency", post)
    return actor.holds("administrator", at=agency.code)
