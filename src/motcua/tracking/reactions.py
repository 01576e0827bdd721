"""What tracking does when agencies tell of their dossiers."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError

from motcua.exchange.messages import Message, Unfit, receives_many
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.tracking import actions
from motcua.tracking.actions import Told

TRACKING = Actor.system("tracking")

# A state from the future would hide all that follows; clocks that differ by less do no harm.
AHEAD = timedelta(hours=1)


@receives_many("dossier.state")
def take_states(messages: Sequence[Message]) -> None:
    """The states of up to some hundred dossiers at once; one that does not hold is refused alone."""
    try:
        actions.take_states([told_by(message) for message in messages], by=TRACKING)
    except Invalid as fault:
        raise Unfit(str(fault)) from fault


def told_by(message: Message) -> Told:
    """What the message says; `Unfit` if it cannot be read, or if the sender speaks for someone else."""
    try:
        told = Told.model_validate_json(message.body)
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(map(str, first["loc"])) or "body"
        raise Unfit(
            _("The state cannot be read: %(place)s: %(what)s.") % {"place": place, "what": first["msg"]}
        ) from fault
    if told.agency != message.sender:
        raise Unfit(
            _("%(sender)s cannot speak for %(agency)s.") % {"sender": message.sender, "agency": told.agency}
        )
    if told.at > timezone.now() + AHEAD:
        raise Unfit(_("The state is dated in the future; look at the clock of the sending system."))
    return told
