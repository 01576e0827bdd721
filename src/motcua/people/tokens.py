"""Signed tokens of OpenID Connect: what one says is believed only after everything about it has been checked."""

from collections.abc import Iterable, Mapping
from typing import Any

import jwt
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ALGORITHMS = ("RS256", "PS256", "ES256")
LEEWAY = 30  # seconds two clocks may differ
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TYPE = "logout+jwt"


class Untrusted(Exception):
    """A token that is not believed; the message says in words why."""


FAULTS: dict[type[Exception], Promise] = {
    jwt.ExpiredSignatureError: _("the answer of the identity service is too old"),
    jwt.ImmatureSignatureError: _("the answer of the identity service is dated in the future"),
    jwt.InvalidIssuerError: _("the answer comes from another identity service"),
    jwt.InvalidAudienceError: _("the answer was meant for another service"),
    jwt.InvalidSignatureError: _("the answer is not signed by the identity service"),
    jwt.MissingRequiredClaimError: _("the answer of the identity service is not complete"),
}


def verified(
    token: str, keys: Iterable[Mapping[str, Any]], *, issuer: str, audience: str, required: Iterable[str]
) -> dict[str, Any]:
    """The claims of a token (OpenID Connect Core 1.0, section 3.1.3.7); raises `Untrusted`.

    `keys` are the issuer's JWKs; `required` the claims that must be there besides those checked here.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key_of(token, keys),
            algorithms=ALGORITHMS,
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY,
            options={"require": ["iss", "aud", "exp", "iat", *required]},
        )
    except jwt.PyJWTError as fault:
        raise Untrusted(str(FAULTS.get(type(fault), UNREADABLE))) from fault
    others = claims["aud"] != audience and set(claims["aud"]) != {audience}
    if claims.get("azp", audience) != audience or (others and "azp" not in claims):
        raise Untrusted(str(FAULTS[jwt.InvalidAudienceError]))
    return claims


def key_of(token: str, keys: Iterable[Mapping[str, Any]]) -> jwt.PyJWK:
    """The issuer's key the token says it is signed with; where the issuer has one key only, it needs no name."""
    known = [one for one in keys if one.get("use", "sig") == "sig" and one.get("kty") in {"RSA", "EC"}]
    name = jwt.get_unverified_header(token).get("kid")
    named = [one for one in known if one.get("kid") == name] if name or len(known) != 1 else known
    if not named:
        raise jwt.InvalidSignatureError("unknown key")
    return jwt.PyJWK(dict(named[0]))


UNREADABLE = _("the answer of the identity service cannot be read")
