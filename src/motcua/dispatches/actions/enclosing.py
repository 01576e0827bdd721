"""Files of a draft: the document itself, made in a word processor, and what is appended to it."""

import io

from django.utils.translation import gettext as _

from motcua.dispatches.actions.versioning import keep
from motcua.dispatches.kinds import notation
from motcua.dispatches.models import Outgoing
from motcua.dispatches.printing import appended, paper_of, same_notation
from motcua.dispatches.rules import drafter
from motcua.dispatches.secrecy import may_leave
from motcua.documents import intake, reserving
from motcua.documents.models import store
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency

MOST_FILES = 20


@action(who=drafter)
def enclose(document: Outgoing, *, by: Actor, name: str, content: bytes, is_paper: bool = False) -> Outgoing:
    """A file joins the draft: as the document itself, which must leave room for number, day and signatures, or appended.

    What is appended bears the agency's signature in its corner; what could run something is not taken.
    """
    may_leave(document)
    taken = intake.take_in(io.BytesIO(content), store())
    if taken.media == intake.PDF and reserving.is_signed(content) and is_paper:
        raise Invalid(
            _(
                "The file is signed already, or holds places for signatures. Save it once more as a plain PDF."
            ),
            field="file",
        )
    if store().is_withheld(taken.digest):
        raise Invalid(
            _("This file belongs to a state secret and never leaves by this network."), field="file"
        )
    file = {"name": intake.plain_name(name), "media": taken.media, "size": taken.size, "digest": taken.digest}
    others = appended(document)
    if is_paper:
        leaves_room(document, taken.media, content)
        document.files = [file | {"is_paper": True}, *others]
    else:
        if len(others) >= MOST_FILES:
            raise Invalid(
                _("At most %(most)s files go with a document.") % {"most": MOST_FILES}, field="file"
            )
        if any(other["digest"] == taken.digest for other in others):
            raise Invalid(_("This file is appended already."), field="file")
        kept = paper_of(document)
        document.files = [*([kept] if kept else []), *others, file]
    keep(document, by=by, note=_("Attached: %(name)s") % {"name": file["name"]})
    return document


def leaves_room(document: Outgoing, media: str, content: bytes) -> None:
    """Raises Invalid where number, day or notation could not be as they must; whose name it needs only the signature shows."""
    if media != intake.PDF:
        raise Invalid(_("The document itself must be a PDF; pictures can be appended."), field="file")
    try:
        bears = reserving.room(content).notation
    except reserving.NoRoom as fault:
        raise Invalid(str(fault), field="file") from fault
    agency = Agency.objects.get(pk=document.agency)
    same_notation(bears, notation(document.kind, agency.abbreviation, document.unit))


@action(who=drafter)
def take_out(document: Outgoing, *, by: Actor, number: int) -> Outgoing:
    """A file of the draft is taken out again; the first is 0."""
    if not 0 <= number < len(document.files):
        raise Invalid(_("This file is not there any more."), field="number")
    name = document.files[number]["name"]
    document.files = [file for place, file in enumerate(document.files) if place != number]
    keep(document, by=by, note=_("Taken out: %(name)s") % {"name": name})
    return document
