"""Keys that lie in a token or a hardware module and never leave it (PKCS#11 2.40), used like keys from a file."""

import ctypes
import logging
import os
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NoReturn, override

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from django.utils.translation import gettext as _

from motcua.lib.actions import NotNow

# The numbers of the standard, under its names.
CKR_OK, CKR_USER_ALREADY_LOGGED_IN, CKR_CRYPTOKI_ALREADY_INITIALIZED = 0, 0x100, 0x191
CKF_OS_LOCKING_OK, CKF_SERIAL_SESSION, CKU_USER = 2, 4, 1
CKF_USER_PIN_FINAL_TRY, FLAGS = 0x20000, 96
CKA_CLASS, CKA_LABEL, CKO_PRIVATE_KEY, CKM_ECDSA = 0, 3, 3, 0x1041
WORDS = {
    0xA0: "the PIN is wrong",
    0xA4: "the PIN is locked",
    0xE0: "there is no token",
    0xE1: "this is no token",
}
# Where the functions stand in the table every module gives out.
FUNCTIONS = {
    "C_Initialize": 0, "C_GetSlotList": 4, "C_GetTokenInfo": 6, "C_OpenSession": 12, "C_CloseSession": 13, "C_Login": 18,
    "C_FindObjectsInit": 26, "C_FindObjects": 27, "C_FindObjectsFinal": 28, "C_SignInit": 42, "C_Sign": 43,
}  # fmt: skip
SIGNATURE, MOST_SLOTS, TOKEN_INFO, LABEL = 132, 64, 512, 32
Ulong = ctypes.c_ulong
REFUSED: set[bytes] = set()

logger = logging.getLogger(__name__)


class TokenFault(Exception):
    """The token is not there, its PIN is wrong, or it holds no such key; the message says which, and never the PIN."""


class Attribute(ctypes.Structure):
    """CK_ATTRIBUTE."""

    _fields_ = [("type", Ulong), ("value", ctypes.c_void_p), ("length", Ulong)]


class Mechanism(ctypes.Structure):
    """CK_MECHANISM."""

    _fields_ = [("mechanism", Ulong), ("parameter", ctypes.c_void_p), ("length", Ulong)]


class Initialising(ctypes.Structure):
    """CK_C_INITIALIZE_ARGS."""

    _fields_ = [
        ("create", ctypes.c_void_p),
        ("destroy", ctypes.c_void_p),
        ("lock", ctypes.c_void_p),
        ("unlock", ctypes.c_void_p),
        ("flags", Ulong),
        ("reserved", ctypes.c_void_p),
    ]


class Token:
    """One token of a module, opened with its PIN for as long as this process lives."""

    def __init__(self, module: str, label: str, pin: Path) -> None:
        self.label, self.lock = label, threading.Lock()
        try:
            library = ctypes.CDLL(module)
            table = ctypes.POINTER(ctypes.c_void_p)()
            library.C_GetFunctionList(ctypes.byref(table))
        except (OSError, AttributeError) as fault:
            raise TokenFault(f"{module} is no PKCS#11 module: {fault}") from fault
        # The version stands before the functions, in the room of one of them.
        self.functions = {
            name: ctypes.CFUNCTYPE(Ulong)(table[place + 1] or 0) for name, place in FUNCTIONS.items()
        }
        starting = Initialising(flags=CKF_OS_LOCKING_OK)
        self.call("C_Initialize", ctypes.byref(starting), known=CKR_CRYPTOKI_ALREADY_INITIALIZED)
        self.slot = self.found()
        self.session = self.opened()  # whoever has closed all sessions is logged out
        self.log_in(pin)

    def log_in(self, file: Path) -> None:
        """With the PIN in the file; one that was refused is not tried again by this process, so that no token locks itself."""
        pin = _secret(file)
        if pin in REFUSED:
            raise TokenFault(f"The PIN in {file} was refused before.")
        try:
            self.call(
                "C_Login",
                self.session,
                Ulong(CKU_USER),
                pin,
                Ulong(len(pin)),
                known=CKR_USER_ALREADY_LOGGED_IN,
            )
        except TokenFault:
            REFUSED.add(pin)
            raise

    def call(self, name: str, *arguments: object, known: int = CKR_OK) -> None:
        """One function of the module. Raises TokenFault for any answer but yes and the one that is `known`."""
        answer = self.functions[name](*arguments)
        if answer not in {CKR_OK, known}:
            raise TokenFault(f"{name}: {WORDS.get(answer, 'refused')} (0x{answer:x})")

    def found(self) -> Ulong:
        """The slot in which the token of our label is."""
        slots, count = (Ulong * MOST_SLOTS)(), Ulong(MOST_SLOTS)
        self.call("C_GetSlotList", ctypes.c_ubyte(1), slots, ctypes.byref(count))
        for slot in slots[: count.value]:
            told = ctypes.create_string_buffer(TOKEN_INFO)
            self.call("C_GetTokenInfo", Ulong(slot), told)
            if told.raw[:LABEL].decode(errors="replace").rstrip() == self.label:
                if Ulong.from_buffer(told, FLAGS).value & CKF_USER_PIN_FINAL_TRY:
                    raise TokenFault(
                        f"The token {self.label} allows one more PIN only: unlock it with its own tool."
                    )
                return Ulong(slot)
        raise TokenFault(f"There is no token {self.label}.")

    def opened(self) -> Ulong:
        session = Ulong()
        self.call("C_OpenSession", self.slot, Ulong(CKF_SERIAL_SESSION), None, None, ctypes.byref(session))
        return session

    def key(self, label: str, session: Ulong) -> Ulong:
        """The private key of this label. Raises TokenFault where there is none, or more than one."""
        kind, name = Ulong(CKO_PRIVATE_KEY), ctypes.create_string_buffer(label.encode(), len(label.encode()))
        wanted = (Attribute * 2)(
            Attribute(CKA_CLASS, ctypes.cast(ctypes.byref(kind), ctypes.c_void_p), ctypes.sizeof(kind)),
            Attribute(CKA_LABEL, ctypes.cast(name, ctypes.c_void_p), len(name)),
        )
        found, count = (Ulong * 2)(), Ulong()
        self.call("C_FindObjectsInit", session, wanted, Ulong(2))
        self.call("C_FindObjects", session, found, Ulong(2), ctypes.byref(count))
        self.call("C_FindObjectsFinal", session)
        if count.value != 1:
            raise TokenFault(f"The token {self.label} holds {count.value} keys {label}; one is needed.")
        return Ulong(found[0])

    def signed(self, label: str, digest: bytes) -> bytes:
        """The signature (ECDSA, r and s side by side) of a digest with the key of this label."""
        with self.lock:
            session = self.opened()
            try:
                mechanism = Mechanism(CKM_ECDSA, None, 0)
                self.call("C_SignInit", session, ctypes.byref(mechanism), self.key(label, session))
                room, length = ctypes.create_string_buffer(SIGNATURE), Ulong(SIGNATURE)
                self.call("C_Sign", session, digest, Ulong(len(digest)), room, ctypes.byref(length))
                return room.raw[: length.value]
            finally:
                self.call("C_CloseSession", session)


def _secret(file: Path) -> bytes:
    """What is in the file of the PIN, which nobody else may read."""
    try:
        if file.stat().st_mode & 0o077:
            raise TokenFault(f"{file} can be read by others: chmod 600.")
        return file.read_bytes().strip()
    except OSError as fault:
        raise TokenFault(f"{file} cannot be read: {fault.strerror}.") from fault


@cache
def _opened(module: str, label: str, pin: Path, process: int) -> Token:
    """A module must be started anew in each process."""
    return Token(module, label, pin)


def token(module: str, label: str, pin: Path) -> Callable[[], Token]:
    """The token of a module, opened when it is first asked for; its PIN is the content of a file."""
    return lambda: _opened(module, label, pin, os.getpid())


class TokenKey(ec.EllipticCurvePrivateKey):
    """A key that lies in a token: it signs, and is shown to nobody."""

    def __init__(self, where: Callable[[], Token], label: str, public: ec.EllipticCurvePublicKey) -> None:
        self.where, self.label, self.public = where, label, public

    @override
    def sign(
        self, data: bytes | bytearray | memoryview, signature_algorithm: ec.EllipticCurveSignatureAlgorithm
    ) -> bytes:
        asked = signature_algorithm.algorithm
        digest = bytes(data) if isinstance(asked, Prehashed) else _hashed(bytes(data), asked)
        try:
            raw = self.where().signed(self.label, digest)
        except TokenFault as fault:
            logger.warning("No signature by the token: %s", fault)
            _opened.cache_clear()  # it may have been pulled out and put in again
            raise NotNow(
                _("The token that keeps the keys does not answer. Tell whoever runs this node.")
            ) from fault
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))

    @override
    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self.public

    @property
    @override
    def curve(self) -> ec.EllipticCurve:
        return self.public.curve

    @property
    @override
    def key_size(self) -> int:
        return self.public.key_size

    @override
    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> NoReturn:
        raise TokenFault("This key only signs.")

    @override
    def private_numbers(self) -> NoReturn:
        raise TokenFault("This key never leaves its token.")

    @override
    def private_bytes(
        self,
        encoding: serialization.Encoding,
        format: serialization.PrivateFormat,
        encryption_algorithm: serialization.KeySerializationEncryption,
    ) -> NoReturn:
        raise TokenFault("This key never leaves its token.")

    @override
    def __copy__(self) -> "TokenKey":
        return self

    @override
    def __deepcopy__(self, memo: dict[int, object]) -> "TokenKey":
        return self


def _hashed(data: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    done = hashes.Hash(algorithm)
    done.update(data)
    return done.finalize()
