"""A document that came on paper: scanned, made an electronic copy with the agency's signature, and entered in the register."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.actions.copying import numbered
from motcua.dispatches.events import DispatchRegistered, PaperTaken
from motcua.dispatches.models import Copy, Incoming
from motcua.dispatches.rules import clerk
from motcua.documents import intake
from motcua.documents.copying import Manner
from motcua.documents.digitising import digitised
from motcua.documents.inquiries import codes
from motcua.documents.models import store
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.numbering import next_number

SCAN = "ban-quet.pdf"


@action(who=clerk)
def take_paper(document: Incoming, *, by: Actor, scans: Sequence[bytes]) -> Incoming:
    """A paper is scanned, signed as a true copy, and entered under the next arrival number (decree 30/2020, art. 22, 25)."""
    document.subject = " ".join(document.subject.split())[:500]
    if not document.subject:
        raise Invalid(_("Say in a sentence what the document is about."), field="subject")
    pdf = digitised(scans)
    blob = store().put([pdf])
    now = timezone.now()
    document.arrived_at = document.registered_at = now
    document.year = timezone.localtime(now).year
    document.serial = next_number(f"arrivals {document.agency} {document.year}")
    document.save(force_insert=True)
    original = {"name": SCAN, "media": intake.PDF, "size": blob.size, "digest": blob.digest}
    made = numbered(Copy(manner=Manner.TRUE, original=original), document, pdf, (), by=by)
    document.files = [made.file | {"check": codes(store().read(made.file["digest"]))}]
    document.save(update_fields=["files"])
    record(PaperTaken(document.agency, document.sender_name, made.number), about=document, by=by)
    record(DispatchRegistered(document.agency, document.serial), about=document, by=by)
    return document
