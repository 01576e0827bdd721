"""Who filed at a counter, by post or by a hired service has no page of their own: the receipt in their hands opens one."""

from secrets import compare_digest
from uuid import UUID

from django.conf import settings

from motcua.dossiers.models import Dossier
from motcua.lib.actors import Actor

DIGITS = 4


def bearer_of(dossier: UUID | str) -> Actor:
    """Whoever has shown the receipt of this dossier: they are known by it, and by no name."""
    return Actor(urn=f"receipt:{dossier}", name="receipt")


def bears(dossier: Dossier, digits: str) -> bool:
    """Whether these are the last digits of the number on the receipt of what was filed here."""
    known = digits_of(dossier)
    is_right = bool(known) and compare_digest(known.encode(), digits.encode())
    return is_right and dossier.was_filed_here


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
    here = dossier.was_filed_here and digits_of(dossier) and "desk" in settings.NODE.contexts
    return f"{settings.NODE.web_url}/receipt/?code={dossier.code or dossier.pk}" if here else ""
