"""Signing with a key that lies elsewhere: first what is to be signed, later the signature put into its place.

Between the two a person confirms with the provider that keeps the key; the PDF waits with an empty container.
"""

import asyncio
import io
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import ExternalSigner, PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from motcua.documents import press, signing, words
from motcua.documents.signing import CannotSign

ALGORITHM = "sha256"


@dataclass(frozen=True)
class Prepared:
    """A PDF with an empty container from byte `start` to `end`, and the DER of the attributes that are signed for it."""

    pdf: bytes
    attributes: bytes
    start: int
    end: int

    @property
    def digest(self) -> bytes:
        """What the key elsewhere signs: SHA-256 of the signed attributes, 32 bytes."""
        return sha256(self.attributes).digest()


def prepare(pdf: bytes, certificate: x509.Certificate, *, name: str, at: datetime) -> Prepared:
    """Make ready for the owner of this certificate, in the place the paper left for a person. Raises CannotSign."""
    if signing.PERSON not in signing.places(pdf):
        raise CannotSign(signing.PERSON)
    lines = [f"Ký bởi: {name}", f"Thời gian ký: {at.astimezone(words.VIETNAM).isoformat(timespec='seconds')}"]
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=signing.PERSON, md_algorithm=ALGORITHM, subfilter=SigSeedSubFilter.PADES, name=name
        ),
        keyless(certificate),
        stamp_style=signing.appearance(press.picture("stamp", {"lines": lines})),
    )
    return asyncio.run(_prepared(signer, IncrementalPdfFileWriter(io.BytesIO(pdf)), at))


async def _prepared(signer: PdfSigner, writer: IncrementalPdfFileWriter, at: datetime) -> Prepared:
    session = signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = at
    validation = await session.perform_presign_validation(writer)
    document = session.prepare_tbs_document(validation_info=validation, bytes_reserved=signing.room(signer))
    output = io.BytesIO()
    found, _output = document.digest_tbs_document(output=output)
    attributes = await signer.signer.signed_attrs(
        found.document_digest,
        ALGORITHM,
        attr_settings=PdfCMSSignedAttributes(signing_time=at),
        use_pades=True,
    )
    return Prepared(
        output.getvalue(), attributes.dump(), found.reserved_region_start, found.reserved_region_end
    )


def finish(prepared: Prepared, certificate: x509.Certificate, signature: bytes) -> bytes:
    """Put the signature into its place. Whether it is any good, is for `verification` to say. Raises CannotSign."""
    try:
        attributes = cms.CMSAttributes.load(prepared.attributes)
        container = asyncio.run(
            keyless(certificate, signature).async_sign_prescribed_attributes(ALGORITHM, attributes)
        )
        output = io.BytesIO(prepared.pdf)
        PreparedByteRangeDigest(b"", prepared.start, prepared.end).fill_with_cms(output, container)
    except Exception as fault:
        raise CannotSign(str(fault)) from fault
    return output.getvalue()


def keyless(certificate: x509.Certificate, signature: bytes | None = None) -> ExternalSigner:
    """The certificate's owner as pyHanko knows them, without their key."""
    return ExternalSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        cert_registry=SimpleCertificateStore(),
        signature_value=signature,
        embed_roots=False,
    )
