"""A document's words are kept for search, as they are now."""

from django.db import connection

from motcua.dispatches.models import Incoming, Outgoing
from motcua.dispatches.wording import words_of
from motcua.lib.actions import action
from motcua.lib.actors import Actor
from motcua.lib.rules import system

# The words of one document; done again, they are those of today.
KEEP = """
INSERT INTO dispatches_wording (incoming_id, outgoing_id, words)
VALUES (%(incoming)s, %(outgoing)s, array_to_tsvector(%(words)s::text[]))
ON CONFLICT ({column}) DO UPDATE SET words = excluded.words
"""


@action(who=system, locks=False)
def index(document: Incoming | Outgoing, *, by: Actor) -> None:
    """Its number, subject, people, text and the text of its files are found from now on."""
    came = isinstance(document, Incoming)
    texts = [document.number, document.subject]
    if isinstance(document, Incoming):
        texts += [document.sender_name, document.kind_name, document.signer, document.document_id]
    else:
        texts += [document.text, str(document.signer.get("name", "")), document.document_id or ""]
    words = words_of(document.agency, texts, [file["digest"] for file in document.files])
    asked = {
        "incoming": document.pk if came else None,
        "outgoing": None if came else document.pk,
        "words": words,
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP.format(column="incoming_id" if came else "outgoing_id"), asked)
