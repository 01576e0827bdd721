"""One electronic identity for many nodes: vouch for people at services, take another node's word, end sessions together."""

import re
import secrets
import time
from collections.abc import Iterable
from importlib import import_module

import jwt
from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from motcua.journal.actions import record
from motcua.lib.actions import Invalid, action
from motcua.lib.actors import Actor
from motcua.lib.rules import system
from motcua.people import issuer
from motcua.people.actions.accounts import open_account
from motcua.people.asking import post
from motcua.people.events import (
    IdentityRecognised,
    PersonAdmitted,
    PersonVouchedFor,
    SecondStepsDropped,
    ServiceListed,
    ServiceTold,
    SessionsDismissed,
    SessionsEnded,
)
from motcua.people.identities import PROVIDER, Dismissal, Identity
from motcua.people.models import Account, Admission, SignOn
from motcua.people.rules import oneself
from motcua.people.tokens import LOGOUT_EVENT, LOGOUT_TYPE

NUMBER = re.compile(r"\d{12}", re.ASCII)
LOGOUT_LIFE = 120  # seconds; recommended in OpenID Connect Back-Channel Logout 1.0, section 2.4


# Where identities are kept


@action(who=system)
def list_service(client: Client, *, by: Actor) -> Client:
    """A service may ask who someone is, as the node's settings say of it now."""
    known = Client.objects.filter(pk=client.pk).first()
    if known is not None and not issuer.differs(known, client):
        return known
    client.save(force_insert=known is None, force_update=known is not None)
    record(ServiceListed(client.pk), about=f"service:{client.pk}", by=by)
    return client


@action(who=oneself)
def vouch(sign_on: SignOn, *, by: Actor) -> SignOn:
    """A service asked who someone is, and is told; it will be told as well when their session ends."""
    Token.objects.expired().filter(user=sign_on.account).delete()
    sign_on.save(force_insert=True)
    record(PersonVouchedFor(sign_on.client, sign_on.level), about=sign_on, by=by)
    return sign_on


@action(who=oneself | system)
def sign_out(account: Account, *, by: Actor, sessions: Iterable[str]) -> None:
    """Sessions of a person end here, and at every service that was let on to them."""
    keys = set(sessions)
    begun = SignOn.objects.open().filter(account=account, session_key__in=keys)
    ended = {(one.session_key, one.client): one for one in begun}
    begun.update(ended_at=timezone.now())
    end_here(keys)
    for one in ended.values():
        if (entry := issuer.listed(one.client)) and entry.logout_uri:
            app.configure_task("people.tell_service").defer(sign_on=one.pk)
    record(SessionsEnded(len(keys), len(ended)), about=account, by=by)


@action(who=system)
def drop_second_steps(account: Account, *, by: Actor) -> None:
    """Whoever lost what they confirm with signs in by password alone again; all sessions end, also those of who found it."""
    dropped, _each = Authenticator.objects.filter(user=account).delete()
    record(SecondStepsDropped(str(account.pk), dropped), about=account, by=by)
    sessions = UserSession.objects.filter(user=account).values_list("session_key", flat=True)
    sign_out(account, by=by, sessions=list(sessions))


@action(who=system)
def tell_service(sign_on: SignOn, *, by: Actor) -> None:
    """A service learns that a session has ended; told once it is not told again. Written first, told last."""
    entry = issuer.listed(sign_on.client)
    if sign_on.told_at is not None or entry is None or not entry.logout_uri:
        return
    sign_on.told_at = timezone.now()
    sign_on.save(update_fields=["told_at"])
    record(ServiceTold(sign_on.client), about=sign_on, by=by)
    post(entry.logout_uri, {"logout_token": logout_token(sign_on)})


def logout_token(sign_on: SignOn) -> str:
    """OpenID Connect Back-Channel Logout 1.0, section 2.4; a new one for each try, for each may be used once."""
    key, now = get_adapter().get_signing_key(), int(time.time())
    claims = {
        "iss": settings.NODE.web_url,
        "aud": sign_on.client,
        "sub": get_adapter().get_user_sub(None, sign_on.account),
        "sid": sign_on.sid,
        "iat": now,
        "exp": now + LOGOUT_LIFE,
        "jti": secrets.token_urlsafe(16),
        "events": {LOGOUT_EVENT: {}},
    }
    headers = {"kid": issuer.key_id(key.pem), "typ": LOGOUT_TYPE}
    return jwt.encode(claims, key.pem, algorithm="RS256", headers=headers)


# Where another node's word is taken


@action(who=system)
def recognise(identity: Identity, *, by: Actor) -> Account:
    """Someone comes with an identity kept elsewhere: their account is found by personal number, or opened."""
    number = identity.number
    if not NUMBER.fullmatch(number):
        raise Invalid(_("The identity service did not say your personal number."))
    link = SocialAccount.objects.filter(provider=PROVIDER, uid=identity.key).select_related("user").first()
    account = link.user if link else Account.objects.filter(username=number).first()
    if account is None:
        account = open_account(Account(username=number, name=identity.name[:120] or number), by=by)
    if account.username != number:
        raise Invalid(_("This electronic identity belongs to another personal number here."))
    if link is None:
        SocialAccount.objects.create(provider=PROVIDER, uid=identity.key, user=account)
        record(IdentityRecognised(identity.issuer, identity.level), about=account, by=by)
    if identity.level > account.assurance:
        account.assurance = identity.level
        account.save(update_fields=["assurance"])
    return account


@action(who=oneself)
def admit(admission: Admission, *, by: Actor) -> None:
    """A session begins with another node's word; it will end with it."""
    admission.save(force_insert=True)
    record(PersonAdmitted(admission.issuer), about=admission, by=by)


@action(who=system)
def dismiss(dismissal: Dismissal, *, by: Actor) -> int:
    """Another node says that a session has ended: what began here with its word ends too; returns how many sessions did."""
    begun = Admission.objects.filter(issuer=dismissal.issuer)
    if dismissal.sid:
        begun = begun.filter(sid=dismissal.sid)
    if dismissal.subject:
        begun = begun.filter(subject=dismissal.subject)
    for admission in begun:
        end_here({admission.session_key})
        record(SessionsDismissed(dismissal.issuer), about=admission.account, by=by)
    return begun.delete()[0]


def end_here(keys: set[str]) -> None:
    """Sessions are gone: whoever still holds their cookie is nobody."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for key in keys:
        store.delete(key)
    UserSession.objects.filter(session_key__in=keys).delete()
