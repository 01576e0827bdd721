"""Keep files, make papers, sign them, recall them."""

from collections.abc import Mapping
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.documents import intake, press, signing
from motcua.documents.authority import Credential
from motcua.documents.events import DocumentKept, DocumentMade, DocumentRevoked, DocumentSigned
from motcua.documents.models import Document, keyring, store
from motcua.documents.papers import Paper
from motcua.documents.rules import head, officer, owner, signatory
from motcua.documents.verification import verify
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, NotNow, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system


@action(who=owner | officer | system)
def keep(document: Document, *, by: Actor, file: BinaryIO, field: str = "file") -> Document:
    """A file from outside is checked by its content and kept."""
    taken = intake.take_in(file, store(), field=field)
    document.kind, document.media, document.digest = Document.Kind.UPLOAD, taken.media, taken.digest
    document.size, document.pages = taken.size, taken.pages
    document.title = intake.plain_name(document.title)
    document.save(force_insert=True)
    record(DocumentKept(str(document.pk), taken.media, taken.digest, taken.size), about=document, by=by)
    return document


@action(who=officer | system)
def make(
    document: Document, *, by: Actor, paper: Paper, files: Mapping[str, bytes] | None = None
) -> Document:
    """An agency's paper is printed, with the `files` it shows; it carries `document.verification` and so leads to it."""
    document.made_at = timezone.now()
    try:
        _put(document, press.print_paper(paper, at=document.made_at, files=files))
    except press.Unprintable as fault:
        raise Invalid(
            _("The paper holds a letter that cannot be printed. Check the names and addresses.")
        ) from fault
    document.kind = Document.Kind(paper.template)
    document.number = document.number or paper.number[:60]
    document.title = document.title or str(document.get_kind_display())
    document.save(force_insert=True)
    record(
        DocumentMade(str(document.pk), document.kind, document.digest, document.agency), about=document, by=by
    )
    return document


@action(who=signatory)
def sign(document: Document, *, by: Actor) -> Document:
    """The officer signs; a paper with room for it gets the agency's seal as well."""
    at, keys = timezone.now(), keyring()
    try:
        person = keys.person(by.urn)
    except KeyError as fault:
        raise NotNow(_("You have no digital signature here yet. Ask the administrator for one.")) from fault
    signed = signing.sign_personal(document.content(), person, at=at)
    sealed = signing.SEAL in signing.places(signed)
    if sealed:
        signed = signing.sign_seal(signed, _seal(document), at=at)
    _put(document, signed)
    document.signatures = [signature.as_json() for signature in verify(signed, keys.trusted()).signatures]
    document.save()
    record(
        DocumentSigned(str(document.pk), document.kind, document.digest, document.agency, sealed),
        about=document,
        by=by,
    )
    return document


@action(who=head)
def revoke(document: Document, *, by: Actor, reason: str) -> Document:
    """A paper of the agency is recalled; its public page says so from now on."""
    if not reason.strip():
        raise Invalid(_("Say why the paper is recalled."), field="reason")
    document.reason, document.revoked_at = reason.strip(), timezone.now()
    document.save()
    record(
        DocumentRevoked(str(document.pk), document.kind, document.agency, document.reason),
        about=document,
        by=by,
    )
    return document


def _seal(document: Document) -> Credential:
    try:
        return keyring().seal(document.agency)
    except KeyError as fault:
        raise NotNow(_("This node does not keep the seal of the agency.")) from fault


def _put(document: Document, pdf: bytes) -> None:
    """Store bytes we made ourselves and let the document name them."""
    blob = store().put([pdf])
    document.media, document.digest, document.size = intake.PDF, blob.digest, blob.size
    if document._state.adding:  # a signature adds no page
        document.pages = intake.pages_of(pdf)
