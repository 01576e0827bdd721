"""The container of a signature: CMS SignedData (RFC 5652) as PAdES B-B asks, written out at once.

pyHanko builds the same from objects of asn1crypto, which takes two thirds of the time of a signature; here only the order of
a few lengths and bytes is to be kept. What is written is read by pyHanko again, and by everybody else.
"""

from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from motcua.documents.authority import Credential

INTEGER, OCTETS, SEQUENCE, SET = 0x02, 0x04, 0x30, 0x31
HERE_0, HERE_4 = 0xA0, 0xA4  # [0] and [4], constructed
ONE = bytes.fromhex("020101")
# Names of things: 1.2.840.113549.1.7.2 and so on, as they are written.
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
PLAIN = bytes.fromhex("06092a864886f70d010701")
CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
SIGNING_CERTIFICATE = bytes.fromhex("060b2a864886f70d010910022f")
DIGESTING = bytes.fromhex("300d06096086480165030402010500")  # SHA-256
SIGNING = bytes.fromhex("300a06082a8648ce3d040302")  # ECDSA with SHA-256


def container(credential: Credential, digest: bytes) -> bytes:
    """Sign the SHA-256 `digest` of what the signature covers; the DER of the ContentInfo, with the certificate in it."""
    certificate = credential.certificate.public_bytes(Encoding.DER)
    issuer = credential.certificate.issuer.public_bytes()
    serial = integer(credential.certificate.serial_number)
    attributes = b"".join(sorted(attributes_of(certificate, issuer, serial, digest)))
    signature = credential.key.sign(der(SET, attributes), ec.ECDSA(SHA256()))
    signer = der(
        SEQUENCE,
        ONE,
        der(SEQUENCE, issuer, serial),
        DIGESTING,
        der(HERE_0, attributes),
        SIGNING,
        der(OCTETS, signature),
    )
    signed = der(
        SEQUENCE,
        ONE,
        der(SET, DIGESTING),
        der(SEQUENCE, PLAIN),
        der(HERE_0, certificate),
        der(SET, signer),
    )
    return der(SEQUENCE, SIGNED_DATA, der(HERE_0, signed))


def attributes_of(certificate: bytes, issuer: bytes, serial: bytes, digest: bytes) -> list[bytes]:
    """What is signed: the digest, and which certificate speaks (RFC 5035)."""
    which = der(SEQUENCE, der(SEQUENCE, der(HERE_4, issuer)), serial)
    speaks = der(SEQUENCE, der(SEQUENCE, der(SEQUENCE, der(OCTETS, sha256(certificate).digest()), which)))
    return [
        der(SEQUENCE, CONTENT_TYPE, der(SET, PLAIN)),
        der(SEQUENCE, MESSAGE_DIGEST, der(SET, der(OCTETS, digest))),
        der(SEQUENCE, SIGNING_CERTIFICATE, der(SET, speaks)),
    ]


def integer(number: int) -> bytes:
    return der(INTEGER, number.to_bytes(number.bit_length() // 8 + 1))


def der(tag: int, *parts: bytes) -> bytes:
    """One value: its tag, its length, its content."""
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(size)]) + size + content
