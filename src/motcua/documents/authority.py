"""A demonstration authority that issues X.509 certificates: seals to agencies, signatures to persons.

In earnest certificates come from the national authority and personal keys stay in a token; nothing else changes,
because every other module only reads certificates. Keys are on the curve P-256, which PDF readers accept.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from motcua.exchange.stamping import authorities
from motcua.lib.pkcs11 import Token, TokenKey

COUNTRY = "VN"
LIFE_OF_ROOT = timedelta(days=20 * 365)
LIFE_OF_CERTIFICATE = timedelta(days=5 * 365)


@dataclass(frozen=True)
class Validity:
    """The time in which a certificate may be used to sign."""

    start: datetime
    end: datetime

    @classmethod
    def lasting(cls, life: timedelta, *, start: datetime | None = None) -> "Validity":
        begin = start or datetime.now(UTC) - timedelta(minutes=5)  # clocks of neighbours differ
        return cls(begin, begin + life)


@dataclass(frozen=True)
class Credential:
    """A certificate and the private key it speaks for."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def name(self) -> str:
        """The common name: of the person, or of the agency whose seal it is."""
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    def is_in_force(self, at: datetime) -> bool:
        """Whether what is signed with it at this moment counts."""
        return self.certificate.not_valid_before_utc <= at <= self.certificate.not_valid_after_utc

    def pem(self) -> bytes:
        private = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return self.certificate.public_bytes(serialization.Encoding.PEM) + private

    @classmethod
    def from_pem(
        cls, pem: bytes, *, token: Callable[[], Token] | None = None, label: str = ""
    ) -> "Credential":
        """Read certificate and key from one PEM. ValueError unless both are there and belong together.

        Of a certificate alone the key lies in the `token`, under this label; whether it is there shows when it signs.
        """
        certificate = x509.load_pem_x509_certificate(pem)
        public = certificate.public_key()
        if token and b"PRIVATE KEY-----" not in pem and isinstance(public, ec.EllipticCurvePublicKey):
            return cls(certificate, TokenKey(token, label, public))
        key = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise ValueError("The private key is not that of the certificate.")
        return cls(certificate, key)


@dataclass(frozen=True)
class Authority:
    """The root: every certificate is issued by it directly, so a signature carries one certificate."""

    credential: Credential

    @classmethod
    def founded(cls, name: str, *, validity: Validity | None = None) -> "Authority":
        """Found an authority with a new key and a certificate signed by itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name((NameOID.COMMON_NAME, name))
        span = validity or Validity.lasting(LIFE_OF_ROOT)
        builder = (
            _builder(subject, subject, key, span)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(issues=True), critical=True)
        )
        return cls(Credential(builder.sign(key, hashes.SHA256()), key))

    def seal(self, agency: str, code: str, *, validity: Validity | None = None) -> Credential:
        """Issue the seal of an agency; its code stands as organisation identifier (ETSI EN 319 412-3)."""
        subject = _name(
            (NameOID.COMMON_NAME, agency),
            (NameOID.ORGANIZATION_NAME, agency),
            (NameOID.ORGANIZATION_IDENTIFIER, code),
        )
        return self._issue(subject, validity)

    def person(self, name: str, *, title: str, agency: str, validity: Validity | None = None) -> Credential:
        """Issue the signature of a person in office. No personal number: certificates travel with the papers."""
        subject = _name(
            (NameOID.COMMON_NAME, name), (NameOID.TITLE, title), (NameOID.ORGANIZATION_NAME, agency)
        )
        return self._issue(subject, validity)

    def subscriber(self, name: str, identifier: str, *, validity: Validity | None = None) -> Credential:
        """Issue the signature of a citizen or a business.

        The identifier stands as user id, as the public authorities of the country write it: `CCCD:` and the personal
        number, or `MST:` and the tax code.
        """
        return self._issue(_name((NameOID.COMMON_NAME, name), (NameOID.USER_ID, identifier)), validity)

    def _issue(self, subject: x509.Name, validity: Validity | None) -> Credential:
        key, root = ec.generate_private_key(ec.SECP256R1()), self.credential
        span = validity or Validity.lasting(LIFE_OF_CERTIFICATE)
        authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
        builder = (
            _builder(subject, root.certificate.subject, key, span)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(issues=False), critical=True)
            .add_extension(authority_key, critical=False)
        )
        return Credential(builder.sign(root.key, hashes.SHA256()), key)


class Keyring:
    """A node's directory of credentials and of the authorities it trusts; only its owner can read the keys."""

    def __init__(self, root: Path | str, *, token: Callable[[], Token] | None = None) -> None:
        self.root, self.token = Path(root), token

    def seal(self, code: str) -> Credential:
        """Return the seal of an agency. KeyError if the node does not keep one."""
        return self._read("seals", code)

    def has_seal(self, code: str) -> bool:
        """Whether the node keeps a seal of the agency."""
        return self._path("seals", code).is_file()

    def person(self, urn: str) -> Credential:
        """Return the signature of an officer, by the actor's urn. KeyError if the node does not keep one."""
        return self._read("persons", urn.rpartition(":")[2])

    def keep_seal(self, code: str, credential: Credential) -> None:
        self._write("seals", code, credential.pem())

    def keep_person(self, urn: str, credential: Credential) -> None:
        self._write("persons", urn.rpartition(":")[2], credential.pem())

    def trust(self, name: str, certificate: x509.Certificate) -> None:
        self._write("trusted", name, certificate.public_bytes(serialization.Encoding.PEM))

    def trusted(self) -> Sequence[x509.Certificate]:
        """Return the authorities whose certificates count here."""
        files = sorted((self.root / "trusted").glob("*.pem"))
        return tuple(x509.load_pem_x509_certificate(file.read_bytes()) for file in files)

    def stampers(self) -> list[asn1_x509.Certificate]:
        """Return the authorities whose time stamps count here."""
        return authorities(self.root / "timestamps")

    def _path(self, kind: str, name: str) -> Path:
        if not name or not name.isascii() or not all(sign.isalnum() or sign in ".-_" for sign in name):
            raise KeyError(name)
        return self.root / kind / f"{name}.pem"

    def _read(self, kind: str, name: str) -> Credential:
        try:
            pem = self._path(kind, name).read_bytes()
            return Credential.from_pem(pem, token=self.token, label=name)
        except FileNotFoundError as fault:
            raise KeyError(name) from fault

    def _write(self, kind: str, name: str, pem: bytes) -> None:
        path = self._path(kind, name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pem)


def _name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, COUNTRY)
    return x509.Name([country, *(x509.NameAttribute(oid, value) for oid, value in parts)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, validity: Validity
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(validity.start)
        .not_valid_after(validity.end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, issues: bool) -> x509.KeyUsage:
    """An authority signs certificates; everyone else signs documents and stands by them (content commitment)."""
    return x509.KeyUsage(
        digital_signature=not issues,
        content_commitment=not issues,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )
