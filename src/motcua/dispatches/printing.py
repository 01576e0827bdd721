"""The document as it is read: printed in the look of decree 30/2020, signed by a person, then by the agency."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from pyhanko.sign.timestamps import TimeStamper

from motcua.dispatches.kinds import BARE, Urgency, kind_name, place_of
from motcua.dispatches.models import Outgoing
from motcua.dispatches.models.mails import names_of
from motcua.documents import intake, lasting, press, reserving, signing
from motcua.documents.dispatch import Dispatch
from motcua.documents.models import keyring, store
from motcua.documents.papers import Check, Office, Signatory
from motcua.lib.actions import Invalid, NotNow
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency


def printed(document: Outgoing, agency: Agency) -> bytes:
    """The PDF of a document with its number and day, and room for the head's signature and the agency's."""
    attached = paper_of(document)
    if attached is not None:
        return written_in(document, store().read(attached["digest"]))
    above = agency.parent
    with override("vi"):
        urgency = str(Urgency(document.urgency).label) if document.urgency else ""
    paper = Dispatch(
        office=Office(agency=agency.name_vi, above=above.name_vi if above else "", place=place_of(agency)),
        number=document.number,
        on=timezone.localtime(document.signed_at or timezone.now()).date(),
        kind="" if document.kind in BARE else kind_name(document.kind),
        subject=document.subject,
        urgency=urgency,
        to=tuple(names_of(document.receivers).values()) if document.kind in BARE else (),
        paragraphs=tuple(part.strip() for part in document.text.splitlines() if part.strip()),
        places=tuple(document.places),
        power=document.signer.get("competence", ""),
        signer=Signatory(title=document.signer["position"], name=document.signer["name"]),
        check=Check(url=f"{settings.NODE.web_url}/verify/", shown="", code=""),
    )
    try:
        return press.print_paper(paper, at=document.signed_at or timezone.now())
    except press.Unprintable as fault:
        raise Invalid(_("The document holds a letter that cannot be printed."), field="text") from fault


def paper_of(document: Outgoing) -> dict[str, Any] | None:
    """The file that is the document itself, made in a word processor; none where it is written here."""
    return next((file for file in document.files if file.get("is_paper")), None)


def appended(document: Outgoing) -> list[dict[str, Any]]:
    """The files that go with a document and are not the document itself."""
    return [file for file in document.files if not file.get("is_paper")]


def written_in(document: Outgoing, pdf: bytes) -> bytes:
    """The attached document with number and day where it leaves room, and places for both signatures. Raises Invalid."""
    try:
        bears = reserving.room(pdf).notation
        same_notation(bears, document.notation)
        return reserving.filled(
            pdf,
            number=f"{document.serial:02}",
            on=timezone.localtime(document.signed_at).date(),
            signer=document.signer["name"],
        )
    except reserving.NoRoom as fault:
        raise Invalid(str(fault), field="file") from fault


def same_notation(bears: str, is_to_bear: str) -> None:
    """Raises Invalid where the document itself bears another notation than the register would."""
    if bears.casefold() != is_to_bear.casefold():
        raise Invalid(
            _("The document bears the notation %(bears)s; by its kind it is %(other)s. Change one of them.")
            % {"bears": bears, "other": is_to_bear},
            field="file",
        )


def signed(pdf: bytes, document: Outgoing, *, by: Actor) -> dict[str, Any]:
    """The file with the person's signature, in the store."""
    try:
        person = keyring().person(by.urn)
    except KeyError as fault:
        raise NotNow(_("You have no digital signature here yet. Ask the administrator for one.")) from fault
    return filed(document, signing.sign_personal(pdf, person, at=timezone.now()))


def filed(document: Outgoing, pdf: bytes) -> dict[str, Any]:
    name = f"{document.number.replace('/', '-')}.pdf"
    blob = store().put([pdf])
    return {"name": name, "media": intake.PDF, "size": blob.size, "digest": blob.digest}


def sealed(document: Outgoing, file: dict[str, Any]) -> dict[str, Any]:
    """The file with the agency's signature: the red seal on the document itself, words in the corner of what is appended.

    What is no PDF bears no signature of its own; the message that carries it is signed.
    """
    if file["media"] != intake.PDF:
        return file
    try:
        seal = keyring().seal(document.agency)
    except KeyError as fault:
        raise NotNow(_("This node does not keep the seal of the agency.")) from fault
    pdf, now = store().read(file["digest"]), timezone.now()

    def sign(stamper: TimeStamper | None) -> bytes:
        return signing.sign_seal(pdf, seal, at=now, notation=document.number, timestamper=stamper)

    try:
        blob = lasting.kept(sign)
    except signing.CannotSign as fault:
        raise NotNow(_("The file %(name)s cannot be signed.") % {"name": file["name"]}) from fault
    return {**file, "size": blob.size, "digest": blob.digest}
