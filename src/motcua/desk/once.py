"""What is pressed twice is done once: of two clicks in one visit the second waits, and is led to what came of the first."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.db import connection
from django.utils.translation import gettext as _

from motcua.people.middleware import ActorRequest

TAKE_TURN = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"
END_TURN = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"


@contextmanager
def one_at_a_time(request: ActorRequest) -> Iterator[None]:
    """Of two clicks in one visit the second waits until the first is done; what each does keeps its own transactions."""
    name = f"desk.bulk:{request.session.session_key or ''}"
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TURN, [name])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(END_TURN, [name])


def is_done_already(request: ActorRequest, kept: str) -> bool:
    """Whether it is sent a second time; what came of the first is read anew, for it may have ended just now."""
    stored = type(request.session)(request.session.session_key).get(kept)
    if not stored or stored["token"] != request.POST.get("token", ""):
        return False
    request.session[kept] = stored
    messages.info(request, _("This was done already. Here is what came of it."))
    return True


def keep(request: ActorRequest, kept: str, **told: Any) -> None:
    """What came of it, kept with the visit before a second click may look."""
    request.session[kept] = {"token": request.POST.get("token", ""), **told}
    request.session.save()
