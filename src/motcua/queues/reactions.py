"""What becomes of queues when their agency ends."""

from django.utils.translation import gettext_lazy as _

from motcua.lib.actors import Actor
from motcua.organisations.estates import Passing, left_behind
from motcua.queues import actions
from motcua.queues.models import Queue


@left_behind("queues", _("Queues"), rows=Queue.objects.all)
def pass_on(passing: Passing) -> int:
    """The desk that follows calls from the same queues."""
    return actions.pass_on(passing, by=Actor.system("queues"))
