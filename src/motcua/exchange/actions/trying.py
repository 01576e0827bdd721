"""Trying the way to other nodes and back, with messages like all others that have no effect."""

import json
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.exchange import rules
from motcua.exchange.actions.sending import drafted, leave
from motcua.exchange.directory import Directory, Node
from motcua.exchange.events import ExchangeTried
from motcua.exchange.ids import new_id
from motcua.exchange.messages import SELFTEST, Message
from motcua.exchange.questions import newest
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor

LIFETIME = timedelta(minutes=10)


@action(who=rules.tester)
def selftest(name: str, *, by: Actor) -> UUID:
    """Send a test message to a node, to all others if none is named; returns what the trial is found by."""
    directory = newest()
    if directory is None or settings.NODE.name not in directory.by_name:
        raise Invalid(_("This node stands in no directory it knows."), field="node")
    trial = new_id()
    drafts = [
        drafted(
            SELFTEST,
            json.dumps({"from": settings.NODE.name, "to": node.name}).encode(),
            sender=_sender(directory),
            recipient=node.agencies[0],
            expires=timezone.now() + LIFETIME,
            correlation=str(trial),
            confirm=False,
        )
        for node in _tried(directory, name)
    ]
    leave(drafts)
    record(ExchangeTried(name, len(drafts)), about="exchange:log", by=by)
    return trial


def take_trial(message: Message) -> None:
    """Nothing is done: that it is handled, and that word of it goes back, is all."""


def _tried(directory: Directory, name: str) -> list[Node]:
    """The nodes to be tried; Invalid where there is none."""
    if name == settings.NODE.name or (name and name not in directory.by_name):
        raise Invalid(_("The directory names no other node %(name)s.") % {"name": name}, field="node")
    if name and directory.by_name[name].is_carried:
        words = _("%(name)s is reached by files on a medium only; no test message goes there.")
        raise Invalid(words % {"name": name}, field="node")
    others = [node for node in directory.nodes if node.name != settings.NODE.name and node.agencies]
    found = [node for node in others if name in {"", node.name} and not node.is_carried]
    if not found:
        raise Invalid(_("There is no other node that hosts an agency."), field="node")
    return found


def _sender(directory: Directory) -> str:
    """In whose name: the agency this node belongs to, if it is hosted here."""
    ours = directory.by_name[settings.NODE.name].agencies
    if not ours:
        raise Invalid(_("The directory names no agency of this node."), field="node")
    return settings.NODE.agency if settings.NODE.agency in ours else ours[0]
