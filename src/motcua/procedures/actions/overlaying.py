"""What a place sets for itself, and how it goes back to what holds in the whole country."""

import datetime as dt

from django.utils.translation import gettext as _

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.organisations.rules import administrator
from motcua.procedures.events import OverlayEnded, OverlaySet
from motcua.procedures.going_online import hindered
from motcua.procedures.localising import Key, fixed_by_law, localised, refusal
from motcua.procedures.models import Overlay, Version
from motcua.ui.words import day


@action(who=administrator | system)
def localise(overlay: Overlay, *, by: Actor) -> Overlay:
    """A place sets a value for itself, within what the law leaves to it; an earlier value for the same part ends."""
    if overlay.key not in set(Key):
        raise Invalid(fixed_by_law(overlay.key), field="key")
    overlay.decision = overlay.decision.strip()
    if not overlay.decision:
        raise Invalid(_("Name the decision by which it is set."), field="decision")
    held = Version.objects.filter(procedure=overlay.procedure)
    version = held.in_force(overlay.effective_from).first() or held.latest().first()
    if version is None or not version.is_offered:
        raise Invalid(_("Only procedures that can be filed here are localised."), field="procedure")
    if says := refusal(version.definition, overlay.local):
        raise Invalid(says, field="value")
    # What a version may not do without asking its users, a place may not do either.
    here = localised(version.definition, [overlay.local])
    if found := hindered(version.definition, here, overlay.effective_from):
        raise Invalid(" · ".join(found), field="channel")
    end_earlier(overlay)
    overlay.set_by = by.name
    overlay.save(force_insert=True)
    record(OverlaySet(str(overlay.pk), overlay.procedure.code, overlay.agency_id), about=overlay, by=by)
    return overlay


@action(who=administrator | system)
def restore(overlay: Overlay, *, by: Actor, on: dt.date) -> None:
    """From a day on, what holds in the whole country holds here again."""
    if overlay.effective_until is not None:
        raise Invalid(_("This value has ended already."))
    if on < overlay.effective_from:
        raise Invalid(_("It cannot end before it begins."), field="on")
    overlay.effective_until = on
    overlay.save()
    record(
        OverlayEnded(str(overlay.pk), overlay.procedure.code, overlay.agency_id, on.isoformat()),
        about=overlay,
        by=by,
    )


@action(who=system)
def keep_overlay(overlay: Overlay, *, by: Actor) -> None:
    """What another node has told of its places is kept here too, for those who read before they file."""
    known = Overlay.objects.filter(pk=overlay.pk).first()
    if known is None:
        end_earlier(overlay)
        overlay.save(force_insert=True)
    elif known.effective_until is None:
        known.effective_until = overlay.effective_until
        known.save()


def end_earlier(overlay: Overlay) -> None:
    """End the open value for the same part on the day the new one begins; raises `Invalid` if it begins later itself."""
    earlier = (
        Overlay.objects.select_for_update()
        .filter(
            procedure=overlay.procedure,
            agency=overlay.agency,
            key=overlay.key,
            case=overlay.case,
            channel=overlay.channel,
            step=overlay.step,
            effective_until=None,
        )
        .first()
    )
    if earlier is None or overlay.effective_until is not None:
        return
    if earlier.effective_from > overlay.effective_from:
        raise Invalid(
            _("A value from %(date)s on is already set for this. End that one first.")
            % {"date": day(earlier.effective_from)},
            field="effective_from",
        )
    earlier.effective_until = overlay.effective_from
    earlier.save()
