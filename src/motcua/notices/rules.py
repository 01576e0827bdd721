"""Who may read a notice."""

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.lib.rules import rule
from motcua.notices.models import Notice


@rule(_("the person the notice is for"))
def addressee(actor: Actor, subject: Notice) -> bool:
    return actor.urn == subject.recipient.urn
