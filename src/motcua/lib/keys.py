"""Signing keys of nodes and agencies: what can sign, where the key lies, and how a signature is checked.

Signatures are ECDSA over the curve P-256 with SHA-256, written as the two numbers r and s, 64 bytes in all
(the form of RFC 9421 section 3.3.4 and of JOSE), and so the same for every text we sign.
"""

import base64
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

ALGORITHM = "ecdsa-p256-sha256"
ECDSA = ec.ECDSA(hashes.SHA256())


class SigningKey(Protocol):
    """Whatever can sign in our name: a key in a file, in memory, or in a token that never gives it away."""

    @property
    def key_id(self) -> str:
        """A short name of the public key, the same wherever it is computed."""

    @property
    def public_pem(self) -> str:
        """The public key for others, as PEM."""

    def sign(self, text: bytes) -> bytes:
        """64 bytes of signature over the text."""


class FileKey:
    """A key kept as PKCS #8 PEM in a file that only its owner can read."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private
        self.public_pem = _pem(private.public_key())
        self.key_id = key_id(self.public_pem)

    @classmethod
    def generate(cls) -> Self:
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """ValueError unless the PEM holds a private key on the curve P-256."""
        private = serialization.load_pem_private_key(pem, password=None)
        if isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1):
            return cls(private)
        raise ValueError("This is a private key, but not one on the curve P-256 (prime256v1).")

    @classmethod
    def load(cls, path: Path) -> Self:
        return cls.from_pem(path.read_bytes())

    @classmethod
    def load_or_generate(cls, path: Path) -> Self:
        if not path.exists():
            cls.generate().save(path)
        return cls.load(path)

    @property
    def private_pem(self) -> bytes:
        return self._private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def save(self, path: Path) -> None:
        """Write the key where only its owner can read it; never over another key."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(self.private_pem)

    def opened(self, opening: Callable[[ec.EllipticCurvePrivateKey], bytes]) -> bytes:
        """What `opening` makes of the private key: for keys that open what was encrypted instead of signing."""
        return opening(self._private)

    def sign(self, text: bytes) -> bytes:
        r, s = utils.decode_dss_signature(self._private.sign(text, ECDSA))
        return r.to_bytes(32) + s.to_bytes(32)


class MemoryKey:
    """A key that lives as long as the process: for tests and for trying things out."""

    def __init__(self) -> None:
        self._key = FileKey.generate()
        self.key_id, self.public_pem = self._key.key_id, self._key.public_pem

    def sign(self, text: bytes) -> bytes:
        return self._key.sign(text)


def key_id(public_pem: str | bytes) -> str:
    """The first 16 bytes of SHA-256 over the SubjectPublicKeyInfo, in URL-safe base64: 22 characters."""
    der = public_key(public_pem).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.urlsafe_b64encode(sha256(der).digest()[:16]).rstrip(b"=").decode()


def verify(public_pem: str | bytes, signature: bytes, text: bytes) -> bool:
    """Whether the owner of the public key signed exactly this text; ValueError if the PEM is no P-256 key."""
    key = public_key(public_pem)
    if len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    try:
        key.verify(utils.encode_dss_signature(r, s), text, ECDSA)
    except InvalidSignature:
        return False
    return True


# Parsing a PEM costs as much as checking a signature; a country has some thousands of keys.
@lru_cache(maxsize=10_000)
def public_key(public_pem: str | bytes) -> ec.EllipticCurvePublicKey:
    """The parsed key; ValueError if the text is not the PEM of a public key on the curve P-256."""
    pem = public_pem.encode() if isinstance(public_pem, str) else public_pem
    parsed = serialization.load_pem_public_key(pem)
    if isinstance(parsed, ec.EllipticCurvePublicKey) and isinstance(parsed.curve, ec.SECP256R1):
        return parsed
    raise ValueError("This is a public key, but not one on the curve P-256 (prime256v1).")


def _pem(key: ec.EllipticCurvePublicKey) -> str:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()
