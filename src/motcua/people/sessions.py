"""Sessions as Django keeps them; every request of whoever is signed in asks for one, so the question is worded once."""

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as Kept
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

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
