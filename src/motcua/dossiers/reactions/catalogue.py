"""What nodes tell each other of procedures: local values, and versions approved in the browser."""

from motcua.dossiers import overlays, versions
from motcua.exchange.messages import Message, Unfit, receives
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.procedures import actions as procedures
from motcua.procedures.events import DraftApproved, OverlayEnded, OverlaySet

DOSSIERS = Actor.system("dossiers")


@receives(overlays.KIND)
def take_overlay(message: Message) -> None:
    """A place on another node has set a value for itself, or ended one."""
    procedures.keep_overlay(overlays.read(message), by=DOSSIERS)


@on(OverlaySet)
def tell_of_overlay(event: OverlaySet, entry: Entry) -> None:
    """The portal of the nation hears of a local value, so that whoever reads there sees what will hold."""
    overlays.share(event.overlay)


@on(OverlayEnded)
def tell_of_end(event: OverlayEnded, entry: Entry) -> None:
    """The portal of the nation hears that a local value has ended."""
    overlays.share(event.overlay)


@receives(versions.KIND)
def take_version(message: Message) -> None:
    """A version was approved at another node: dossiers filed under it will come."""
    definition, told = versions.read(message)
    try:
        procedures.keep_version(definition, by=DOSSIERS, **told)
    except Invalid as refusal:
        raise Unfit(str(refusal)) from refusal


@on(DraftApproved)
def tell_of_version(event: DraftApproved, entry: Entry) -> None:
    """Every node with a desk hears of a version that two people approved here."""
    versions.share(entry.about.removeprefix("draft:"))
