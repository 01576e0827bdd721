"""Sessions as Django keeps them; every request of whoever is signed in asks for one, so the question is worded once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.db import SessionStore as Kept
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from motcua.lib.worded import worded_once


class SessionStore(Kept):
    """A session in the database."""

    def _get_session_from_db(self) -> Session | None:
        found = living.first(self.session_key, timezone.now())
        if found is None:
            self._session_key = None
        return found


@worded_once
def living(key: str | None, now: datetime) -> QuerySet[Session]:
    """The session of this key, unless its time is over."""
    return Session.objects.filter(session_key=key, expire_date__gt=now)


def holding(account: AbstractBaseUser, keys: Iterable[str]) -> set[str]:
    """Which of these sessions still let this account in: not over, and of its present password; one question for all."""
    found = Session.objects.filter(session_key__in=list(keys), expire_date__gt=timezone.now())
    return {one.session_key for one in found if lets_in(one.get_decoded(), account)}


def lets_in(said: dict[str, Any], account: AbstractBaseUser) -> bool:
    """As Django decides with every request (`auth.get_user`)."""
    if said.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    proof = str(said.get(HASH_SESSION_KEY, ""))
    proofs = account.get_session_auth_hash(), *account.get_session_auth_fallback_hash()
    return said.get(SESSION_KEY) == str(account.pk) and any(
        constant_time_compare(proof, one) for one in proofs
    )
