"""How the secrets of services are kept: they are long and random, so one round of SHA-256 is enough, and quick."""

from hashlib import sha256
from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher
from django.utils.crypto import constant_time_compare


class SecretHasher(BasePasswordHasher):
    """`motcua_secret$` and the digest; never for what a person has thought up."""

    algorithm = "motcua_secret"

    def encode(self, password: str, salt: str) -> str:
        return f"{self.algorithm}${sha256(password.encode()).hexdigest()}"

    def verify(self, password: str, encoded: str) -> bool:
        return constant_time_compare(self.encode(password, ""), encoded)

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        return {"algorithm": self.algorithm}

    def harden_runtime(self, password: str, encoded: str) -> None:
        """There is nothing to harden."""
