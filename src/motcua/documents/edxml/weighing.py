"""What a message of the document axis is worth: who signed it, whether that holds, what it carries; an answer for any bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from motcua.documents.edxml.message import Attachment, Document
from motcua.documents.edxml.reading import Reading, read
from motcua.documents.edxml.signatures import PLACE, Signed, Standing
from motcua.documents.edxml.trees import UnreadableError
from motcua.documents.verification import Fault, Signature, Verdict, signer_of


@dataclass(frozen=True)
class Weighed:
    """The verdict on a message, what it says of itself, every warning in words, and its files."""

    verdict: Verdict
    sender: str = ""
    number: str = ""
    subject: str = ""
    reason: str = ""
    warnings: tuple[str, ...] = ()
    files: tuple[Attachment, ...] = ()


def weigh(raw: bytes, trust_roots: Iterable[x509.Certificate]) -> Weighed:
    """The verdict on a message; one that was changed, or cannot be read, says where and why."""
    try:
        reading = read(raw)
    except UnreadableError as refused:
        fault = Fault.ALTERED if refused.place == PLACE else Fault.NO_MESSAGE
        return Weighed(Verdict(faults=(fault,)), reason=str(refused))
    warnings = tuple(str(one) for one in reading.warnings)
    verdict = verdict_of(reading, trust_roots)
    message = reading.message
    sender = message.header.sender
    named = (sender.name or sender.organ_id) if sender else ""
    if not isinstance(message, Document):
        response = message.header.response
        return Weighed(
            verdict, named, response.code if response else "", str(message.state.words), "", warnings
        )
    code = message.header.code
    number = "/".join(part for part in (code.number, code.notation) if part) if code else ""
    return Weighed(verdict, named, number, message.header.subject, "", warnings, message.attachments)


def verdict_of(reading: Reading, trust_roots: Iterable[x509.Certificate]) -> Verdict:
    match reading.signed.standing:
        case Standing.HOLDS:
            return Verdict((judged(reading.signed, trust_roots, sent_at(reading)),))
        case Standing.UNVERIFIABLE:
            return Verdict((Signature(faults=(Fault.UNREADABLE,)),))
        case _:
            return Verdict(faults=(Fault.UNSIGNED,))


def sent_at(reading: Reading) -> datetime:
    """When the message says it went off; the signature itself says no time. Without one, now."""
    message = reading.message
    times = [hop.at for hop in message.traces.hops] if isinstance(message, Document) else [message.header.at]
    return next((time for time in times if time), datetime.now(UTC))


def judged(signed: Signed, trust_roots: Iterable[x509.Certificate], at: datetime) -> Signature:
    """A signature that holds, weighed by its certificate: whose it is, and whether an authority known here gave it."""
    certificate = signed.certificate
    assert certificate is not None  # noqa: S101 — one that holds has one
    trusted = any(issued_by(certificate, root) for root in trust_roots)
    in_time = certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    checks = {Fault.UNTRUSTED: trusted, Fault.OUTSIDE_VALIDITY: in_time}
    return Signature(
        **signer_of(asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))),
        at=at,
        intact=True,
        whole=True,
        trusted=trusted,
        in_time=in_time,
        faults=tuple(fault for fault, holds in checks.items() if not holds),
    )


def issued_by(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
