"""Presence: who signs has proven a moment ago that it is they, with a device or an app and not by a password alone."""

import time
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

MINUTE = 60
# A recovery code is for getting in again; it is on paper, and so no proof that somebody is here.
PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_asked(request: HttpRequest) -> bool:
    """Whether this node asks for it; the demo country asks only who has a passkey or an app, so that all others sign at once."""
    if not settings.NODE.presence_minutes:
        return False
    return not settings.NODE.demo or bool(is_mfa_enabled(request.user, types=list(PROOFS)))


def is_present(request: HttpRequest) -> bool:
    """Whether a passkey or a code of the app was shown in this session within the last minutes."""
    if not is_asked(request):
        return True
    since = time.time() - settings.NODE.presence_minutes * MINUTE
    records = get_authentication_records(request, request.user)
    return any(one.get("type") in PROOFS and one["at"] >= since for one in records)


def prove(request: HttpRequest, back: str) -> HttpResponseRedirect:
    """To where it is shown, and from there back; who has neither passkey nor app is led to where one is added."""
    if not is_mfa_enabled(request.user, types=list(PROOFS)):
        messages.warning(
            request, _("Whoever signs shows a passkey or a code of an app. Add one first, then sign.")
        )
        return redirect("mfa_index")
    has_app = is_mfa_enabled(request.user, types=[Authenticator.Type.TOTP])
    way = reverse("mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn")
    messages.info(request, _("Show that it is you; then press “sign” once more."))
    return redirect(f"{way}?{urlencode({'next': back})}")
