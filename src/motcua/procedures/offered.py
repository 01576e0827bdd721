"""What holds, and what can be filed, under a code: asked with every page of a procedure, and every dossier brought in."""

from datetime import date

from motcua.lib.worded import worded_once
from motcua.procedures.going_online import is_online
from motcua.procedures.localising import Key
from motcua.procedures.models import Overlay, OverlayQuerySet, Version, VersionQuerySet
from motcua.procedures.polls import Poll, PollQuerySet
from motcua.procedures.vocabulary import Channel

# So many differences are shown with a procedure; the drift report has all.
DIFFERENCES = 50


@worded_once
def offered_under(code: str, on: date) -> VersionQuerySet:
    """The version that can be filed under a code on a day; its long content is read only if nobody has read it yet."""
    return Version.objects.in_force(on).offered().coded(code).select_related("procedure").defer("content")


@worded_once
def holding_under(code: str, on: date) -> VersionQuerySet:
    """The version that holds under a code on a day, whether or not it can be filed here; read as the one above."""
    return Version.objects.in_force(on).coded(code).select_related("procedure").defer("content")


@worded_once
def overlays_of(procedure: int, on: date) -> OverlayQuerySet:
    """What places have set for themselves about a procedure on a day, those of the same province together."""
    held = Overlay.objects.in_force(on).filter(procedure=procedure)
    return held.select_related("procedure", "agency").order_by("agency", "key", "case")[:DIFFERENCES]


def may_begin(version: Version, on: date) -> bool:
    """Whether a version can be filed online on a day: everywhere, or where a place has opened that way for itself."""
    return is_online(version.definition) or bool(opened_online(version.procedure_id, on))


@worded_once
def opened_online(procedure: int, on: date) -> OverlayQuerySet:
    """The first of the places that have opened the online way of filing for themselves, however many say other things."""
    held = Overlay.objects.in_force(on).filter(procedure=procedure)
    return held.filter(key=Key.CHANNEL.value, channel=Channel.ONLINE.value)[:1]


@worded_once
def last_poll(code: str) -> PollQuerySet:
    """What the users of a procedure were last asked before it went online, once all have answered."""
    return Poll.objects.coded(code).closed()[:1]
