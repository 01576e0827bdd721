"""Signing in with an identity kept elsewhere: there and back; and word from there that a session has ended."""

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from motcua.people import actions
from motcua.people.adapters import SYSTEM, refused, why
from motcua.people.asking import Silent
from motcua.people.identities import PROVIDER, Dismissal
from motcua.people.provider import ElsewhereAdapter, read_logout
from motcua.people.tokens import Untrusted


@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """The person is sent to the node that keeps their identity."""
    return spoken(request, OAuth2LoginView)


@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """They come back with an answer."""
    return spoken(request, OAuth2CallbackView)


def spoken(request: HttpRequest, view: type) -> HttpResponse:
    """The library's view; what it must not believe becomes a page that says so."""
    if not settings.NODE.identity_issuer:
        raise Http404
    adapter = ElsewhereAdapter(request, PROVIDER)
    try:
        answer: HttpResponse = view.adapter_view(adapter)(request)  # type: ignore[attr-defined]
    except (Untrusted, Silent) as fault:
        return refused(request, why(request, fault))
    return answer


@csrf_exempt
@require_POST
def told_of_end(request: HttpRequest) -> HttpResponse:
    """The node that keeps identities says that a session has ended (OpenID Connect Back-Channel Logout 1.0)."""
    if not settings.NODE.identity_issuer:
        raise Http404
    try:
        claims = read_logout(request.POST.get("logout_token", ""))
    except (Untrusted, Silent) as fault:
        told = {"error": "invalid_request", "error_description": str(fault)}
        return JsonResponse(told, status=400, headers={"Cache-Control": "no-store"})
    dismissal = Dismissal(claims["iss"], str(claims.get("sid", "")), str(claims.get("sub", "")))
    actions.dismiss(dismissal, by=SYSTEM)
    return HttpResponse(headers={"Cache-Control": "no-store"})
