"""Who may do what with accounts and appointments."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule


@rule(_("administrators of the agency"))
def agency_administrator(actor: Actor, subject: Any) -> bool:
    """Asked of a post, an appointment or an agency."""
    post = getattr(subject, "post", subject)
    agency = getattr(post, "agency", post)
    return actor.holds("administrator", at=agency.code)
