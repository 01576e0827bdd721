"""What a clerk looks at before a document is entered: whatever is not with it as with any other."""

from django.utils.translation import gettext as _

from motcua.dispatches.models import Incoming
from motcua.documents.formalities import Breach
from motcua.documents.verification import Fault


def remarks(document: Incoming) -> list[str]:
    """In a few words each; none where it may be entered unseen. The document was read `knowing_likes`."""
    said = {
        _("Its sender asks for this document back"): bool(document.recall_asked_at),
        _("This document has come before"): bool(getattr(document, "has_like", False)),
        _("A later version has come"): document.successor is not None,
        _("It takes the place of an earlier document"): bool(document.takes_the_place_of),
        _("Its signature cannot be checked"): not document.signed_by and not document.is_paper,
    }
    return [*(words for words, holds in said.items() if holds), *wrong(document)]


def wrong(document: Incoming) -> list[str]:
    """What is not as it should be: with the message, with its files, with the signatures on them."""
    return [*map(str, document.warned), *map(fault_words, document.faults)]


def fault_words(code: str) -> str:
    """A fault or a broken rule in words; one of another version as it is."""
    for kind in (Fault, Breach):
        if code in set(kind):
            return str(kind(code).words)
    return code
