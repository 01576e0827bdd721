"""What another node says of a person, once its word has been checked."""

from dataclasses import dataclass
from hashlib import sha256

PROVIDER = "identity"  # how the account library calls the issuer of our settings


@dataclass(frozen=True)
class Identity:
    """Who stands behind a sign-in elsewhere: `subject` is the issuer's name for them, `level` 1 or 2."""

    issuer: str
    subject: str
    number: str
    name: str
    level: int

    @property
    def key(self) -> str:
        """The identity's name in our tables; a subject means something only together with its issuer."""
        return sha256(f"{self.issuer}\n{self.subject}".encode()).hexdigest()


@dataclass(frozen=True)
class Dismissal:
    """An issuer says that a session, or all sessions of a person, have ended; one of the two names is given."""

    issuer: str
    sid: str = ""
    subject: str = ""
