"""A later document changes or replaces one that came: it stands beside it, and takes its place when the clerk enters it."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.actions.forwarding import hand_on
from motcua.dispatches.actions.leaving import tell
from motcua.dispatches.events import (
    DispatchAssigned,
    DispatchSuperseded,
    SuccessorCame,
    SuccessorRefused,
    WorkBegun,
)
from motcua.dispatches.models import Incoming, Reader
from motcua.documents.edxml.message import State
from motcua.journal.actions import record
from motcua.lib.actors import Actor


def link(document: Incoming, *, by: Actor) -> None:
    """What came stands beside the earlier ones it names; a later one that was faster takes its place at once."""
    join(document, earlier_ones(document), by=by)
    later = faster(document)
    if later:
        join(later, [document], by=by)
        if later.serial:
            succeed(later, by=by)


def join(later: Incoming, earlier: Iterable[Incoming], *, by: Actor) -> None:
    """These are followed by the later one, which goes on at once to whoever has one of them from us.

    Of what is done its sender hears that it comes too late.
    """
    for one in earlier:
        one.replaced_by = later
        one.save(update_fields=["replaced_by"])
    behind = before(later)
    for old in behind:
        if old.state in Incoming.OPEN:
            record(SuccessorCame(old.agency, later.purpose, later.number), about=old, by=by)
        elif old.state == Incoming.State.DONE and old.replaced_by_id == later.pk:
            keep(old, later, _("The work on this document is done already."), by=by)
    let_readers_on(later, behind)
    hand_on(later, behind, by=by)


def let_readers_on(later: Incoming, behind: Iterable[Incoming]) -> None:
    """Whoever works on an earlier one, or may read it by name, may read the later one from the day it comes."""
    old = list(behind)
    named = Reader.objects.filter(document__in=[one.pk for one in old]).values_list("urn", "name", "named_by")
    working = [(one.holder, one.holder_name, "") for one in old if one.holder and one.state in Incoming.OPEN]
    Reader.objects.bulk_create(
        (
            Reader(document=later.pk, urn=urn, name=name, named_by=named_by)
            for urn, name, named_by in [*named, *working]
        ),
        ignore_conflicts=True,
    )


def earlier_ones(document: Incoming) -> list[Incoming]:
    """The documents it names that came from the same sender, by whatever way; of what was changed before, the last."""
    theirs = Incoming.objects.select_for_update().filter(agency=document.agency, sender=document.sender)
    named = theirs.filter(document_id__in=document.changes).exclude(pk=document.pk)
    found = {one.pk: one for one in map(last, named.order_by("arrived_at", "pk"))}
    return [one for one in found.values() if one.pk != document.pk]


def faster(document: Incoming) -> Incoming | None:
    """What changes or replaces this document and came before it, by another way."""
    if not document.document_id:
        return None
    theirs = Incoming.objects.select_for_update().filter(agency=document.agency, sender=document.sender)
    later = theirs.changing(document.document_id).exclude(pk=document.pk).order_by("arrived_at", "pk").first()
    return later if later and last(later).pk != document.pk else None


def last(document: Incoming) -> Incoming:
    """The last of those that follow one another, each changing the one before."""
    while document.replaced_by:
        document = document.replaced_by
    return document


def before(document: Incoming) -> list[Incoming]:
    """All it changes or replaces, also by way of one that was refused or never entered; the latest first."""
    found: list[Incoming] = []
    ring = [document.pk]
    while ring:
        rows = Incoming.objects.select_for_update().filter(replaced_by__in=ring)
        ones = list(rows.exclude(pk=document.pk).order_by("-arrived_at", "pk"))
        found, ring = [*found, *ones], [one.pk for one in ones]
    return found


def succeed(document: Incoming, *, by: Actor) -> None:
    """What was entered takes the place of all before it: they are closed, and whoever worked on one goes on with this."""
    for old in before(document):
        if old.state not in Incoming.OPEN:
            continue
        was = old.state
        old.state, old.ended_at, old.replaced_by = Incoming.State.SUPERSEDED, timezone.now(), document
        old.save(update_fields=["state", "ended_at", "replaced_by"])
        tell(old, State.CHANGE_AGREED, by=by)
        record(DispatchSuperseded(old.agency, document.number), about=old, by=by)
        if old.holder_name and document.state == Incoming.State.REGISTERED:
            go_on(document, old, was, by=by)


def go_on(document: Incoming, old: Incoming, was: str, *, by: Actor) -> None:
    """The task moves as it stands: to the same officer, with the same words and the same day."""
    document.holder, document.holder_name = old.holder, old.holder_name
    document.instruction, document.due_at = old.instruction, old.due_at
    document.state = Incoming.State(was)
    document.save()
    due = document.due_at.isoformat() if document.due_at else ""
    tell(document, State.ASSIGNED, by=by)
    given = DispatchAssigned(document.agency, document.holder, document.instruction, due)
    record(given, about=document, by=by)
    if was == Incoming.State.BEGUN:
        tell(document, State.IN_PROGRESS, by=by)
        record(WorkBegun(document.agency), about=document, by=by)


def stay(document: Incoming, reason: str, *, by: Actor) -> None:
    """What was refused takes no place: those before it stay as they are, and their sender hears why."""
    for old in before(document):
        if old.state in Incoming.OPEN:
            keep(old, document, reason, by=by)


def keep(old: Incoming, later: Incoming, reason: str, *, by: Actor) -> None:
    tell(old, State.CHANGE_REFUSED, reason, by=by)
    record(SuccessorRefused(old.agency, later.number, reason), about=old, by=by)
