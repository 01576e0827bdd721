"""The receipt in hand: who has shown it sees the dossier for half an hour, and nobody before has seen anything of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from motcua.dossiers import actions
from motcua.dossiers.bearing import LENGTH
from motcua.dossiers.models import Dossier
from motcua.lib.actors import Actor
from motcua.lib.signs import meant
from motcua.people import tries

RECEIPT = Actor.system("receipt")
# In the session: until when each dossier is open, and which files lie ready to be sent with it.
OPENED = "receipts"
OPEN_FOR = timedelta(minutes=30)
MOST_FILES = 20
# The opening code out of the QR code's address, for the one page that follows: so it stands in no history, and is sent to nobody.
COOKIE, COOKIE_FOR = "receipt", timedelta(minutes=1)


def found(code: str) -> Dossier | None:
    """The dossier a receipt is of: by its legal code, or by its own id, as papers call it that were made before it had one."""
    try:
        which = Q(pk=UUID(code))
    except ValueError:
        which = Q(code=code)
    return Dossier.objects.with_procedures().filter(which).first()


def counted(request: HttpRequest, code: str) -> list[str]:
    """The tries this one counts as, of who asks and of what is asked about; none if there were too many of either."""
    dossier = found(code)
    about = str(dossier.pk) if dossier else code  # by code and by id it is one
    both = [tries.begin(request, at="receipt"), tries.about(about, at="receipt")]
    return [one for one in both if one] if all(both) else []


def opened(request: HttpRequest, code: str, digits: str) -> Dossier | None:
    """The dossier, if the digits belong to it: it stays open to this browser for a while."""
    dossier = found(code)
    if dossier is None or not actions.show_receipt(dossier, by=RECEIPT, digits=digits):
        return None
    until = timezone.now() + OPEN_FOR
    request.session[OPENED] = living(request) | {
        str(dossier.pk): {"until": until.isoformat(), "papers": papers(request, dossier.pk)}
    }
    return dossier


def living(request: HttpRequest) -> dict[str, Any]:
    """What is still open to this browser."""
    now, known = timezone.now(), request.session.get(OPENED, {})
    return {pk: told for pk, told in known.items() if datetime.fromisoformat(told["until"]) > now}


def papers(request: HttpRequest, pk: UUID) -> list[dict[str, Any]]:
    """The files that lie ready to be sent."""
    return list(request.session.get(OPENED, {}).get(str(pk), {}).get("papers", []))


def lay_ready(request: HttpRequest, pk: UUID, files: list[dict[str, Any]]) -> None:
    """These files lie ready from now on, and no others."""
    request.session[OPENED][str(pk)]["papers"] = files
    request.session.modified = True


def close(request: HttpRequest, pk: UUID) -> None:
    """Nothing of the dossier is shown in this browser any more."""
    request.session[OPENED] = {one: told for one, told in living(request).items() if one != str(pk)}


def put_by[R: HttpResponseBase](response: R, word: str) -> R:
    """The browser keeps the opening code for the next page."""
    response.set_signed_cookie(
        COOKIE,
        meant(word)[:LENGTH],
        max_age=COOKIE_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def put_by_before(request: HttpRequest) -> str:
    """The opening code the page before put by; empty if there is none."""
    return str(request.get_signed_cookie(COOKIE, default="", max_age=COOKIE_FOR))


def forgotten[R: HttpResponseBase](response: R) -> R:
    """It has been shown once."""
    response.delete_cookie(COOKIE)
    return response
