"""Each request knows who acts; each refusal becomes a page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils.csp import CSP, build_policy
from django.utils.functional import SimpleLazyObject

from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.lib.actors import Actor
from motcua.people.models import actor_of
from motcua.ui.addresses import address
from motcua.ui.middleware import POLICY

type Answer = Callable[[HttpRequest], HttpResponse]

# A passkey is asked for by a script, the only one anywhere: it comes from this node and talks to this node.
PASSKEY_POLICY = build_policy(POLICY | {"script-src": [CSP.SELF], "connect-src": [CSP.SELF]})
PASSKEY_MARKS = {"PASSKEY_LOGIN_ENABLED", "js_data"}

# In the session of who signed in with a password that was handed to them.
ONE_TIME = "one_time"

PAGES = {Refused: 403, NotNow: 409, Invalid: 422}


class ActorRequest(HttpRequest):
    """A request after `ActorMiddleware`: it has an actor."""

    actor: Actor


class ActorMiddleware:
    """Puts `request.actor` there, looked up only when asked for."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request.user))  # type: ignore[attr-defined]
        return self.answer(request)


class OneTimeMiddleware:
    """Whoever signed in with a one-time password first chooses their own; until then nothing else opens."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        choosing = address("account_change_password")
        may_open = {choosing, address("account_logout")}
        is_bound = settings.SESSION_COOKIE_NAME in request.COOKIES and request.path not in may_open
        if is_bound and ONE_TIME in request.session and not request.path.startswith("/ui/"):
            goal = request.get_full_path() if request.method == "GET" else "/"
            return redirect(f"{choosing}?{urlencode({'next': goal})}")
        return self.answer(request)


class AnswerMiddleware:
    """Turns what an action refuses into a page that says why: 403, 409 or 422."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called by Django with what a view raised."""
        status = PAGES.get(type(exception))
        if status is None:
            return None
        return render(request, f"ui/{status}.html", {"why": str(exception)}, status=status)


class LeadingOnMiddleware:
    """Lets the forms of signing in and out lead on to the other side: browsers ask our policy about that, too."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.answer(request)
        if request.path.startswith(("/account/", "/identity/")) and (targets := leads_on_to(settings.NODE)):
            policy = answer.headers.get(str(CSP.HEADER_ENFORCE), build_policy(POLICY))
            own = f"form-action {CSP.SELF}"
            answer.headers[str(CSP.HEADER_ENFORCE)] = policy.replace(own, f"{own} {' '.join(targets)}")
        return answer


def leads_on_to(node: Any) -> list[str]:
    """Sites a form may lead on to: the services that ask us who someone is, and the one we ask."""
    asking = [uri for one in node.identity_clients for uri in (*one.redirect_uris, one.home_uri) if uri]
    asked = [node.identity_issuer] if node.identity_issuer else []
    return sorted({f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, [*asking, *asked])})


class PasskeyMiddleware:
    """Lets the pages that ask a device for a passkey run the account library's script; no other page runs any."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """Called by Django before the page is drawn; the account library's context says what it needs."""
        if PASSKEY_MARKS & set(response.context_data or {}):
            response.headers[str(CSP.HEADER_ENFORCE)] = PASSKEY_POLICY
        return response
