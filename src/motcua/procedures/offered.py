"""What holds, and what can be filed, under a code: asked with every page of a procedure, and every dossier brought in."""

from datetime import date

from motcua.lib.worded import worded_once
from motcua.procedures.models import Overlay, OverlayQuerySet, Version, VersionQuerySet
from motcua.procedures.polls import Poll, PollQuerySet

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


@worded_once
def last_poll(code: str) -> PollQuerySet:
    """What the users of a procedure were last asked before it went online, once all have answered."""
    return Poll.objects.coded(code).closed()[:1]
