"""Verification: who signed a file, and whether every signature still stands; an answer for any bytes whatever."""

import asyncio
import io
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from asn1crypto import algos, core, parser
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from motcua.documents.levels import Level, Trust, not_revoked, stamps, store_in

log = logging.getLogger(__name__)

LARGEST = 50 * 1024 * 1024
MOST_SIGNATURES = 50
NULL = {"parameters": core.Null()}

# pyHanko writes the names of signers and its way to a verdict into its log; a name is never in ours.
for _noisy in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_noisy).setLevel(logging.CRITICAL + 1)


class Fault(StrEnum):
    """What can be wrong with a file or with one of its signatures."""

    NOT_PDF = "not_pdf"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    ENCRYPTED = "encrypted"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"
    ALTERED = "altered"
    EXTENDED = "extended"
    UNTRUSTED = "untrusted"
    OUTSIDE_VALIDITY = "outside_validity"
    UNDATED = "undated"
    UNSTAMPED = "unstamped"
    REVOKED = "revoked"
    NO_MESSAGE = "no_message"

    @property
    def words(self) -> Promise:
        """The fault as a sentence for whoever asked."""
        return WORDS[self]


WORDS: dict[Fault, Promise] = {
    Fault.NOT_PDF: _("This file is not a PDF."),
    Fault.BROKEN: _("The file is damaged: it cannot be read to its end."),
    Fault.TOO_LARGE: _("The file is too large to be checked here."),
    Fault.ENCRYPTED: _("The file is locked with a password, so its signatures cannot be checked."),
    Fault.UNSIGNED: _("The file carries no digital signature."),
    Fault.UNREADABLE: _("This signature cannot be read: it was damaged or made in an unknown way."),
    Fault.ALTERED: _("The content is no longer what was signed."),
    Fault.EXTENDED: _("Something was added to the file after it was signed."),
    Fault.UNTRUSTED: _("The certificate was not issued by an authority recognised here."),
    Fault.OUTSIDE_VALIDITY: _("The certificate was not valid at the time of signing."),
    Fault.UNDATED: _("The signature does not say when it was made."),
    Fault.UNSTAMPED: _("The time stamp does not belong to this signature."),
    Fault.REVOKED: _("The certificate had been revoked when this was signed."),
    Fault.NO_MESSAGE: _("This message of the document axis cannot be read."),
}


@dataclass(frozen=True)
class Signature:
    """One signature as found; `faults` is empty when everything about it holds."""

    who: str = ""
    title: str = ""
    organisation: str = ""
    code: str = ""
    number: str = ""
    role: str = "personal"
    at: datetime | None = None
    timestamped: bool = False
    intact: bool = False
    whole: bool = False
    trusted: bool = False
    in_time: bool = False
    level: Level = Level.BASIC
    faults: tuple[Fault, ...] = ()

    @property
    def stands(self) -> bool:
        return not self.faults

    @property
    def is_seal(self) -> bool:
        return self.role == "seal"

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"at": self.at.isoformat() if self.at else None, "faults": list(self.faults)}


@dataclass(frozen=True)
class Verdict:
    """What a file is worth: its signatures in their order, and what is wrong with the file as a whole."""

    signatures: tuple[Signature, ...] = ()
    faults: tuple[Fault, ...] = field(default=())

    @property
    def stands(self) -> bool:
        """Whether the file is signed and every signature on it stands."""
        return bool(self.signatures) and not self.every_fault

    @property
    def every_fault(self) -> tuple[Fault, ...]:
        """All faults, of the file and of its signatures, each once."""
        found = [*self.faults, *(fault for signature in self.signatures for fault in signature.faults)]
        return tuple(dict.fromkeys(found))

    @property
    def words(self) -> list[Promise]:
        return [fault.words for fault in self.every_fault]


def verify(
    pdf: bytes,
    trust_roots: Iterable[x509.Certificate],
    *,
    stampers: Iterable[asn1_x509.Certificate] = (),
    made_here: bool = False,
) -> Verdict:
    """Check every signature in `pdf` against the authorities trusted here; never raises, whatever the bytes.

    A certificate counts at the time of signing: the time-stamp's if there is one, else the time the signer states. Time stamps
    count by the authorities trusted here and by the `stampers`.
    Of what was `made_here` a moment ago, print and signatures, it need not be found out whether anybody else added to it.
    """
    if not pdf.startswith(b"%PDF-"):
        return Verdict(faults=(Fault.NOT_PDF,))
    if len(pdf) > LARGEST:
        return Verdict(faults=(Fault.TOO_LARGE,))
    try:
        roots = [asn1_x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in trust_roots]
        return _verdict(pdf, Trust(roots, tuple(stampers)), made_here=made_here)
    except Exception:  # noqa: BLE001  (whatever a hostile file makes a parser do, the answer is a verdict)
        log.info("A file sent for verification could not be read.")
        return Verdict(faults=(Fault.BROKEN,))


def _verdict(pdf: bytes, trust: Trust, *, made_here: bool) -> Verdict:
    reader = PdfFileReader(io.BytesIO(pdf))
    if reader.encrypted:
        return Verdict(faults=(Fault.ENCRYPTED,))
    filled = [
        (name, sig_field)
        for name, value, sig_field in enumerate_sig_fields(reader)
        if value is not None and value.get_object().get("/Type", "/Sig") == "/Sig"
    ]
    if not filled:
        return Verdict(faults=(Fault.UNSIGNED,))
    if len(filled) > MOST_SIGNATURES:
        return Verdict(faults=(Fault.BROKEN,))
    found = [_signature(reader, name, sig_field, trust, made_here=made_here) for name, sig_field in filled]
    return Verdict(tuple(signature for _revision, signature in sorted(found, key=lambda pair: pair[0])))


def _signature(
    reader: PdfFileReader,
    name: str,
    sig_field: Any,
    trust: Trust,
    *,
    made_here: bool,
) -> tuple[int, Signature]:
    """Read one signature; return it after the number of the revision it signs."""
    try:
        embedded = EmbeddedPdfSignature(reader, sig_field, name)
        return embedded.signed_revision, _judged(embedded, trust, made_here=made_here)
    except Exception:  # noqa: BLE001  (a broken signature must not hide its sound neighbour)
        return 0, Signature(faults=(Fault.UNREADABLE,))


def _judged(embedded: EmbeddedPdfSignature, trust: Trust, *, made_here: bool) -> Signature:
    certificate, stated = embedded.signer_cert, embedded.self_reported_timestamp
    if stated is None or stated.tzinfo is None:
        return Signature(**signer_of(certificate), faults=(Fault.UNDATED,))
    status = _status(embedded, trust, stated, made_here=made_here)
    stamp = status.timestamp_validity
    # By its validity and not by its time, which may be the very second the signer states.
    stamped_at = stamp.timestamp if stamp and stamp.valid and stamp.trusted else None
    at = stamped_at or stated
    if at != stated:
        status = _status(embedded, trust, at, made_here=made_here)
    in_time = _nearest(certificate, at) == at
    intact = status.intact and status.valid and _is_plain(embedded)
    trusted = status.trusted
    whole = intact and (_covers_revision(status) if made_here else _is_whole(embedded, status))
    level, held = _lasting(embedded, trust, at, is_stamped=stamped_at is not None, made_here=made_here)
    checks = {
        Fault.ALTERED: intact,
        Fault.EXTENDED: whole or not intact,
        Fault.UNTRUSTED: trusted or not intact,  # an altered signature's certificate is not followed further
        Fault.OUTSIDE_VALIDITY: in_time,
        Fault.UNSTAMPED: not stamp or (stamp.intact and stamp.valid),
        Fault.REVOKED: held is not False,
    }
    return Signature(
        **signer_of(certificate),
        at=at,
        timestamped=stamped_at is not None,
        intact=intact,
        whole=whole,
        trusted=trusted,
        in_time=in_time,
        level=level,
        faults=tuple(fault for fault, holds in checks.items() if not holds),
    )


def _lasting(
    embedded: EmbeddedPdfSignature, trust: Trust, at: datetime, *, is_stamped: bool, made_here: bool
) -> tuple[Level, bool | None]:
    """How long it can be checked, and whether the lists in the file say that its certificate held then."""
    if made_here:
        return Level.TIMED if is_stamped else Level.BASIC, None
    reader = embedded.reader
    held = not_revoked(store_in(reader), embedded, trust, at)
    over = [moment for revision, moment in stamps(reader, trust) if revision >= embedded.signed_revision]
    if not is_stamped and not over:
        return Level.BASIC, held
    return Level.LASTING if held else Level.TIMED, held


def _status(
    embedded: EmbeddedPdfSignature,
    trust: Trust,
    moment: datetime,
    *,
    made_here: bool,
) -> PdfSignatureStatus:
    # Whether the certificate was in force is our own question; here only: who vouches for it?
    moment = _nearest(embedded.signer_cert, moment)
    at_signing = ValidationContext(trust_roots=list(trust.roots), moment=moment, allow_fetching=False)
    stamping = ValidationContext(trust_roots=trust.of_time, allow_fetching=False)
    return asyncio.run(async_validate_pdf_signature(embedded, at_signing, stamping, skip_diff=made_here))


def _nearest(certificate: asn1_x509.Certificate, moment: datetime) -> datetime:
    """Return the moment itself, or the first or last at which the certificate was in force."""
    first: datetime = certificate.not_valid_before
    last: datetime = certificate.not_valid_after
    return max(first, min(moment, last))


def signer_of(certificate: asn1_x509.Certificate) -> dict[str, Any]:
    """Who stands in the certificate; an organisation identifier makes it a seal (ETSI EN 319 412-3)."""
    subject = certificate.subject.native
    code = str(subject.get("organization_identifier", ""))
    return {
        "who": str(subject.get("common_name", "")),
        "title": str(subject.get("title", "")),
        "organisation": str(subject.get("organization_name", "")),
        "code": code,
        "number": numbered(certificate),
        "role": "seal" if code else "personal",
    }


def numbered(certificate: asn1_x509.Certificate) -> str:
    """The personal number or tax code in a certificate's user id, written `CCCD:…` or `MST:…`; empty if there is none."""
    said = certificate.subject.native.get("user_id", "")
    first = said[0] if isinstance(said, list) else said
    return str(first).rpartition(":")[2].strip()


def _is_whole(embedded: EmbeddedPdfSignature, status: PdfSignatureStatus) -> bool:
    """Whether nothing was added after this signature but further signatures and what proves them for the long term."""
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return True
    result = status.diff_result
    if status.coverage != SignatureCoverageLevel.ENTIRE_REVISION or not isinstance(result, DiffResult):
        return False
    signed = {name for name, value, _field in enumerate_sig_fields(embedded.reader) if value is not None}
    return (
        ModificationLevel.NONE < result.modification_level <= ModificationLevel.FORM_FILLING
        and result.changed_form_fields <= signed
    )


def _covers_revision(status: PdfSignatureStatus) -> bool:
    """Whether the signature covers all that had been written when it was made."""
    return bool(status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION)


def _is_plain(embedded: EmbeddedPdfSignature) -> bool:
    """Whether the container of the signature, the one part no signature can cover, holds the signature and nothing else.

    Otherwise its padding, the case of its digits, or fields that no check reads could be changed without a trace.
    """
    container, signed = embedded.pkcs7_content, embedded.signed_data
    _class, _method, _tag, header, content, trailer = parser.parse(container)
    padding = container[len(header) + len(content) + len(trailer) :]
    named = [*signed["digest_algorithms"], embedded.signer_info["digest_algorithm"]]
    usual = [
        algos.DigestAlgorithm({"algorithm": embedded.md_algorithm, **null}).dump() for null in ({}, NULL)
    ]
    return (
        not any(padding)
        and _gap(embedded) in {container.hex().encode(), container.hex().upper().encode()}
        and all(algorithm.dump() in usual for algorithm in named)
        and signed["version"].native == "v1"
        and embedded.signer_info["version"].native == "v1"
    )


def _gap(embedded: EmbeddedPdfSignature) -> bytes:
    """Return what stands in the file where the signature says it stands itself."""
    _start, before, after, _rest = (int(number) for number in embedded.byte_range)
    stream = embedded.reader.stream
    stream.seek(before)
    gap: bytes = stream.read(after - before)
    return gap.removeprefix(b"<").removesuffix(b">")
