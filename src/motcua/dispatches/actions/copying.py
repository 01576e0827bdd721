"""Copies of what stands in a register: the whole or parts of it, with the agency's signature, sent on as documents of their own."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dispatches.actions.relaying import kind_of
from motcua.dispatches.actions.sending import in_order, send
from motcua.dispatches.events import CopyMade, CopySent, DispatchIssued
from motcua.dispatches.kinds import place_of
from motcua.dispatches.messages import document_of
from motcua.dispatches.models import Copy, Delivery, Incoming, Outgoing
from motcua.dispatches.rules import clerk, head
from motcua.dispatches.secrecy import may_leave
from motcua.documents import intake, lasting
from motcua.documents.copying import Imprint, Manner, Original, copied, framing, pages_of, recognised, said
from motcua.documents.lettering import MOST_PAGES
from motcua.documents.models import keyring, store
from motcua.documents.signing import CannotSign
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.numbering import next_number
from motcua.organisations.models import Agency

# Copies are numbered apart from documents (annex I, part II); no kind of document bears this name.
SERIES = "copies"
MOST_RECEIVERS = 100


@action(who=clerk | head)
def copy(document: Incoming | Outgoing, *, by: Actor, manner: str, number: int = 0, pages: str = "") -> Copy:
    """A copy is made of one of the document's files: the head decides on it, the clerk makes it (decree 30/2020, art. 25, 27)."""
    may_leave(document)
    how, file = Manner(manner), chosen(document, number)
    content = store().read(file["digest"])
    fitting(how, content)
    wanted = parts(pages, content) if how is Manner.PART else ()
    original = {key: file[key] for key in ("name", "media", "size", "digest")}
    made = Copy(manner=how, original=original, pages=said(wanted))
    return numbered(made, document, content, wanted, by=by)


def numbered(
    made: Copy, document: Incoming | Outgoing, content: bytes, wanted: tuple[int, ...], *, by: Actor
) -> Copy:
    """The copy with its number of the year and the agency's signature. Raises NotNow where it cannot be signed."""
    agency, how = Agency.objects.get(pk=document.agency), Manner(made.manner)
    try:
        seal = keyring().seal(document.agency)
    except KeyError as fault:
        raise NotNow(_("This node does not keep the seal of the agency.")) from fault
    made.agency, made.made_by, made.made_by_name, made.made_at = (
        agency.code,
        by.urn,
        by.name[:120],
        timezone.now(),
    )
    made.incoming = document if isinstance(document, Incoming) else None
    made.outgoing = document if isinstance(document, Outgoing) else None
    made.year, made.notation = timezone.localtime(made.made_at).year, f"{how.letters}-{agency.abbreviation}"
    made.serial = next_number(f"copies {agency.code} {made.year}")
    original = Original(document.number, made.original["digest"], made.original["size"])
    imprint = Imprint(how, made.number, seal.name, place_of(agency), made.made_at, original, wanted)
    try:
        blob = lasting.kept(lambda stamper: copied(content, seal, imprint, timestamper=stamper))
    except CannotSign as fault:
        raise NotNow(_("The file %(name)s cannot be signed.") % {"name": made.original["name"]}) from fault
    name = f"{made.number.replace('/', '-')}.pdf"
    made.file = {"name": name, "media": intake.PDF, "size": blob.size, "digest": blob.digest}
    made.save(force_insert=True)
    record(CopyMade(made.agency, how.value, made.number, blob.digest), about=document, by=by)
    return made


def chosen(document: Incoming | Outgoing, number: int) -> dict[str, Any]:
    """The file that is copied. Raises Invalid where there is none, or it is no PDF."""
    if not 0 <= number < len(document.files):
        raise Invalid(_("This file is not there any more."), field="number")
    file: dict[str, Any] = document.files[number]
    if file["media"] != intake.PDF or file.get("fault"):
        raise Invalid(_("Only a PDF can be copied so."), field="number")
    return file


def fitting(how: Manner, content: bytes) -> None:
    """A true copy and an excerpt are made of an original, a copy of a copy only of a true copy (art. 3, 25). Raises Invalid."""
    found = recognised(content)
    if how is Manner.AGAIN and (found is None or found.manner is not Manner.TRUE):
        raise Invalid(
            _(
                "This file is no true copy. Make a true copy of it; only of such a one a copy of a copy is made."
            ),
            field="manner",
        )
    if how is not Manner.AGAIN and found is not None:
        raise Invalid(_("This file is a copy already. Choose a copy of a true copy."), field="manner")


def parts(typed: str, content: bytes) -> tuple[int, ...]:
    """The pages that are asked for, and those that make it the document it is. Raises Invalid."""
    most = min(intake.pages_of(content), MOST_PAGES)
    try:
        return tuple(sorted({*pages_of(typed, most), *framing(content)}))
    except ValueError as fault:
        raise Invalid(
            _("Name pages from 1 to %(most)s, as in “2-4, 7”.") % {"most": most}, field="pages"
        ) from fault


@action(who=clerk | head)
def send_copy(copy: Copy, *, by: Actor, receivers: Sequence[str]) -> Outgoing:
    """A copy goes to others as a document of its own, under its own number; they tell where it stands with them as of any other."""
    may_leave(copy.of)
    if copy.sent_id:
        raise NotNow(_("This copy was sent already. Make another for further receivers."))
    if copy.of.state not in copy.of.MOVES["copy"][0]:
        raise NotNow(_("The document was given back or asked back meanwhile; its copy does not go out."))
    agency, now = Agency.objects.get(pk=copy.agency), timezone.now()
    to = in_order([code for code in dict.fromkeys(receivers) if code != copy.agency], copy.agency)
    if not to:
        raise Invalid(_("This is your own agency. Choose another."), field="receivers")
    copy.sent = sending(copy, [one.code for one in to], by=by)
    copy.save()
    Delivery.objects.bulk_create(
        Delivery(outgoing=copy.sent, agency=one.code, agency_name=one.name_vi, since=now) for one in to
    )
    send(document_of(copy.sent, to, agency), copy.sent)
    record(CopySent(copy.agency, copy.number, len(to)), about=copy.of, by=by)
    record(DispatchIssued(copy.number, copy.agency, len(to)), about=copy.sent, by=by)
    return copy.sent


def sending(copy: Copy, receivers: list[str], *, by: Actor) -> Outgoing:
    """The copy as it stands in the register of what goes out."""
    original = copy.of
    kind = original.kind if isinstance(original, Outgoing) else kind_of(original.kind_name)
    form = Manner(copy.manner).head.capitalize()
    day = timezone.localtime(copy.made_at)
    return Outgoing.objects.create(
        agency=copy.agency,
        kind=kind,
        subject=f"{form} văn bản số {original.number}: {original.subject}"[:500],
        urgency=original.urgency,
        receivers=receivers,
        files=[copy.file],
        state=Outgoing.State.ISSUED,
        series=SERIES,
        year=copy.year,
        serial=copy.serial,
        notation=copy.notation,
        document_id=f"{copy.agency},{day:%Y/%m/%d},{copy.number}",
        signed_at=copy.made_at,
        issued_at=timezone.now(),
        drafted_by=by.urn,
    )
