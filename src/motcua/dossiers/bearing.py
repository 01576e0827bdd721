"""Who filed at a counter, by post or by a hired service has no page of their own: the receipt in their hands opens one."""

from secrets import compare_digest
from uuid import UUID

from django.conf import settings

from motcua.dossiers.models import Dossier
from motcua.lib.actors import Actor
from motcua.lib.signs import drawn, meant

DIGITS = 4
LENGTH = 8  # signs: forty bits cannot be tried through
WORD = "word"


def bearer_of(dossier: UUID | str) -> Actor:
    """Whoever has shown the receipt of this dossier: they are known by it, and by no name."""
    return Actor(urn=f"receipt:{dossier}", name="receipt")


def bears(dossier: Dossier, shown: str) -> bool:
    """Whether this is what the receipt of what was filed here is known by, however it was typed."""
    known, typed = proof_of(dossier), meant(shown)
    is_right = bool(known) and compare_digest(known.encode(), typed.encode())
    return is_right and dossier.was_filed_here


def new_word() -> str:
    """Draw the secret word of a receipt; it stands on paper, in the QR code, and in no message."""
    return drawn(LENGTH)


def word_of(dossier: Dossier) -> str:
    """The secret word on the receipt; empty for one that was printed without."""
    return str(dossier.filing.get(WORD, ""))


def written(word: str) -> str:
    """As it stands on paper, in two halves."""
    return f"{word[: LENGTH // 2]}-{word[LENGTH // 2 :]}" if word else ""


def proof_of(dossier: Dossier) -> str:
    """What whoever holds the receipt must know: its word, or, where it was printed without one, the last digits."""
    return word_of(dossier) or digits_of(dossier)


def digits_of(dossier: Dossier) -> str:
    """The last digits of the personal number on the receipt; of the telephone for a business, and where there is no number.

    An enterprise code proves nothing: the register shows it to everybody. Empty where no telephone was left either.
    """
    number = dossier.contact.get("phone", "") if dossier.is_of_business else dossier.applicant_number
    return "".join(filter(str.isdigit, number))[-DIGITS:]


def receipt_url(dossier: Dossier) -> str:
    """Where the bearer of the receipt follows it, its code filled in; empty for who filed online and has a page for it, and
    for who left nothing by which they could be known.

    What has no legal code yet is called by its own id, which nobody can guess.
    """
    here = dossier.was_filed_here and proof_of(dossier) and "desk" in settings.NODE.contexts
    return f"{settings.NODE.web_url}/receipt/?code={dossier.code or dossier.pk}" if here else ""


def opening_url(dossier: Dossier) -> str:
    """The same for the QR code on paper, with the word: who scans it has the paper in hand."""
    url, word = receipt_url(dossier), word_of(dossier)
    return f"{url}&word={word}" if url and word else url
