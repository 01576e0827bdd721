"""Signing: a person's blue signature, then the agency's red seal, each a PAdES signature added to the file.

Form and place follow annex I of decree 30/2020. The level is PAdES B-B; with a time-stamper it is B-T.
"""

import asyncio
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain, count
from typing import override

from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.attributes import (
    CMSAttributeProvider,
    SignedAttributeProviderSpec,
    SigningCertificateV2Provider,
)
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field, enumerate_sig_fields
from pyhanko.sign.general import SigningError, as_signing_certificate_v2
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from motcua.documents import handwriting, press, words
from motcua.documents.authority import Credential
from motcua.documents.operators import entry
from motcua.documents.placing import Words

PERSON, SEAL = "signer", "seal"
HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
ROOM = 2048  # bytes: signed attributes, and a signature of the longest key in use
STAMP = 2 * 12 * 1024  # hexadecimal digits for a time stamp with the certificates that vouch for it
# Around the words in place of a seal, on a page as wide as A4.
MARGIN, WIDTH = 3 * press.MM, 210 * press.MM
MOST_ROWS = 10  # of such words, two beside each other


@dataclass(frozen=True)
class Said:
    """What a signature says of itself besides who and when: why it was made and where; it is signed, and readers of PDF show it."""

    reason: str = ""
    place: str = ""


class CannotSign(ValueError):
    """The file has no free place for this signature: it is signed already, or it is no sound PDF."""


def sign_personal(
    pdf: bytes, signer: Credential, *, at: datetime, timestamper: TimeStamper | None = None
) -> bytes:
    """Add a person's signature: the drawn name in blue, in the place the paper left. Raises CannotSign."""
    drawing = handwriting.signature(signer.name)
    return sign_in(pdf, signer, PERSON, drawing, at=at, timestamper=timestamper)


def sign_seal(
    pdf: bytes, seal: Credential, *, at: datetime, notation: str = "", timestamper: TimeStamper | None = None
) -> bytes:
    """Add the agency's signature: the red seal in its place beside the personal signature. Raises CannotSign.

    A file without that place (an attachment, a scan) gets words instead of a seal, in the top right corner of the
    first page: its number and notation and the time of signing.
    """
    if SEAL not in places(pdf):
        return sign_corner(
            pdf, seal, sealed_in_words(notation or seal.name, at), at=at, timestamper=timestamper
        )
    return sign_in(pdf, seal, SEAL, red_seal(seal.name), at=at, timestamper=timestamper)


def sign_corner(
    pdf: bytes,
    seal: Credential,
    lines: Sequence[str],
    *,
    at: datetime,
    said: Said | None = None,
    timestamper: TimeStamper | None = None,
) -> bytes:
    """Add the agency's signature as words in the top right corner of page 1, beside those that stand there. Raises CannotSign."""
    field = _free_name(pdf)
    drawing = press.vector("stamp", {"lines": list(lines)})
    try:
        ready = _with_corner(pdf, drawing, field)
    except PdfError as fault:
        raise CannotSign(str(fault)) from fault
    return sign_in(ready, seal, field, drawing, at=at, said=said, timestamper=timestamper)


@lru_cache(maxsize=64)
def red_seal(agency: str) -> bytes:
    """The seal as a picture: of each agency it is always the same."""
    return press.picture("seal", {"agency": agency})


def sealed_in_words(who: str, at: datetime) -> list[str]:
    """What stands in the corner of a file that has no place for a seal: whose it is, and the time of signing."""
    return [who, f"Thời gian ký: {at.astimezone(words.VIETNAM).isoformat(timespec='seconds')}"]


def sign_in(
    pdf: bytes,
    credential: Credential,
    field: str,
    drawing: bytes,
    *,
    at: datetime,
    said: Said | None = None,
    timestamper: TimeStamper | None = None,
) -> bytes:
    """Sign in the empty field of this name and show `drawing`, a transparent PNG or a page of words. Raises CannotSign."""
    if field not in places(pdf):
        raise CannotSign(field)
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            name=credential.name,
            reason=(said.reason if said else "") or None,
            location=(said.place if said else "") or None,
        ),
        _signer(credential),
        timestamper=timestamper,
        stamp_style=appearance(drawing),
    )
    try:
        # Strictly, as signatures are checked: what is read kindly now would not stand then.
        return asyncio.run(_signed(signer, IncrementalPdfFileWriter(io.BytesIO(pdf)), at))
    except (PdfError, SigningError) as fault:
        raise CannotSign(str(fault)) from fault


async def _signed(signer: PdfSigner, writer: IncrementalPdfFileWriter, at: datetime) -> bytes:
    """Sign as pyHanko does, but at the time of the action rather than whenever the clock is read."""
    session = signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = at
    validation = await session.perform_presign_validation(writer)
    reserved = room(signer) + (STAMP if signer.default_timestamper else 0)
    document = session.prepare_tbs_document(validation_info=validation, bytes_reserved=reserved)
    output = io.BytesIO()
    digest, _output = document.digest_tbs_document(output=output)
    signed = await document.perform_signature(
        document_digest=digest.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at)
    )
    await signed.post_signature_processing(output)
    return output.getvalue()


def room(signer: PdfSigner) -> int:
    """Hexadecimal digits to keep free for a signature without a time stamp: its certificate and all that is written beside it.

    Signing once for the size and once in earnest, as pyHanko does by itself, costs twice.
    """
    certificate = signer.signer.signing_cert
    return 2 * ((len(certificate.dump()) if certificate else 0) + ROOM)


class Attributes(SignedAttributeProviderSpec):
    """What a signature signs beside the digest: which certificate speaks (RFC 5035)."""

    def __init__(self, certificate: asn1_x509.Certificate) -> None:
        self.speaks = Speaks(certificate)

    def signed_attr_providers(
        self, data_digest: bytes, digest_algorithm: str
    ) -> Iterable[CMSAttributeProvider]:
        return [self.speaks]


class Speaks(SigningCertificateV2Provider):
    """Said in bytes: built of objects it is written out again with every part of the signature, at twice the cost."""

    @override
    async def build_attr_value(self, dry_run: bool = False) -> tsp.SigningCertificateV2:
        return tsp.SigningCertificateV2.load(speaks(self.signing_cert.dump()))


@lru_cache(maxsize=64)
def speaks(certificate: bytes) -> bytes:
    """Which certificate speaks, as DER: of each it is always the same."""
    return bytes(as_signing_certificate_v2(asn1_x509.Certificate.load(certificate)).dump())


class KeySigner(Signer):
    """Signs with a key wherever it lies: in a file, or in a token that lets no key out."""

    def __init__(self, credential: Credential, certificate: asn1_x509.Certificate) -> None:
        self.key = credential.key
        super().__init__(signing_cert=certificate, cert_registry=SimpleCertificateStore(), embed_roots=False)

    @override
    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return self.key.sign(data, ec.ECDSA(HASHES[digest_algorithm]))


def _signer(credential: Credential) -> KeySigner:
    certificate = credential.certificate.public_bytes(serialization.Encoding.DER)
    signer = KeySigner(credential, asn1_x509.Certificate.load(certificate))
    signer.signed_attr_prov_spec = Attributes(asn1_x509.Certificate.load(certificate))
    return signer


def detached(content: bytes, credential: Credential, *, at: datetime) -> bytes:
    """A signature (CMS, DER) over content that stands beside it, made with SHA-256."""
    said = PdfCMSSignedAttributes(signing_time=at)
    made = _signer(credential).async_sign_general_data(content, "sha256", signed_attr_settings=said)
    return bytes(asyncio.run(made).dump())


def appearance(drawing: bytes) -> StaticStampStyle:
    fit = SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MID, y_align=AxisAlignment.ALIGN_MID, margins=Margins.uniform(0)
    )
    shown = (
        Words(drawing)
        if drawing.startswith(b"%PDF-")
        else PdfImage(Image.open(io.BytesIO(drawing)).convert("RGBA"))
    )
    return StaticStampStyle(border_width=0, background=shown, background_layout=fit)


def places(pdf: bytes) -> set[str]:
    """Names of the signature fields that are still empty."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        return {name for name, signed, _field in enumerate_sig_fields(reader) if signed is None}
    except Exception as fault:
        raise CannotSign(str(fault)) from fault


def _free_name(pdf: bytes) -> str:
    """The seal's name for a field that is not there yet: a file may bear the seal of another agency."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        taken = {name for name, _signed, _field in enumerate_sig_fields(reader)}
    except Exception as fault:
        raise CannotSign(str(fault)) from fault
    return next(
        name for name in chain([SEAL], (f"{SEAL}-{number}" for number in count(2))) if name not in taken
    )


def _with_corner(pdf: bytes, words_in_it: bytes, field: str) -> bytes:
    """Add the seal's field in the top right corner of the first page, as large as its words."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    left, _bottom, right, top = press.edges(writer, 0)
    scale = min(1, (right - left) / WIDTH)  # so that it stays above the head of a smaller page too
    _left, _foot, across, up = press.edges(IncrementalPdfFileWriter(io.BytesIO(words_in_it)), 0)
    width, height, margin = (length * scale for length in (across, up, MARGIN))
    taken = _stamped(writer)
    rooms = (
        press.box(edge - width, head - height, edge, head)
        for head in (top - margin - row * (height + margin / 3) for row in range(MOST_ROWS))
        for edge in (right, right - width)
    )
    box = next((one for one in rooms if not any(_meet(one, other) for other in taken)), None)
    if box is None:
        raise CannotSign(field)
    append_signature_field(writer, SigFieldSpec(field, on_page=0, box=box))
    done = io.BytesIO()
    writer.write(done)
    return done.getvalue()


def _stamped(writer: IncrementalPdfFileWriter) -> list[tuple[float, ...]]:
    """Left, foot, right and head of each signature that is seen on the first page."""
    page = writer.find_page_for_modification(0)[0].get_object()
    widgets = [one.get_object() for one in entry(page, "/Annots", ())]
    corners = [
        [float(edge) for edge in one["/Rect"]]
        for one in widgets
        if entry(one, "/Subtype") == "/Widget" and "/Rect" in one
    ]
    boxes = [(min(one[::2]), min(one[1::2]), max(one[::2]), max(one[1::2])) for one in corners]
    return [one for one in boxes if one[0] < one[2] and one[1] < one[3]]


def _meet(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
