"""Keep files, make papers, sign and seal them, recall them; delete what nobody made use of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.documents import intake, press, signing
from motcua.documents.authority import Credential
from motcua.documents.events import (
    DocumentKept,
    DocumentMade,
    DocumentRevoked,
    DocumentSigned,
    FilesDiscarded,
    FilesNoted,
    SignatureBasic,
    SignatureCompleted,
)
from motcua.documents.models import FORMS, Basic, Document, Loose, keyring, store
from motcua.documents.papers import Paper
from motcua.documents.rules import head, officer, owner, signatory
from motcua.documents.sweeping import Found, kept_since, loose, noted_before
from motcua.documents.verification import verify
from motcua.journal.actions import record
from motcua.lib.actions import Invalid, NotNow, action, ours
from motcua.lib.actors import Actor
from motcua.lib.blobs import Blob, Store
from motcua.lib.named_files import unnamed
from motcua.lib.rules import system

DOCUMENTS = Actor.system("documents")
# Files deleted in one transaction.
AT_ONCE = 1000


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
    document.awaits_seal = document.kind in FORMS and keyring().has_seal(document.agency)
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
    document.awaits_seal = False
    return _signed(document, signed, by=by, sealed=sealed)


@action(who=system)
def hand_out(document: Document, *, by: Actor) -> Document:
    """The file leaves us for the first time: a form that awaits the agency's seal gets it now, and is the same for ever after.

    Two who ask at once get one file: the second waits for the first. Where the seal is gone in the meantime, or no longer
    in force, the form leaves without, and never gets one.
    """
    if document.awaits_seal and document.state == Document.State.MADE:
        document.awaits_seal = False
        credential = seal_of(document.agency)
        if credential is None:
            document.save()
            return document
        with ours(document):
            seal(document, by=by, credential=credential)
    return document


def outgoing(document: Document) -> Document:
    """The document as it leaves us: a form that awaits its seal gets it now. FileNotFoundError if the store does not hold it."""
    return hand_out(document, by=DOCUMENTS) if document.awaits_seal else document


@action(who=system)
def seal(document: Document, *, by: Actor, credential: Credential) -> Document:
    """A form of the one-stop desk gets the seal of its agency: no officer signs it, the agency answers for it."""
    sealed = signing.sign_seal(document.content(), credential, at=timezone.now())
    return _signed(document, sealed, by=by, sealed=True)


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


@action(who=system, locks=False)
def note_basic(basic: Basic, *, by: Actor) -> Basic:
    """A file was signed without what proves it for the long term; the worker will complete it."""
    basic.save(force_insert=True)
    record(SignatureBasic(basic.digest, basic.why), about=basic, by=by)
    return basic


@action(who=system)
def complete(basic: Basic, *, by: Actor, completed: Blob) -> Basic:
    """It has its time stamp and lists; whoever opens the file gets it so from now on. Done twice, the first holds."""
    if basic.completed:
        return basic
    basic.completed, basic.completed_at = completed.digest, timezone.now()
    basic.save()
    record(SignatureCompleted(basic.digest, basic.completed), about=basic, by=by)
    return basic


@action(who=system, locks=False)
def note_loose(blobs: Sequence[Blob], *, by: Actor) -> FilesNoted:
    """Files that nobody names are noted, and uploads nobody made use of go: from now on nobody can find a name for them.

    Nothing is deleted yet: who read such a name before may be about to give the file another.
    """
    digests = [blob.digest for blob in blobs]
    unused = Document.objects.filter(kind=Document.Kind.UPLOAD, digest__in=digests, made_at__lt=kept_since())
    dropped, _rows = unused.delete()
    known = set(Loose.objects.filter(digest__in=digests).values_list("digest", flat=True))
    new = [Loose(digest=blob.digest, size=blob.size) for blob in blobs if blob.digest not in known]
    Loose.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    noted = FilesNoted(len(new), dropped)
    if new or dropped:
        record(noted, about="files:loose", by=by)
    return noted


@action(who=system, locks=False)
def discard_loose(files: Store, *, by: Actor, noted: datetime, older: datetime) -> FilesDiscarded | None:
    """Some of the files `noted` before then are deleted, if still nobody names them and they are `older`; None if none is left.

    A file goes before its note: killed in between, the note finds nothing the next time. Put again in the meantime, it stays.
    """
    rows = Loose.objects.select_for_update(skip_locked=True).filter(noted_at__lt=noted).order_by("digest")
    looked_at = {row.digest: row.size for row in rows[:AT_ONCE]}
    if not looked_at:
        return None
    gone = [digest for digest in sorted(unnamed(looked_at)) if files.discard(digest, older=older)]
    Loose.objects.filter(digest__in=looked_at).delete()
    discarded = FilesDiscarded(len(gone), sum(looked_at[digest] for digest in gone))
    if gone:
        record(discarded, about="files:loose", by=by)
    return discarded


def sweep(*, by: Actor) -> tuple[Found, Found]:
    """Delete what an earlier night noted, and note what nobody names now; return both. Safe to be killed anywhere."""
    files, older, noted = store(), kept_since(), noted_before()
    gone: list[FilesDiscarded] = []
    while (some := discard_loose(files, by=by, noted=noted, older=older)) is not None:
        gone.append(some)
    files.clear_incoming(older=older)
    found: list[Blob] = []
    for blobs in loose():
        note_loose(blobs, by=by)
        found += blobs
    return (
        Found(sum(one.files for one in gone), sum(one.size for one in gone)),
        Found(len(found), sum(blob.size for blob in found)),
    )


def _signed(document: Document, pdf: bytes, *, by: Actor, sealed: bool) -> Document:
    """From now on the document is the signed file."""
    _put(document, pdf)
    made_here = document.kind != Document.Kind.UPLOAD
    found = verify(pdf, keyring().trusted(), made_here=made_here).signatures
    document.signatures = [signature.as_json() for signature in found]
    document.save()
    told = DocumentSigned(str(document.pk), document.kind, document.digest, document.agency, sealed)
    record(told, about=document, by=by)
    return document


def seal_of(agency: str) -> Credential | None:
    """The seal of the agency this node keeps, if it counts today."""
    try:
        found = keyring().seal(agency)
    except KeyError:
        return None
    return found if found.is_in_force(timezone.now()) else None


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
