"""Signatures to be checked for years (PAdES B-LT): a time stamp and, in the file, the lists of revoked certificates."""

import asyncio
import io
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import override

from asn1crypto import cms, crl
from asn1crypto import pem as armour
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from motcua.documents import signing
from motcua.documents.actions import DOCUMENTS, complete, note_basic
from motcua.documents.models import Basic, keyring, store
from motcua.exchange.actions.stamping import ask
from motcua.exchange.stamping import Unstamped
from motcua.lib.blobs import Blob, Damaged

LOG = logging.getLogger(__name__)
ROOM = 2 * 12 * 1024  # hexadecimal digits kept free for a time stamp over the whole file
AT_ONCE = 100


class Stamper(TimeStamper):
    """The authorities of time this node asks, the first that answers."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    @override
    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        token = await ask(message_digest)
        return cms.ContentInfo.load(token.der)


def is_wanted() -> bool:
    """Whether this node makes its agencies' signatures so."""
    return settings.NODE.lasting_signatures


def kept(sign: Callable[[TimeStamper | None], bytes]) -> Blob:
    """A file as signed, in the store; with time stamp and lists where the node is set so. Raises CannotSign.

    Where no authority answers it is signed without (B-B), where a list is missing with the stamp alone (B-T); the worker
    completes it later.
    """
    if not is_wanted():
        return store().put([sign(None)])
    try:
        made = sign(Stamper())
    except (
        Unstamped,
        OSError,
        TimeoutError,
        signing.CannotSign,
    ) as fault:  # its stamp may be too large for its room
        made, why = sign(None), str(fault)
    else:
        try:
            return store().put([proven(made, timezone.now())])
        except (ValueError, PdfError) as fault:
            why = str(fault)
    blob = store().put([made])
    note_basic(Basic(digest=blob.digest, why=why[:300]), by=DOCUMENTS)
    return blob


def complete_waiting() -> int:
    """Complete what waits, the oldest first, until an authority stays silent; return how many."""
    done = 0
    waiting = Basic.objects.filter(completed="").order_by("since") if is_wanted() else Basic.objects.none()
    for basic in waiting.iterator():
        try:
            signed = store().read(basic.digest)
        except (Damaged, OSError):
            LOG.exception("A signed file cannot be read; those behind it go on.")
            continue
        try:
            blob = store().put([completed(signed, timezone.now())])
        except (ValueError, PdfError):  # the list of its own authority is missing
            continue
        except (Unstamped, OSError, TimeoutError):
            break
        complete(basic, by=DOCUMENTS, completed=blob)
        done += 1
        if done == AT_ONCE:
            break
    return done


def completed(pdf: bytes, now: datetime) -> bytes:
    """A file signed without them gets lists and a time stamp over all of it; not one byte of it changes. Raises Unstamped."""
    writer = IncrementalPdfFileWriter(io.BytesIO(proven(pdf, now)))
    made = PdfTimeStamper(Stamper()).async_timestamp_pdf(writer, "sha256", bytes_reserved=ROOM)
    done: bytes = asyncio.run(made).getvalue()
    return done


def proven(pdf: bytes, now: datetime) -> bytes:
    """The file with the certificates of who signed it and the lists of revoked ones in force. ValueError where one is missing."""
    reader = PdfFileReader(io.BytesIO(pdf))
    certificates = {
        one.dump(): one
        for signature in reader.embedded_regular_signatures
        for one in (signature.signer_cert, *signature.other_embedded_certs)
    }
    issuers = [asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in keyring().trusted()]
    lists = _about(certificates.values(), revoked(settings.KEYS / "revocation"), now)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    DocumentSecurityStore.supply_dss_in_writer(
        writer, None, certs=[*certificates.values(), *issuers], crls=lists
    )
    done = io.BytesIO()
    writer.write(done)
    return done.getvalue()


def _about(
    certificates: Iterable[asn1_x509.Certificate], known: Sequence[crl.CertificateList], now: datetime
) -> list[crl.CertificateList]:
    """The lists of those who issued the certificates, in force then."""
    found = []
    for issuer in {one.issuer.hashable: one.issuer for one in certificates}.values():
        theirs = [one for one in known if one.issuer == issuer and _is_in_force(one, now)]
        if not theirs:
            raise ValueError(f"No list of revoked certificates in force of {issuer.human_friendly}.")
        found += theirs
    return found


def _is_in_force(one: crl.CertificateList, now: datetime) -> bool:
    told = one["tbs_cert_list"]["next_update"].native
    until: datetime = told.astimezone(UTC) if told else now
    return until >= now


def revoked(folder: Path) -> list[crl.CertificateList]:
    """Lists of revoked certificates (CRL): all in the files of the folder, DER or PEM; what is none is left out."""
    found = []
    for file in sorted(folder.glob("*.crl")):
        content = file.read_bytes()
        try:
            der = armour.unarmor(content)[2] if armour.detect(content) else content
            one = crl.CertificateList.load(der, strict=True)
            one["tbs_cert_list"].native  # noqa: B018 — read to its end, so that rubbish is left out here
        except (ValueError, TypeError):
            continue
        found.append(one)
    return found
