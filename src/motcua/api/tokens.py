"""What a machine shows with each call: its identifier and the scopes asked for, signed by the node, good for an hour.

Nothing is kept of a token: whether the machine may still call is read with every call.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core import signing

from motcua.api.models import Client
from motcua.api.scopes import Scope

LIFETIME = 3600
SALT = "motcua.api.token"


@dataclass(frozen=True)
class Token:
    """A token that holds: whose, made with which of its secrets, for which scopes."""

    client: UUID
    generation: int
    scopes: frozenset[str]


def issue(client: Client, scopes: Iterable[Scope]) -> str:
    """A token of this machine for these scopes."""
    content = [client.pk.hex, client.generation, " ".join(sorted(scopes))]
    return signing.dumps(content, salt=SALT)


def read(text: str) -> Token | None:
    """The token, or None if it is none of ours or too old."""
    try:
        client, generation, scopes = signing.loads(text, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return None
    return Token(UUID(client), generation, frozenset(scopes.split()))
