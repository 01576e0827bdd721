"""What tracking does when agencies tell of their dossiers."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError

from motcua.exchange.messages import Message, Unfit, receives, receives_many
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.organisations.heirs import follows_from, pairs, speaks_for
from motcua.tracking import actions
from motcua.tracking.actions import Rated, Told
from motcua.tracking.models import Tracked

TRACKING = Actor.system("tracking")

# A state from the future would hide all that follows; clocks that differ by less do no harm.
AHEAD = timedelta(hours=1)


@receives_many("dossier.state")
def take_states(messages: Sequence[Message]) -> None:
    """The states of up to some hundred dossiers at once; one that does not hold is refused alone."""
    told = [told_by(message) for message in messages]
    await_heirs(messages, told)
    try:
        actions.take_states(told, by=TRACKING)
    except Invalid as fault:
        renewed = in_name_of_heirs(told)
        if renewed == told:
            raise Unfit(str(fault)) from fault
        actions.take_states(renewed, by=TRACKING)


@receives("dossier.rating")
def take_rating(message: Message) -> None:
    """How an applicant found it; an agency speaks for itself alone."""
    rated = read(Rated, message)
    actions.take_rating(rated, by=TRACKING)


def in_name_of_heirs(told: Sequence[Told]) -> list[Told]:
    """The same, where what an agency said before it ended, and what came late, counts as said by the one that follows it."""
    dossiers = {one.dossier for one in told}
    speakers = dict(Tracked.objects.filter(dossier__in=dossiers).values_list("dossier", "agency"))
    names = (
        {one.agency for one in told} | set(speakers.values()) | {old for one in told for old in one.formerly}
    )
    heirs = pairs(names)
    # Two that divided the work of a third hand on among themselves what was sent to it.
    heirs |= {
        (speakers[one.dossier], one.agency)
        for one in told
        if one.dossier in speakers and follows_from(speakers[one.dossier], one.agency, one.formerly, heirs)
    }
    for one in told:
        if (speakers.setdefault(one.dossier, one.agency), one.agency) in heirs:
            speakers[one.dossier] = one.agency
    return [
        one.model_copy(update={"agency": speakers[one.dossier]})
        if (one.agency, speakers[one.dossier]) in heirs
        else one
        for one in told
    ]


def await_heirs(messages: Sequence[Message], told: Sequence[Told]) -> None:
    """What an agency says of a dossier it took over waits until this node has heard of the reorganisation."""
    claims = {
        one.dossier: (one, message) for one, message in zip(told, messages, strict=True) if one.formerly
    }
    if not claims:
        return
    held = Tracked.objects.filter(dossier__in=claims).values_list("dossier", "agency")
    for dossier, agency in held:
        one, message = claims[dossier]
        if agency in one.formerly:
            speaks_for(one.agency, agency, told=one.formerly, said_at=message.created)


def told_by(message: Message) -> Told:
    """What the message says of a state."""
    return read(Told, message)


def read[Body: (Told, Rated)](kind: type[Body], message: Message) -> Body:
    """What the message says; `Unfit` if it cannot be read, or if the sender speaks for someone else."""
    try:
        told = kind.model_validate_json(message.body)
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
