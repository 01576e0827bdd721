"""Our side when other services ask us who someone is: our key, the services that may ask, and what we say of a person."""

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.internal import jwkkit
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client, PrivateKey
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from motcua.people.models import Account, SignOn

KEY = "identity.pem"
LEVELS = {Account.Assurance.ONE: "LoA1", Account.Assurance.TWO: "LoA2"}
NUMBER_SCOPE = "personal_number"
# How someone has proven who they are: our library's words into those of RFC 8176.
METHODS = {"password": ["pwd"], "totp": ["otp"], "recovery_codes": ["otp"], "webauthn": ["hwk", "user"]}


class OIDCAdapter(DefaultOIDCAdapter):  # type: ignore[misc]
    """How the library meets our accounts, keys and levels."""

    scope_display = {
        "openid": "",
        "profile": _("Your full name"),
        NUMBER_SCOPE: _("Your personal number"),
    }

    def get_issuer(self) -> str:
        return str(settings.NODE.web_url)

    def list_private_keys(self, **_wanted: Any) -> list[PrivateKey]:
        """All keys are published; the newest signs."""
        return [
            PrivateKey(
                pem=file.read_text("ascii"), issued_at=datetime.fromtimestamp(file.stat().st_mtime, UTC)
            )
            for file in key_files()
        ]

    def get_claims(
        self,
        purpose: Literal["id_token", "userinfo"],
        user: Any,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **_more: Any,
    ) -> dict[str, Any]:
        claims: dict[str, Any] = {"sub": self.get_user_sub(client, user)}
        if "profile" in scopes:
            claims["name"] = user.name
        if NUMBER_SCOPE in scopes:
            claims["personal_number"] = user.username
        return claims

    def populate_id_token(
        self, id_token: dict[str, Any], client: Client, scopes: Iterable[str], **_more: Any
    ) -> None:
        """What was true when the person was let on: level, methods, time, session."""
        code = context.request.POST.get("code", "")
        known = SignOn.objects.get(code_digest=digest(code), client=client.pk)
        id_token |= {
            "acr": LEVELS[Account.Assurance(known.level)],
            "amr": known.methods,
            "auth_time": int(known.authenticated_at.timestamp()),
            "sid": known.sid,
        }


def digest(code: str) -> str:
    """What is kept of an authorization code."""
    return sha256(code.encode()).hexdigest()


# Our key


def key_files() -> list[Path]:
    """The files of our keys, `keys/identity*.pem`; the first is made when none is there."""
    if not (settings.KEYS / KEY).exists():
        make_key(settings.KEYS / KEY)
    return sorted(settings.KEYS.glob("identity*.pem"))


def make_key(path: Path) -> None:
    """A new RSA key only its owner can read. Of several processes that make one at once, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    fresh.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return
    finally:
        fresh.unlink()


def key_id(pem: str) -> str:
    """The key's name, as in the published list."""
    name: str = jwkkit.load_jwk_from_pem(pem)[0]["kid"]
    return name


# The services that may ask


def listed(client_id: str) -> Any:
    """What the node's settings say of a service; None if it may not ask."""
    return next((one for one in settings.NODE.identity_clients if one.id == client_id), None)


def secret_of(client_id: str) -> str:
    """What the service proves itself with; empty, and so never right, while there is none."""
    file = settings.KEYS / "clients" / f"{client_id}.key"
    return file.read_text("ascii").strip() if file.exists() else ""


def described(client_id: str) -> Client | None:
    """A service as the library keeps it, made from the node's settings; None if it may not ask."""
    entry, secret = listed(client_id), secret_of(client_id)
    if entry is None or not secret:
        return None
    client = Client(
        id=entry.id,
        name=entry.title_vi,
        type=Client.Type.CONFIDENTIAL,
        skip_consent=not entry.asks_consent,
        secret=f"{SECRET_HASH}${sha256(secret.encode()).hexdigest()}",
    )
    client.set_scopes(list(entry.scopes))
    client.set_redirect_uris(list(entry.redirect_uris))
    client.set_post_logout_redirect_uris([entry.home_uri] if entry.home_uri else [])
    return client


SECRET_HASH = "motcua_secret"  # noqa: S105 — the name of a way of keeping secrets
KEPT = ("name", "secret", "scopes", "redirect_uris", "skip_consent", "data")


def differs(one: Client, other: Client) -> bool:
    """Whether anything the settings decide is another."""
    return any(getattr(one, name) != getattr(other, name) for name in KEPT)


# How the person has signed in


def methods(request: HttpRequest, account: Account) -> list[str]:
    """The ways in which this session's person has proven who they are (RFC 8176)."""
    records: list[Mapping[str, Any]] = get_authentication_records(request, account)
    ways = [str(one.get("type", one["method"])) for one in records]
    said = [word for way in ways for word in METHODS.get(way, [])]
    factors = {way for way in ways if way in METHODS}
    return [*dict.fromkeys(said), *(["mfa"] if len(factors) > 1 or "webauthn" in factors else [])]


def authenticated_at(request: HttpRequest, account: Account) -> datetime:
    """When the person of this session last proved who they are."""
    records = get_authentication_records(request, account)
    times = [datetime.fromtimestamp(one["at"], UTC) for one in records]
    return max([*times, *([account.last_login] if account.last_login and not times else [])], default=EVER)


EVER = datetime(2000, 1, 1, tzinfo=UTC)
