"""How passwords are kept, so that a stolen table is of no use, and the secrets of services, which are long and random."""

from hashlib import sha256
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher, BasePasswordHasher
from django.utils.crypto import constant_time_compare


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two rounds, one lane: the least OWASP's Password Storage Cheat Sheet allows.

    Django's own measure, 100 MiB and eight lanes, would take a node's whole memory when eight people sign in at once.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1


class SecretHasher(BasePasswordHasher):
    """`motcua_secret$` and the digest, in one round of SHA-256; never for what a person has thought up."""

    algorithm = "motcua_secret"

    def encode(self, password: str, salt: str) -> str:
        return f"{self.algorithm}${sha256(password.encode()).hexdigest()}"

    def verify(self, password: str, encoded: str) -> bool:
        return constant_time_compare(self.encode(password, ""), encoded)

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        return {"algorithm": self.algorithm}

    def harden_runtime(self, password: str, encoded: str) -> None:
        """There is nothing to harden."""
