"""Taking along what proves a message: whoever does has read it, so it is written down."""

from uuid import UUID

from motcua.exchange import proving, rules
from motcua.exchange.blocks import Unreadable
from motcua.exchange.events import EvidenceTaken
from motcua.exchange.proving import Evidence
from motcua.exchange.rereading import words
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor


@action(who=rules.witness)
def take_evidence(message: UUID, *, by: Actor) -> Evidence | None:
    """Take along what proves a message this node sent or received; None if it did neither."""
    try:
        evidence = proving.evidence_of(message)
    except Unreadable as error:
        raise Invalid(words(error)) from error
    if evidence:
        envelope = evidence.envelope
        event = EvidenceTaken(str(message), envelope.kind, envelope.sender, envelope.recipient)
        record(event, about=f"message:{message}", by=by)
    return evidence
