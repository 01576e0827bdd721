"""The applicant signs the form: by a key that lies elsewhere or with one's own token; changed, it is void."""

import base64
import io
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.documents import elsewhere, intake
from motcua.documents.elsewhere import Prepared
from motcua.documents.models import store
from motcua.documents.remote import Found, Outcome, Transaction, certificate_in
from motcua.documents.signing import CannotSign
from motcua.documents.verification import Signature
from motcua.dossiers.events import (
    FormNotSigned,
    FormPrinted,
    FormSignatureVoided,
    FormSigned,
    FormSigningBegun,
)
from motcua.dossiers.models import Application, Attachment, Batch, FormSignature
from motcua.dossiers.questions import missing, not_mended
from motcua.dossiers.rules import applicant
from motcua.dossiers.signed_form import (
    SIGNED_FORM,
    examined,
    fingerprint_of,
    fingerprint_of_list,
    list_of,
    paper_of,
    printed,
    signatories,
    standing_of,
)
from motcua.dossiers.states import State
from motcua.journal.actions import record, record_many
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.procedures.vocabulary import Signing

UNSIGNED = gettext_lazy(
    "The form is not signed yet: open the dossier and sign it electronically before it is sent."
)
NAME = "To-khai-da-ky-so.pdf"


@action(who=applicant)
def print_form(application: Application, *, by: Actor) -> FormSignature:
    """The form is laid out to be signed, as it stands now; as long as no answer changes, it is the same file."""
    if application.definition.signature is Signing.NONE:
        raise Invalid(_("The form of this procedure is not signed."))
    if gaps := missing(application) if application.is_draft else not_mended(application):
        raise Invalid(_("Not yet complete: %(what)s.") % {"what": "; ".join(gaps)})
    said, live = fingerprint_of(application), application.signatures.live().first()
    if live and live.fingerprint == said:
        return live
    if live:
        void(live, by=by)
    at = timezone.now()
    blob = store().put([printed(paper_of(application, at=at), at=at)])
    made = FormSignature.objects.create(
        application=application, fingerprint=said, base=blob.digest, made_at=at
    )
    record(FormPrinted(said), about=application, by=by)
    return made


@action(who=applicant)
def print_list(batch: Batch, *, by: Actor, chosen: Sequence[UUID]) -> FormSignature:
    """The forms of these drafts are laid out as one list, to be signed once; the same drafts unchanged are the same file."""
    if batch.definition.signature is Signing.NONE:
        raise Invalid(_("The form of this procedure is not signed."))
    drafts = batch.applications.filter(pk__in=chosen, state=State.DRAFT).order_by("row", "pk")
    rows = [with_known(one, batch) for one in drafts]
    signed = standing_of(rows)
    rows = [one for one in rows if one.pk not in signed]
    if not rows:
        raise Invalid(_("Choose drafts that are not signed yet."))
    marks = {str(one.pk): fingerprint_of(one) for one in rows}
    live = batch.signatures.live().first()
    if live and not live.is_signed and live.rows == marks:
        return live
    if live:
        void(live, by=by)
    at = timezone.now()
    blob = store().put([printed(list_of(batch, rows, at=at), at=at)])
    mark = fingerprint_of_list(list(marks.values()))
    made = FormSignature.objects.create(
        batch=batch, rows=marks, fingerprint=mark, base=blob.digest, made_at=at
    )
    record(FormPrinted(mark), about=batch, by=by)
    return made


def with_known(one: Application, batch: Batch) -> Application:
    """A draft that asks the database for nothing its batch knows."""
    one.version, one.account, one.mandate = batch.version, batch.account, batch.mandate
    return one


def prepared_for(
    signature: FormSignature, certificate: x509.Certificate, *, name: str, at: datetime
) -> Prepared:
    """What the owner of the certificate is to sign; nothing is written down yet. Raises Invalid."""
    try:
        return elsewhere.prepare(store().read(signature.base), certificate, name=name, at=at)
    except CannotSign as fault:
        raise Invalid(_("This form cannot be signed any more. Print it anew.")) from fault


@action(who=applicant)
def begin_signing(
    application: Application | Batch,
    *,
    by: Actor,
    prepared: Prepared,
    certificate: x509.Certificate,
    transaction: Transaction,
) -> None:
    """The remote service was asked for a signature; the person confirms there. Asked again, the earlier question is forgotten."""
    signature = unsigned(application)
    kept = store().put([prepared.pdf])
    signature.state, signature.road = FormSignature.State.WAITING, FormSignature.Road.REMOTE
    signature.transaction, signature.page = transaction.id, transaction.page
    signature.expires_at = transaction.expires_at
    signature.prepared = {
        "pdf": kept.digest,
        "attributes": base64.b64encode(prepared.attributes).decode(),
        "certificate": base64.b64encode(certificate.public_bytes(Encoding.DER)).decode(),
        "start": prepared.start,
        "end": prepared.end,
    }
    signature.save()
    record(FormSigningBegun(signature.fingerprint), about=application, by=by)


@action(who=applicant)
def take_signature(application: Application | Batch, *, by: Actor, found: Found) -> str:
    """What became of the question: a signature, checked before it counts. Returns in words why there is none."""
    signature = application.signatures.filter(state=FormSignature.State.WAITING).first()
    if signature is None or (found.outcome is Outcome.WAITING and signature.is_waiting(timezone.now())):
        return ""
    try:
        content = finished(signature, found)
        theirs = examined(
            content,
            base=store().read(signature.base),
            since=signature.made_at,
            whose=signatories(application, by=by),
        )
    except Invalid as fault:
        release(signature)
        record(FormNotSigned(found.outcome.value), about=application, by=by)
        return str(fault)
    keep(signature, content, theirs, road=FormSignature.Road.REMOTE, by=by)
    return ""


@action(who=applicant)
def take_signed(application: Application | Batch, *, by: Actor, file: BinaryIO) -> None:
    """A form that was signed with one's own token comes back; it counts if it is the same file and the signature holds."""
    signature = unsigned(application)
    if file.seek(0, io.SEEK_END) > intake.LARGEST:
        raise Invalid(_("The file is larger than 10 MB: it is not the form you downloaded."), field="file")
    intake.examine(file)
    file.seek(0)
    content = file.read()
    theirs = examined(
        content,
        base=store().read(signature.base),
        since=signature.made_at,
        whose=signatories(application, by=by),
    )
    keep(signature, content, theirs, road=FormSignature.Road.UPLOAD, by=by)


NOTHING: dict[Outcome, Promise] = {
    Outcome.REFUSED: gettext_lazy(
        "You refused the signature at the signing service. The form is not signed."
    ),
    Outcome.EXPIRED: gettext_lazy("The signature was not confirmed in time. Ask for it again."),
    Outcome.WAITING: gettext_lazy("The signature was not confirmed in time. Ask for it again."),
}


def finished(signature: FormSignature, found: Found) -> bytes:
    """The signed file. Raises Invalid where nothing was signed, or with another certificate than was named at first."""
    if found.outcome in NOTHING:
        raise Invalid(str(NOTHING[found.outcome]))
    kept = signature.prepared
    certificate = certificate_in(kept["certificate"])
    if found.certificate != certificate:
        raise Invalid(
            _("The signing service used another certificate than yours. The form is not signed; try again.")
        )
    prepared = Prepared(
        store().read(kept["pdf"]), base64.b64decode(kept["attributes"]), kept["start"], kept["end"]
    )
    try:
        return elsewhere.finish(prepared, certificate, found.signature)
    except CannotSign as fault:
        raise Invalid(_("The signing service sent no signature that can be read. Try again.")) from fault


def unsigned(application: Application | Batch) -> FormSignature:
    """The printing that waits for a signature and says what the answers say now. Raises Invalid.

    Of a list it is enough that one row does: those that say something else are left out.
    """
    signature = application.signatures.live().first()
    if signature is None or not still_says(signature, application):
        raise Invalid(_("The form is not laid out yet, or an answer has changed. Begin again."))
    if signature.is_signed:
        raise Invalid(_("The form is signed already."))
    return signature


def still_says(signature: FormSignature, subject: Application | Batch) -> bool:
    """Whether the form, or one of a list, still says what was printed."""
    if isinstance(subject, Batch):
        return bool(unchanged(signature, subject, subject.applications.all()))
    return signature.fingerprint == fingerprint_of(subject)


def unchanged(signature: FormSignature, batch: Batch, among: QuerySet[Application]) -> list[Application]:
    """The drafts that still say what the list says of them."""
    drafts = among.filter(pk__in=signature.rows, state=State.DRAFT)
    return [one for one in drafts if fingerprint_of(with_known(one, batch)) == signature.rows[str(one.pk)]]


def keep(
    signature: FormSignature, content: bytes, theirs: Signature, *, road: FormSignature.Road, by: Actor
) -> None:
    """The signature holds: the signed file is kept."""
    blob = store().put([content])
    release(signature)
    signature.state, signature.road = FormSignature.State.SIGNED, road
    signature.file, signature.size = blob.digest, blob.size
    signature.signer, signature.signer_number, signature.signed_at = theirs.who, theirs.number, theirs.at
    signature.save()
    record(FormSigned(road.value, blob.digest), about=signature.subject, by=by)
    if signature.batch:
        sign_rows(signature, signature.batch, by=by)


def sign_rows(signature: FormSignature, batch: Batch, *, by: Actor) -> None:
    """The signature on a list counts for each draft that still says what the list says of it."""
    same = unchanged(signature, batch, batch.applications.select_for_update(of=("self",)))
    of_rows = FormSignature.objects.filter(application__in=same)
    of_rows.live().update(state=FormSignature.State.VOID)
    copied = ("base", "file", "size", "made_at", "road", "signer", "signer_number", "signed_at", "state")
    values = {name: getattr(signature, name) for name in copied}
    FormSignature.objects.bulk_create(
        FormSignature(application=one, fingerprint=signature.rows[str(one.pk)], **values) for one in same
    )
    told = FormSigned(signature.road, signature.file)
    record_many([(told, one.urn) for one in same], by=by)


def release(signature: FormSignature) -> None:
    """Nothing waits any more; the form can be signed anew."""
    signature.state, signature.road = FormSignature.State.MADE, ""
    signature.transaction, signature.page, signature.expires_at = "", "", None
    signature.prepared = {}
    signature.save()


def void(signature: FormSignature, *, by: Actor) -> None:
    """What is signed, or was to be, is no longer what is declared; a list makes way, and its signature counts on for its rows."""
    was_signed = signature.is_signed
    signature.state = FormSignature.State.VOID
    signature.save()
    if was_signed and signature.application:
        record(FormSignatureVoided(signature.file), about=signature.application, by=by)


def void_what_changed(application: Application, *, by: Actor) -> None:
    """After answers were kept: a form that says something else is void."""
    signature = application.signatures.live().first()
    if signature and signature.fingerprint != fingerprint_of(application):
        void(signature, by=by)


def enclose(applications: Sequence[Application], signatures: Sequence[FormSignature]) -> list[Attachment]:
    """The signed forms go with their applications; a form from an earlier sending that came back stays away."""
    signed = [one for one in applications if one.definition.signature is not Signing.NONE]
    if not signed:
        return []
    Attachment.objects.filter(application__in=signed, kind=Attachment.Kind.FORM).delete()
    return Attachment.objects.bulk_create(
        Attachment(
            application_id=one.application_id,  # type: ignore[misc]  # of a row, never of a list
            kind=Attachment.Kind.FORM,
            paper=SIGNED_FORM,
            name=NAME,
            media=intake.PDF,
            size=one.size,
            digest=one.file,
        )
        for one in signatures
    )
