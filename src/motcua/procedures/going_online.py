"""What must be so before a service goes online: its users assented, and nothing in it keeps it from being done online."""

from datetime import date

from django.utils.translation import gettext as _

from motcua.procedures.polls import Poll
from motcua.procedures.readiness import Weight, judged
from motcua.procedures.schema import Definition
from motcua.procedures.vocabulary import Channel, OnlineKind


def goes_online(before: Definition | None, after: Definition) -> bool:
    """Whether a version opens the online way of filing, or promises for the first time that all of it is online."""
    return is_online(after) and (
        before is None
        or not is_online(before)
        or (after.online.kind is OnlineKind.FULL and before.online.kind is not OnlineKind.FULL)
    )


def is_online(definition: Definition) -> bool:
    return definition.is_offered and Channel.ONLINE in definition.channels


def hindered(before: Definition | None, after: Definition, on: date) -> list[str]:
    """In words, what keeps a version from going online; nothing for one that does not go online, or may."""
    if not goes_online(before, after):
        return []
    found = [
        f"{reason.says} {reason.change}" for reason in judged(after).reasons if blocks(reason.weight, after)
    ]
    if Poll.objects.assent_to(after.code, on) is None:
        found.append(
            _("Its users have not assented: ask them, and count the answers, before it goes online.")
        )
    return found


def blocks(weight: Weight, definition: Definition) -> bool:
    """A service that is only partly online may make people come, and says why; a whole one may not."""
    whole = definition.online.kind is OnlineKind.FULL
    return weight is Weight.STOPS or (whole and weight is Weight.COMES)
