"""Time stamps by authorities everybody knows (RFC 3161): the question for a head of the log, and whether an answer holds."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from asn1crypto import algos, cms, core, tsp
from asn1crypto import pem as armour
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

# An answer names the moment it was given, by the authority's clock; ours may differ by as much.
LATE = timedelta(minutes=5)


class Unstamped(Exception):
    """The answer is no time stamp on what was asked, by nobody trusted here, or of another time; the message says which."""


class Response(core.Sequence):  # type: ignore[misc]
    """As RFC 3161 has it: who refuses sends no token."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


@dataclass(frozen=True)
class Asked:
    """A question: the digest to be stamped and a number that no other question has."""

    digest: bytes
    nonce: int
    at: datetime

    @classmethod
    def about(cls, digest: bytes, at: datetime) -> "Asked":
        return cls(digest, secrets.randbits(63) | 1 << 63, at)

    @property
    def query(self) -> bytes:
        """As it is sent."""
        imprint = {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "hashed_message": self.digest,
        }
        return bytes(
            tsp.TimeStampReq(
                {"version": 1, "message_imprint": imprint, "nonce": self.nonce, "cert_req": True}
            ).dump()
        )


@dataclass(frozen=True)
class Token:
    """A time stamp: its bytes (DER) and the moment it names."""

    der: bytes
    at: datetime


def answered(reply: bytes, asked: Asked, trusted: Sequence[asn1_x509.Certificate]) -> Token:
    """The time stamp in an authority's reply; Unstamped unless it answers what was asked, now, under a certificate trusted here."""
    try:
        token = _granted(Response.load(reply, strict=True))
        at = _moment(token["content"]["encap_content_info"]["content"].parsed, asked)
        signed = _status(token, trusted, asked)
    except Unstamped:
        raise
    # What parsers of ASN.1 raise over rubbish has no common name.
    except Exception as error:
        raise Unstamped(f"It cannot be read as a time stamp: {error}") from error
    if not (signed.intact and signed.valid):
        raise Unstamped("Its signature does not hold.")
    if not signed.trusted:
        raise Unstamped("Its certificate is not of an authority trusted here (keys/timestamps).")
    return Token(bytes(token.dump()), at)


def _granted(response: Response) -> cms.ContentInfo:
    status = response["status"]["status"].native
    if status not in {"granted", "granted_with_mods"}:
        words = "; ".join(response["status"]["status_string"].native or [])
        raise Unstamped(f"It refused: {(words or status).rstrip('.')}.")
    return response["time_stamp_token"]


def _moment(info: tsp.TSTInfo, asked: Asked) -> datetime:
    """The moment it names, if it stamps what was asked, in answer to this question."""
    imprint = info["message_imprint"]
    stamped = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
    if stamped != ("sha256", asked.digest):
        raise Unstamped("It stamps something else: its imprint is not the one that was sent.")
    if info["nonce"].native != asked.nonce:
        raise Unstamped("It answers another question: its nonce is not ours.")
    at: datetime = info["gen_time"].native
    if abs(at - asked.at) > LATE:
        raise Unstamped(f"It names {at:%Y-%m-%d %H:%M:%S} UTC, when we had not asked.")
    return at


def _status(
    token: cms.ContentInfo, trusted: Sequence[asn1_x509.Certificate], asked: Asked
) -> TimestampSignatureStatus:
    context = ValidationContext(trust_roots=list(trusted), allow_fetching=False, moment=asked.at)
    checked = validate_tst_signed_data(token["content"], context, lambda _algorithm: asked.digest)
    return TimestampSignatureStatus(**asyncio.run(checked))


def authorities(folder: Path) -> list[asn1_x509.Certificate]:
    """Certificates trusted for time stamps: all in the PEM files of the folder."""
    found = []
    for file in sorted(folder.glob("*.pem")):
        for kind, _headers, der in armour.unarmor(file.read_bytes(), multiple=True):
            if kind == "CERTIFICATE":
                found.append(asn1_x509.Certificate.load(der))
    return found
