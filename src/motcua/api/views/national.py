"""The national portal's own interface: one address, its envelope and codes; always 200, for the envelope says what became of it."""

import time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.api import actions, tokens
from motcua.api.door import MINUTE, Call
from motcua.api.national import asking, rows, taking
from motcua.api.operations import operation
from motcua.api.scopes import Scope


@operation(
    "POST",
    "/national",
    gettext_lazy(
        "DongBoHoSoMC, CapNhatTienDoHoSoMC, TraCuuHoSo, LayThuTuc, LayDanhSachTTHC; `session` is a token for national:sync"
    ),
    about="national",
    scope=None,
    body=rows.Envelope,
    gives=rows.Reply,
)
def national(call: Call) -> rows.Reply:
    """Rows are taken each for itself; those that do not hold are named with the reason, and may be sent again."""
    given: rows.Envelope = call.body
    sender = sender_of(given)
    if isinstance(sender, rows.Reply):
        return sender
    match given.service:
        case "DongBoHoSoMC":
            return good(taking.take(sender, given.data, rows.Dossier))
        case "CapNhatTienDoHoSoMC":
            return good(taking.take(sender, given.data, rows.Progress))
        case "TraCuuHoSo":
            return found(asking.dossier(given.MaHoSo))
        case "LayThuTuc":
            return found(asking.procedure(given.MaTTHC))
        case "LayDanhSachTTHC":
            return good(asking.procedures(given.MaTTHC))


def sender_of(given: rows.Envelope) -> taking.Sender | rows.Reply:
    """Who speaks, or why not: the session is the token, the unit lies within the system's agency."""
    token = tokens.read(given.session)
    known = actions.admit(token.client, minute=int(time.time()) // MINUTE) if token else None
    is_fresh = token and known and token.generation == known.client.generation
    if token is None or known is None or not is_fresh or not may(token, known.client):
        return reply(
            rows.NO_SESSION, _("The session is not known, has run out, or is not for national:sync.")
        )
    if known.used > known.client.per_minute:
        return reply(rows.TOO_MANY, _("Too many calls in this minute"))
    sender = taking.Sender(known.client, given.madonvi, is_updating=given.isUpdating == "True")
    if not sender.speaks_for(given.madonvi):
        words = {"sender": known.client.agency, "agency": given.madonvi}
        return reply(rows.NOT_YOURS, _("%(sender)s cannot speak for %(agency)s.") % words)
    return sender


def may(token: tokens.Token, client: Any) -> bool:
    return Scope.SYNC in token.scopes and Scope.SYNC in client.scopes


def good(result: list[rows.Taken]) -> rows.Reply:
    return rows.Reply(error_code=rows.GOOD, message="", result=result)


def found(result: list[rows.Taken]) -> rows.Reply:
    return good(result) if result else reply(rows.UNKNOWN, _("There is none."))


def reply(code: str, message: str) -> rows.Reply:
    return rows.Reply(error_code=code, message=message)
