"""Sign-in with an identity kept elsewhere: a provider of the account library that believes nothing unchecked (OpenID Connect)."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from motcua.people.asking import fetch
from motcua.people.identities import PROVIDER
from motcua.people.tokens import LOGOUT_EVENT, Untrusted, verified

WELL_KNOWN = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
WORTH = {"LoA1": 1, "LoA2": 2}


def discovered() -> dict[str, Any]:
    """What the issuer says of itself (OpenID Connect Discovery 1.0); it must be the one in our settings."""
    issuer = settings.NODE.identity_issuer
    document = fetch(issuer + WELL_KNOWN)
    if document.get("issuer") != issuer:
        raise Untrusted(_("the answer comes from another identity service"))
    if not all(isinstance(document.get(name), str) for name in ENDPOINTS):
        raise Untrusted(_("the answer of the identity service is not complete"))
    return document


def keys(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The issuer's public keys."""
    found = fetch(document["jwks_uri"]).get("keys")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


class ElsewhereAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One sign-in: where to send the person, and what to make of the answer they come back with."""

    verifier = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        if not hasattr(self, "document"):
            self.document = discovered()
        return self.document

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return f"{settings.NODE.web_url}{reverse('identity_arrive')}"

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> Any:
        self.verifier = pkce_code_verifier or ""
        return super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """The library would believe an unsigned token that came over TLS; we believe none."""
        raw = str(kwargs["response"].get("id_token", ""))
        claims = verified(
            raw,
            keys(self.openid_config),
            issuer=settings.NODE.identity_issuer,
            audience=settings.NODE.identity_client,
            required=["sub", "nonce"],
        )
        if not constant_time_compare(str(claims["nonce"]), nonce_of(self.verifier)):
            raise Untrusted(_("the answer belongs to another sign-in"))
        if WORTH.get(str(claims.get("acr")), 1) < settings.NODE.identity_level:
            raise Untrusted(_("this service needs an electronic identity of level 2; yours is of level 1"))
        known = self.with_number(claims, token.token)
        provider = self.get_provider()
        provider.said = {
            "claims": known,
            "token": raw,
            "end": self.openid_config.get("end_session_endpoint", ""),
        }
        return provider.sociallogin_from_response(request, known)

    def with_number(self, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
        """The claims, and those of the userinfo endpoint if only that names the personal number."""
        if settings.NODE.identity_number in claims or "userinfo_endpoint" not in self.openid_config:
            return claims
        more = self._fetch_user_info(access_token)
        if more.get("sub") != claims["sub"]:
            raise Untrusted(_("the answer of the identity service is about two persons"))
        merged: dict[str, Any] = more | claims
        return merged


class ElsewhereProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """The issuer named in the node's settings."""

    id = PROVIDER
    name = PROVIDER
    oauth2_adapter_class = ElsewhereAdapter
    supports_token_authentication = False
    said: dict[str, Any]

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("identity_begin", query=kwargs)

    def get_callback_url(self) -> str:
        return reverse("identity_arrive")

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return list(settings.NODE.identity_scopes)

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return {"acr_values": "LoA2"} if settings.NODE.identity_level == 2 else {}

    def get_pkce_params(self) -> dict[str, Any]:
        """RFC 7636; the nonce is made from the same secret, which stays with this sign-in."""
        made = generate_code_challenge()
        challenge = made["code_challenge"].decode("ascii")
        return {**made, "code_challenge": challenge, "nonce": nonce_of(made["code_verifier"])}

    def extract_uid(self, data: dict[str, Any]) -> str:
        return sha256(f"{settings.NODE.identity_issuer}\n{data['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing of the answer is kept with the account."""
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []


def nonce_of(verifier: str) -> str:
    """Known to whoever holds the verifier, and to nobody else."""
    return urlsafe_b64encode(sha256(f"nonce {verifier}".encode()).digest()).rstrip(b"=").decode("ascii")


def read_logout(token: str) -> dict[str, Any]:
    """The claims of a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6), once only; raises `Untrusted`."""
    issuer, audience = settings.NODE.identity_issuer, settings.NODE.identity_client
    claims = verified(token, keys(discovered()), issuer=issuer, audience=audience, required=["jti", "events"])
    if not isinstance(claims["events"], dict) or LOGOUT_EVENT not in claims["events"] or "nonce" in claims:
        raise Untrusted(_("this is no word that a session has ended"))
    if not (claims.get("sid") or claims.get("sub")):
        raise Untrusted(_("it is not said whose session has ended"))
    if not cache.add(f"people.logout:{sha256(str(claims['jti']).encode()).hexdigest()}", 1, timeout=3600):
        raise Untrusted(_("this was said before"))
    return claims


provider_classes = [ElsewhereProvider]
