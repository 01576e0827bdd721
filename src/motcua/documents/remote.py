"""Remote signing: a licensed provider keeps a person's key and signs a digest once the person has confirmed it there.

One protocol, asked in three questions as the Cloud Signature Consortium's API 2.0 and the country's providers ask them:
whose certificate is it, begin a transaction, what became of it. The second factor is between the person and the provider.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

import httpx
from cryptography import x509
from django.conf import settings

PATIENCE = 10.0


class Unanswered(Exception):
    """The provider cannot be reached or does not answer as agreed; nothing is known."""


class NoCertificate(Exception):
    """The provider keeps no certificate for this number."""


class Outcome(StrEnum):
    """What became of a transaction."""

    WAITING = "waiting"
    SIGNED = "signed"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Transaction:
    """A signature that was asked for: the provider's number of it, its page to confirm on, and until when one can."""

    id: str
    page: str
    expires_at: datetime


@dataclass(frozen=True)
class Found:
    """How a transaction stands; signed, it brings the raw signature (ECDSA as DER, RSA as PKCS #1) and whose it is."""

    outcome: Outcome
    signature: bytes = b""
    certificate: x509.Certificate | None = None


class Remote(Protocol):
    """A provider of remote signatures."""

    def certificate(self, number: str) -> x509.Certificate:
        """The certificate of whoever has this personal number. Raises NoCertificate, Unanswered."""

    def start(self, digest: bytes, number: str, *, words: str, back: str) -> Transaction:
        """Ask for a signature of a SHA-256 digest; `words` say for what, `back` is where the person returns to."""

    def fetch(self, transaction: str) -> Found:
        """What became of it. Raises Unanswered."""


@dataclass(frozen=True)
class Service:
    """A provider asked over HTTPS: JSON both ways, our name and secret with every question."""

    address: str
    client: str
    secret: str

    def certificate(self, number: str) -> x509.Certificate:
        told = self._ask("certificate", {"number": number})
        if not told.get("certificate"):
            raise NoCertificate
        return certificate_in(told["certificate"])

    def start(self, digest: bytes, number: str, *, words: str, back: str) -> Transaction:
        asked = {"number": number, "digest": as_text(digest), "words": words, "back": back}
        told = self._ask("start", asked)
        try:
            expires_at = datetime.fromisoformat(told["expires_at"])
            return Transaction(str(told["transaction"])[:100], str(told["page"])[:500], expires_at)
        except (KeyError, TypeError, ValueError) as fault:
            raise Unanswered from fault

    def fetch(self, transaction: str) -> Found:
        told = self._ask("fetch", {"transaction": transaction})
        try:
            outcome = Outcome(told["outcome"])
            if outcome is not Outcome.SIGNED:
                return Found(outcome)
            signature = base64.b64decode(told["signature"], validate=True)
            return Found(outcome, signature, certificate_in(told["certificate"]))
        except (KeyError, TypeError, ValueError) as fault:
            raise Unanswered from fault

    def _ask(self, what: str, asked: Mapping[str, str]) -> dict[str, Any]:
        """One question. Raises Unanswered."""
        try:
            answer = httpx.post(
                f"{self.address}{what}/", json=dict(asked), auth=(self.client, self.secret), timeout=PATIENCE
            )
            return dict(answer.raise_for_status().json())
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError) as fault:
            raise Unanswered from fault


def the_remote() -> Remote | None:
    """The provider of the node's settings, its secret from the node's home; None where none is described."""
    node = settings.NODE
    if not node.signing_url:
        return None
    secret = (settings.KEYS / "signing.key").read_text("ascii").strip()
    return Service(node.signing_url, node.signing_client, secret)


def as_text(content: bytes) -> str:
    """Bytes as JSON carries them."""
    return base64.b64encode(content).decode()


def certificate_in(text: str) -> x509.Certificate:
    """A certificate as JSON carries it: DER in base 64. Raises Unanswered."""
    try:
        return x509.load_der_x509_certificate(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, TypeError) as fault:
        raise Unanswered from fault
