"""Letters and digits for codes that people read from paper and type: Crockford's base 32, five random bits a sign."""

import secrets

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOK_ALIKE = str.maketrans("OIL", "011")


def drawn(length: int) -> str:
    """So many signs nobody can guess."""
    return "".join(secrets.choice(SIGNS) for _sign in range(length))


def meant(typed: str) -> str:
    """The signs a person meant: case, spaces, hyphens and look-alike letters do not matter."""
    return "".join(filter(str.isalnum, typed.upper())).translate(LOOK_ALIKE)
