"""Signed e-mails (S/MIME, RFC 8551): an agency's signature is put on a mail, and the signature of one that came is weighed."""

import asyncio
import base64
import re
import secrets
from collections.abc import Iterable
from datetime import datetime

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator.context import ValidationContext

from motcua.documents.authority import Credential
from motcua.documents.signing import detached
from motcua.documents.verification import Fault, Signature, signer_of

SIGNED = "multipart/signed"
SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature")
# Mails are signed for either purpose; whoever signs for what they stand by may sign a mail.
USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


def signed(part: bytes, seal: Credential, *, at: datetime) -> bytes:
    """The part of a mail, head and body, as `multipart/signed`; lines end in CRLF, and what is signed is not touched again."""
    whole = canonical(part)
    boundary = f"=_{secrets.token_hex(16)}"
    signature = base64.encodebytes(detached(whole, seal, at=at)).replace(b"\n", b"\r\n")
    head = (
        f'Content-Type: {SIGNED}; protocol="{SIGNATURES[0]}";\r\n micalg=sha-256; boundary="{boundary}"\r\n\r\n'
        f"--{boundary}\r\n"
    )
    after = (
        f'\r\n--{boundary}\r\nContent-Type: {SIGNATURES[0]}; name="smime.p7s"\r\nContent-Transfer-Encoding: base64\r\n'
        'Content-Disposition: attachment; filename="smime.p7s"\r\n\r\n'
    )
    return head.encode() + whole + after.encode() + signature + f"--{boundary}--\r\n".encode()


def canonical(raw: bytes) -> bytes:
    """Every line ends in CRLF, as it does on the way."""
    return re.sub(rb"\r?\n", b"\r\n", raw)


def signed_part(raw: bytes, boundary: str) -> bytes:
    """What a `multipart/signed` mail signs, byte for byte. ValueError where it does not stand there."""
    whole, line = canonical(raw), b"\r\n--" + boundary.encode("ascii", "replace")
    start = whole.index(b"\r\n", whole.index(line) + len(line)) + 2
    return whole[start : whole.index(line, start - 2)]


def weigh(part: bytes, signature: bytes, trust_roots: Iterable[x509.Certificate]) -> Signature:
    """Whose signature this is and what is wrong with it; never raises, whatever the bytes."""
    try:
        roots = [asn1_x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in trust_roots]
        return _weighed(part, cms.ContentInfo.load(signature)["content"], roots)
    except Exception:  # noqa: BLE001  (whatever a hostile mail makes a parser do, the answer is a verdict)
        return Signature(faults=(Fault.UNREADABLE,))


def _weighed(part: bytes, data: cms.SignedData, roots: list[asn1_x509.Certificate]) -> Signature:
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    status = asyncio.run(async_validate_detached_cms(part, data, context, key_usage_settings=USAGE))
    intact = status.intact and status.valid
    checks = {Fault.ALTERED: intact, Fault.UNTRUSTED: status.trusted or not intact}
    return Signature(
        **signer_of(status.signing_cert),
        at=status.signer_reported_dt,
        intact=intact,
        whole=intact,
        trusted=status.trusted,
        faults=tuple(fault for fault, holds in checks.items() if not holds),
    )
