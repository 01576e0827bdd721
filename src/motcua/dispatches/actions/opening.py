"""Who may read a document by name, and that it was opened: by whom, when, from where."""

from uuid import uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.events import DispatchOpened, ReaderNamed, ReaderTakenOff
from motcua.dispatches.models import Incoming, Look, Outgoing, Reader
from motcua.dispatches.rules import clerk, head, opener
from motcua.journal.actions import as_text, record, recording
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rows import Part, inserted, write
from motcua.people.models import Account

# The entry of the journal, if the look was not written down before: both in one statement, which a page can bear.
WRITTEN = recording(
    DispatchOpened, source="(SELECT %s::text AS about, %s::text AS what FROM looked) AS opened", order="about"
)


@action(who=opener, locks=False, alone=True)
def open_document(document: Incoming | Outgoing, *, by: Actor, what: str = "", place: str = "") -> None:
    """Somebody opens a document or a file of it; the first time on a day from one place it is written down."""
    now = timezone.now()
    look = Look(
        id=uuid5(document.pk, f"{by.urn} {what} {place} {timezone.localdate(now)}"),
        document=document.pk,
        looker=by.urn[:120],
        who=by.name[:120],
        what=what[:200],
        place=place[:45],
        at=now,
    )
    written = Part("written", WRITTEN, (as_text(by.as_json()), document.urn, look.what))
    write(inserted([look], otherwise="DO NOTHING", name="looked"), written)


@action(who=clerk | head)
def let_read(document: Incoming | Outgoing, *, by: Actor, to: Account) -> None:
    """Somebody of the agency may read it who neither wrote it nor works on it; named twice it is once."""
    _reader, is_new = Reader.objects.get_or_create(
        document=document.pk,
        urn=f"person:{to.pk}",
        defaults={"name": to.name[:120], "named_by": by.name[:120]},
    )
    if is_new:
        record(ReaderNamed(document.agency, to.name), about=document, by=by)


@action(who=clerk | head)
def take_off(document: Incoming | Outgoing, *, by: Actor, reader: int) -> None:
    """Somebody may read it no longer by name."""
    found = Reader.objects.filter(document=document.pk, pk=reader).first()
    if found is None:
        raise Invalid(_("Nobody of this name is among its readers."))
    found.delete()
    record(ReaderTakenOff(document.agency, found.name), about=document, by=by)
