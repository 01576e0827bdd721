"""Who may ask, and who may be asked."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule


@rule(_("agencies of this node"))
def hosted_here(actor: Actor, subject: object) -> bool:
    """The asking agency is one of ours; whether it may ask there is decided by the directory's rights, at both ends."""
    return getattr(subject, "sender", "") in settings.NODE.agencies
