"""How the account library meets our accounts, their sessions, and other nodes that ask or are asked who someone is."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.people import actions
from motcua.people.asking import Silent
from motcua.people.identities import PROVIDER, Identity
from motcua.people.middleware import ONE_TIME
from motcua.people.models import Account, Admission, actor_of
from motcua.people.tokens import Untrusted

SYSTEM = Actor.system("people")
SESSION = "identity"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by the state, not by filling in a form; who signs out does so everywhere."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """The user name is the personal number; it is never made up."""

    def post_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse:
        """Whoever came with another node's word has a session that ends with it."""
        answer: HttpResponse = super().post_login(request, user, **how)
        if user.one_time_until is not None:
            request.session[ONE_TIME] = True
        login = (how.get("signal_kwargs") or {}).get("sociallogin")
        if login is not None:
            begin_admission(request, user, login)
        return answer

    def set_password(self, user: Any, password: str) -> None:
        """Called by the library when the person has chosen one."""
        actions.choose_password(user, by=actor_of(user), password=password)
        self.request.session.pop(ONE_TIME, None)

    def logout(self, request: HttpRequest) -> None:
        account, key = request.user, request.session.session_key
        if isinstance(account, Account) and key:
            actions.sign_out(account, by=actor_of(account), sessions=[key])
        super().logout(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Sign-out goes on at the node that vouched for the person: one button, signed out everywhere."""
        began = request.session.get(SESSION, {})
        if not began.get("end"):
            return str(super().get_logout_redirect_url(request))
        told = {
            "id_token_hint": began["token"],
            "client_id": settings.NODE.identity_client,
            "post_logout_redirect_uri": f"{settings.NODE.web_url}/",
        }
        return f"{began['end']}?{urlencode(told)}"


def begin_admission(request: HttpRequest, account: Account, login: SocialLogin) -> None:
    """Keep by which word the session began, and what is needed to end it there."""
    said = login.state
    claims = said["claims"]
    request.session[SESSION] = {"token": said["token"], "end": said["end"]}
    admission = Admission(
        account=account,
        session_key=request.session.session_key or "",
        issuer=claims["iss"],
        subject=claims["sub"],
        sid=claims.get("sid", ""),
    )
    actions.admit(admission, by=actor_of(account))


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """Sessions ended from the list of sessions end at other services as well."""

    def end_sessions(self, sessions: Iterable[Any]) -> None:
        found = list(sessions)
        for account in {one.user for one in found}:
            keys = [one.session_key for one in found if one.user == account]
            actions.sign_out(account, by=actor_of(account), sessions=keys)


class IdentityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whose word is taken stands in the node's settings; what is not believed is refused in words."""

    def list_apps(self, request: HttpRequest, provider: str = "", client_id: str = "") -> list[SocialApp]:
        node = settings.NODE
        secret = settings.KEYS / "identity.key"
        if not node.identity_issuer:
            return []
        return [
            SocialApp(
                provider=PROVIDER,
                provider_id=PROVIDER,
                name=node.identity_issuer,
                client_id=node.identity_client,
                secret=secret.read_text("ascii").strip() if secret.exists() else "",
                settings={"server_url": node.identity_issuer, "oauth_pkce_enabled": True},
            )
        ]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Called by the library when the answer has been checked: whose account it is, or why nobody's."""
        sociallogin.state |= sociallogin.provider.said
        try:
            account = actions.recognise(identity(sociallogin.state["claims"]), by=SYSTEM)
        except Invalid as refusal:
            raise ImmediateHttpResponse(refused(request, str(refusal))) from refusal
        sociallogin.user = sociallogin.account.user = account

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **_more: Any
    ) -> None:
        """Called by the library when something is wrong with the answer."""
        raise ImmediateHttpResponse(refused(request, why(request, exception)))


def identity(claims: dict[str, Any]) -> Identity:
    """The person of a checked answer."""
    return Identity(
        issuer=claims["iss"],
        subject=claims["sub"],
        number=str(claims.get(settings.NODE.identity_number, "")),
        name=str(claims.get("name", "")),
        level=2 if claims.get("acr") == "LoA2" else 1,
    )


def why(request: HttpRequest, exception: Any) -> str:
    """In words, what was wrong: with the answer, or with the question."""
    match request.GET.get("error", ""), exception:
        case _any, Untrusted():
            return _("You were not signed in: %(why)s.") % {"why": exception}
        case _any, Silent() | OSError():  # the library's own calls fail with an OSError
            return _("The identity service does not answer at the moment. Try again in a few minutes.")
        case "access_denied", _any:
            return _("You chose not to sign in with your electronic identity.")
        case "unmet_authentication_requirements", _any:
            return _("This service needs an electronic identity of level 2; yours is of level 1.")
        case "", None:
            return _("This sign-in was begun in another window, or was already used. Begin again.")
    return _("The identity service did not confirm the sign-in. Begin again.")


def refused(request: HttpRequest, words: str) -> HttpResponse:
    """A page that says why, and where to try again."""
    return render(request, "people/identity_refused.html", {"why": words}, status=403)
