r"""The file on the medium: a signed line that says from whom to whom, pieces only the recipient can read, a signature over all.

    motcua carry 1\n
    {"from": …, "to": …, "number": …, "key": …}\n       the header, canonical JSON
    SIGNATURE\n                                       the sender's, over the two lines above, base64
    pieces                                            64 KiB each, ChaCha20-Poly1305, the last one shorter or empty and marked
    64 bytes                                          the sender's signature over the SHA-256 of everything before

The key of the pieces is new for each file and goes in the header, encrypted for the recipient by HPKE (RFC 9180). A piece is
bound to its place, to being the last, and to the header: none can be changed, left out, doubled or moved to another file.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from os import urandom
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from motcua.exchange.canonical import Malformed, canonical, parse
from motcua.lib import keys
from motcua.lib.keys import FileKey, SigningKey

KEY = "carry.pem"  # what opens them, beside the node's other keys
MAGIC = b"motcua carry 1\n"
SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
PURPOSE = b"motcua carry"
PIECE = 64 * 1024
TAG = 16
SIGNATURE = 64
LONGEST = 64 * 1024  # bytes of a header
NAMES = frozenset(
    {"instance", "from", "to", "number", "previous", "seen", "made", "key", "opens", "wrapped", "everything"}
)
OURS = {"from": "sender", "to": "recipient"}


class Unsound(Exception):
    """The file does not hold; the message says where and why."""


@dataclass(frozen=True)
class Header:
    """What stands outside: who, for whom, the number among the files of this way, the digest of the one before it, and the last
    number of the other way that its sender has taken in.
    """

    instance: str
    sender: str
    recipient: str
    number: int
    previous: str
    seen: int
    made: str
    key: str  # the sender's signing key, by its name
    opens: str  # the recipient's key for carrying, by its name
    wrapped: str
    everything: bool = False  # whether it holds all that waits, also what earlier files held

    @property
    def text(self) -> bytes:
        return canonical(
            {
                "type": "carry",
                "v": 1,
                "instance": self.instance,
                "from": self.sender,
                "to": self.recipient,
                "number": self.number,
                "previous": self.previous,
                "seen": self.seen,
                "made": self.made,
                "key": self.key,
                "opens": self.opens,
                "wrapped": self.wrapped,
                "everything": self.everything,
            }
        )


def wrapped(secret: bytes, public_pem: str) -> str:
    """A file's key, for whoever holds the other half of this one."""
    return b64encode(SUITE.encrypt(secret, keys.public_key(public_pem), PURPOSE)).decode()


class Writer:
    """Writes one file, piece by piece; `close` signs it."""

    def __init__(self, file: BinaryIO, header: Header, secret: bytes, key: SigningKey) -> None:
        self.file, self.key, self.digest = file, key, sha256()
        outside = MAGIC + header.text + b"\n"
        self._aad = sha256(outside).digest()
        self._cipher, self._count, self._rest = ChaCha20Poly1305(secret), 0, bytearray()
        self._put(outside + b64encode(key.sign(outside)) + b"\n")

    def write(self, content: bytes) -> None:
        """More of what the recipient is to read."""
        self._rest += content
        at = 0
        while len(self._rest) - at > PIECE:  # what fills a piece exactly may be the last
            self._piece(bytes(self._rest[at : at + PIECE]), last=False)
            at += PIECE
        del self._rest[:at]

    def close(self) -> bytes:
        """Sign; returns the digest of all, by which the next file names this one."""
        self._piece(bytes(self._rest), last=True)
        digest = self.digest.digest()
        self.file.write(self.key.sign(PURPOSE + digest))
        return digest

    def _piece(self, content: bytes, *, last: bool) -> None:
        self._put(self._cipher.encrypt(nonce(self._count, last=last), content, self._aad))
        self._count += 1

    def _put(self, content: bytes) -> None:
        self.digest.update(content)
        self.file.write(content)


def nonce(count: int, *, last: bool) -> bytes:
    """The place of a piece, and whether it is the last."""
    return count.to_bytes(11) + bytes([last])


@dataclass(frozen=True)
class Outside:
    """A file as it can be read without the recipient's key: its header, and where the pieces begin and end."""

    path: Path
    header: Header
    lines: bytes
    begin: int
    end: int

    def check(self, public_keys: Mapping[str, str]) -> None:
        """Unsound unless one of these keys (key id to PEM) signed the header."""
        pem = public_keys.get(self.header.key)
        at = len(self.lines)
        with self.path.open("rb") as file:
            file.seek(at)
            signature = file.read(self.begin - at)
        if pem is None:
            raise Unsound(
                f"header: {self.header.sender} may not sign with the key {self.header.key}, says the "
                "directory known here; bring its newest edition, or have the file made anew."
            )
        if not _is_signed(pem, signature.rstrip(b"\n"), self.lines):
            raise Unsound(
                "header: its signature does not hold; it was changed, or is not from whom it names."
            )

    def content(self, key: FileKey, public_pem: str = "") -> Iterator[bytes]:
        """The pieces, opened, each proven; with `public_pem` the signature over all is checked at the end. Unsound says where."""
        cipher = ChaCha20Poly1305(self._secret(key))
        aad, digest = sha256(self.lines).digest(), sha256()
        with self.path.open("rb") as file:
            digest.update(file.read(self.begin))
            at, count = self.begin, 0
            while at < self.end or not count:
                sealed = file.read(min(PIECE + TAG, self.end - at))
                last = at + len(sealed) >= self.end
                try:
                    yield cipher.decrypt(nonce(count, last=last), sealed, aad)
                except (InvalidTag, ValueError) as error:
                    raise Unsound(
                        f"bytes {at + 1} to {at + len(sealed)} (piece {count + 1}): they are not what was written there; "
                        "the medium is damaged, the file cut off, or somebody changed it."
                    ) from error
                digest.update(sealed)
                at, count = at + len(sealed), count + 1
            signature = file.read(SIGNATURE + 1)
        if public_pem and not keys.verify(public_pem, signature, PURPOSE + digest.digest()):
            raise Unsound("the last 64 bytes: the signature over the whole file does not hold.")

    def digest(self) -> bytes:
        """What the next file names as its predecessor: SHA-256 of all but the last signature."""
        digest, left = sha256(), self.end
        with self.path.open("rb") as file:
            while left and (part := file.read(min(PIECE, left))):
                digest.update(part)
                left -= len(part)
        return digest.digest()

    def _secret(self, key: FileKey) -> bytes:
        if self.header.opens != key.key_id:
            raise Unsound(
                f"header: it can be opened with the key {self.header.opens}, here is {key.key_id}; have it made anew."
            )
        try:
            return key.opened(lambda private: SUITE.decrypt(b64decode(self.header.wrapped), private, PURPOSE))
        except (InvalidTag, ValueError, NotBase64) as error:
            raise Unsound("header: the key in it cannot be opened.") from error


def outside(path: Path) -> Outside:
    """What can be read without a key; Unsound if it is no such file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise Unsound(
                "the first line: this is no file of “motcua exchange carry”, or of another version."
            )
        line = file.readline(LONGEST)
        signature = file.readline(200)
        begin = file.tell()
    if not line.endswith(b"\n") or not signature.endswith(b"\n") or size - SIGNATURE < begin + TAG:
        raise Unsound("the file ends before its header does; it was cut off.")
    return Outside(path, _header(line[:-1]), MAGIC + line, begin, size - SIGNATURE)


def _header(line: bytes) -> Header:
    try:
        said: dict[str, Any] = parse(line, "carry", NAMES)
        header = Header(**{OURS.get(name, name): said[name] for name in NAMES})
    except (Malformed, TypeError, KeyError) as error:
        raise Unsound(f"header: it cannot be read ({error}).") from error
    kinds = {"number": int, "seen": int, "everything": bool}
    if (
        not all(isinstance(one, kinds.get(name, str)) for name, one in vars(header).items())
        or header.number < 1
    ):
        raise Unsound("header: its fields are of another kind.")
    return header


def _is_signed(pem: str, signature: bytes, text: bytes) -> bool:
    try:
        return keys.verify(pem, b64decode(signature, validate=True), text)
    except NotBase64:
        return False


def fresh_secret() -> bytes:
    return urandom(32)
