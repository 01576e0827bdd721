"""What another agency did not take, or never got, is here again: the dossier sent on, the step submitted above."""

from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.exchange.events import MessageRefused, MessageReturned
from motcua.journal.actions import on
from motcua.journal.models import Entry
from motcua.lib.actors import Actor

DOSSIERS = Actor.system("dossiers")
# What an agency sends to another about a dossier.
GOES_ON = ("dossier.forwarded", "dossier.submitted_above", *sorted(actions.ANSWERS))


@on(MessageRefused, kind=GOES_ON)
def refused(event: MessageRefused, entry: Entry) -> None:
    """The other agency would not take it: whoever holds it here reads why."""
    take_back(event)


@on(MessageReturned, kind=GOES_ON)
def returned(event: MessageReturned, entry: Entry) -> None:
    """It could not be delivered and was given up: whoever holds it here reads why."""
    take_back(event)


def take_back(event: MessageRefused | MessageReturned) -> None:
    """A dossier sent on lies where it was filed; a step submitted above, or an answer not taken, can be sent again."""
    dossier = Dossier.objects.get(pk=event.stream.removeprefix("dossier:"))
    if event.kind in actions.ANSWERS:
        about = {"message": event.message, "kind": event.kind, "to": event.recipient}
        actions.note_untaken(dossier, by=DOSSIERS, **about, reason=event.reason)
    elif event.kind == "dossier.forwarded":
        if dossier.was_forwarded:
            actions.come_back(dossier, by=DOSSIERS, reason=event.reason)
    # Of a step that has been submitted again since, only the last time counts.
    elif step := dossier.steps.filter(above=event.correlation).first():
        actions.refuse_step(dossier, by=DOSSIERS, key=step.key, reason=event.reason)
