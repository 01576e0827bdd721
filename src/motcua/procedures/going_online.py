"""What must be so before a service goes online: its users assented, and nothing in it keeps it from being done online."""

from collections import Counter
from datetime import date

from django.utils.translation import gettext as _

from motcua.procedures.polls import Poll
from motcua.procedures.readiness import Reason, Weight, judged_here
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
    """Whether it can be filed online."""
    return definition.is_offered and Channel.ONLINE in definition.channels


def hindered(before: Definition | None, after: Definition, on: date) -> list[str]:
    """In words, what keeps a version from going online, or one that is online from staying so; nothing if it may."""
    if not is_online(after):
        return []
    opens = goes_online(before, after)
    reasons = blockers(after) if before is None or opens else gained(before, after)
    found = [f"{reason.says} {reason.change}" for reason in reasons]
    if opens and Poll.objects.assent_to(after.code, on) is None:
        found.append(
            _("Its users have not assented: ask them, and count the answers, before it goes online.")
        )
    return found


def blockers(definition: Definition) -> list[Reason]:
    """What makes people come, send paper or give up, against what the version promises."""
    return [reason for reason in judged_here(definition).reasons if blocks(reason.weight, definition)]


def gained(before: Definition, after: Definition) -> list[Reason]:
    """What stands in the way of the later version and not of the earlier; said in other words it is not new."""
    earlier = judged_here(before).reasons
    known, counted = (
        {(one.hindrance, one.where) for one in earlier},
        Counter(one.hindrance for one in earlier),
    )
    found = blockers(after)
    more = Counter(one.hindrance for one in found) - counted
    return [one for one in found if one.hindrance in more and (one.hindrance, one.where) not in known]


def blocks(weight: Weight, definition: Definition) -> bool:
    """A service that is only partly online may make people come, and says why; a whole one may not."""
    whole = definition.online.kind is OnlineKind.FULL
    return weight is Weight.STOPS or (whole and weight is Weight.COMES)
