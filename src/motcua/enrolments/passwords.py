"""One-time passwords: drawn by the machine, printed once, kept nowhere but as a digest."""

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import identify_hasher

# Letters and digits nobody takes for one another, also in print and read out; 12 of 31 are 59 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, LENGTH = 3, 4
LIFE = timedelta(days=3)


def drawn() -> str:
    """A new one, in groups that can be typed from paper."""
    return "-".join("".join(secrets.choice(ALPHABET) for _sign in range(LENGTH)) for _group in range(GROUPS))


def is_digest(encoded: str) -> bool:
    """Whether this is what is kept of a password, in a way we know."""
    try:
        identify_hasher(encoded)
    except ValueError:
        return False
    return True
