"""The node that keeps electronic identities: services ask here who someone is (OpenID Connect Core 1.0)."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from allauth.core.internal.httpkit import extract_basic_auth
from allauth.idp.oidc import views as library
from allauth.idp.oidc.models import Client
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from motcua.people import actions, issuer
from motcua.people.adapters import SYSTEM
from motcua.people.forms import Consent
from motcua.people.models import Account, SignOn, actor_of

type View = Callable[..., HttpResponse]

# One code is good for one token, also when it is handed in twice at once.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def only_here(view: View) -> View:
    """Only where the node's settings say that identities are kept."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.NODE.identity != "provider":
            raise Http404
        return view(request, *args, **kwargs)

    return answer


def service(client_id: str) -> Client | None:
    """A service that may ask, as the node's settings say of it now."""
    client = issuer.described(client_id)
    return actions.list_service(client, by=SYSTEM) if client else None


@only_here
@require_GET
def configuration(request: HttpRequest) -> HttpResponse:
    """What services need to know of us (OpenID Connect Discovery 1.0)."""
    here = settings.NODE.web_url
    places = {
        "authorization_endpoint": "authorization",
        "token_endpoint": "token",
        "userinfo_endpoint": "userinfo",
        "jwks_uri": "jwks",
        "end_session_endpoint": "logout",
    }
    document: dict[str, Any] = {
        "issuer": here,
        **{name: here + reverse(f"idp:oidc:{view}") for name, view in places.items()},
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": list(settings.IDP_OIDC_AUTH_METHODS),
        "scopes_supported": list(issuer.OIDCAdapter.scope_display),
        "acr_values_supported": list(issuer.LEVELS.values()),
        "claims_supported": ["sub", "name", "personal_number", "acr", "amr", "auth_time", "sid"],
        "ui_locales_supported": ["vi", "en"],
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    }
    return JsonResponse(document, headers={"Access-Control-Allow-Origin": "*"})


class Authorization(library.AuthorizationView):  # type: ignore[misc]
    """A service asks who someone is; the library checks the question and gives the code."""

    form_class = Consent

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET
        if request.method == "GET":
            client = service(asked.get("client_id", ""))
            if client is None or asked.get("redirect_uri", "") not in client.get_redirect_uris():
                return render(request, "people/asked_wrongly.html", status=400)
            if objection := self.objection(client):
                return objection
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        self.note(answer)
        return answer

    def objection(self, client: Client) -> HttpResponse | None:
        """What speaks against an answer before the library looks at the question."""
        request, asked = self.request, self.request.GET
        is_silent = "none" in asked.get("prompt", "").split()
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            return back(asked, "invalid_request", "PKCE with S256 is required")
        if not isinstance(request.user, Account):
            return None
        if is_stale(request, request.user):
            here = request.get_full_path()
            way = redirect_to_login(here, reverse("account_reauthenticate"))
            return back(asked, "login_required", "too long ago") if is_silent else way
        if "LoA2" in asked.get("acr_values", "").split() and request.user.assurance < 2:
            error = back(asked, "unmet_authentication_requirements", "the identity is of level 1")
            page = {"client": client, "back": error["Location"]}
            return error if is_silent else render(request, "people/level_two.html", page, status=403)
        return None

    def note(self, answer: HttpResponse) -> None:
        """If a code was given: for whom, in which session, with which level and methods."""
        code = parse_qs(urlsplit(answer.headers.get("Location", "")).query).get("code")
        account = self.request.user
        if not code or not isinstance(account, Account):
            return
        sign_on = SignOn(
            account=account,
            session_key=self.request.session.session_key,
            client=self._request_info["client_id"],
            code_digest=issuer.digest(code[0]),
            level=account.assurance,
            methods=issuer.methods(self.request, account),
            authenticated_at=issuer.authenticated_at(self.request, account),
        )
        actions.vouch(sign_on, by=actor_of(account))


def is_stale(request: HttpRequest, account: Account) -> bool:
    """Whether the service wants a fresher proof than there is (`max_age`, in seconds)."""
    wanted = request.GET.get("max_age", "")
    if not wanted.isdecimal():
        return False
    return timezone.now() - issuer.authenticated_at(request, account) > timedelta(seconds=int(wanted))


def back(asked: Any, error: str, description: str) -> HttpResponse:
    """An error told to the service that asked (RFC 6749, section 4.1.2.1)."""
    told = {"error": error, "error_description": description, "state": asked.get("state", "")}
    joint = "&" if "?" in asked["redirect_uri"] else "?"
    return redirect(f"{asked['redirect_uri']}{joint}{urlencode(told)}")


class Handing(library.TokenView):  # type: ignore[misc]
    """A service hands in its code and gets the tokens."""

    @transaction.atomic
    def post(self, request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute(ONE_AT_A_TIME, [request.POST.get("code", "")])
        named = extract_basic_auth(request.headers)[0] or request.POST.get("client_id", "")
        if service(named) is None:
            return JsonResponse({"error": "invalid_client"}, status=401)
        answer: HttpResponse = super().post(request)
        return answer


authorization = only_here(csrf_exempt(Authorization.as_view()))
token = only_here(csrf_exempt(Handing.as_view()))
userinfo = only_here(library.user_info)
jwks = only_here(library.jwks)
logout = only_here(library.logout)
