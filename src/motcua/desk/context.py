"""Navigation of the desk: only doors that open for the one who looks."""

from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.desk.access import KEEPERS, LEADERS, READERS
from motcua.desk.process import office
from motcua.desk.reading import agencies
from motcua.dispatches.rules import OFFICERS
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency, Post
from motcua.payments.models import READERS as BOOKS
from motcua.ui.addresses import address
from motcua.ui.context import Link, marked

HOME = "/desk/"
# A page of the door for other systems, where there is one.
SYSTEMS = "api:systems"
EVERYONE = tuple(Post.Role.values)


def desk(request: HttpRequest) -> dict[str, Any]:
    """Context processor: on pages of the desk, an officer's navigation and the name of the agency."""
    actor = getattr(request, "actor", None)
    if actor is None or not request.path.startswith(HOME) or not actor.grants:
        return {}
    return {"nav": marked(doors(actor), request.path), "place": Place(actor)}


# Whose door each page is, how it is called, and where it stands.
DOORS: Sequence[tuple[Collection[str], Promise, str]] = (
    (READERS, _("Work list"), "desk:worklist"),
    (("receiver", "registrar"), _("Reception"), "desk:counter"),
    (("receiver", "registrar", "administrator"), _("Queue"), "desk:queue"),
    (("receiver", "registrar"), _("Representation"), "desk:mandates"),
    (READERS, _("Questions and complaints"), "desk:petitions"),
    (OFFICERS, _("Incoming documents"), "desk:incoming"),
    (OFFICERS, _("Outgoing documents"), "desk:outgoing"),
    (LEADERS, _("The agency"), "desk:agency"),
    (BOOKS, _("Fees"), "desk:books"),
    (("administrator",), _("People"), "desk:people"),
    (EVERYONE, _("Standing in"), "desk:substitutions"),
    (("administrator",), _("Templates of documents"), "desk:templates"),
    (("administrator",), _("E-mail addresses"), "desk:correspondents"),
    (("administrator",), _("Working days"), "desk:calendar"),
    (("administrator",), _("Reorganisation"), "desk:reorganisations"),
    (KEEPERS, _("Procedures"), "desk:procedures"),
    (KEEPERS, _("Readiness"), "desk:readiness"),
    (KEEPERS, _("Drift"), "desk:drift"),
    (("administrator",), _("Systems"), SYSTEMS),
)


def doors(actor: Actor) -> list[Link]:
    """The pages of the desk that this officer may open; the first nine bear their place as a key."""
    held = {grant.role for grant in actor.grants}
    there = [one for one in DOORS if one[2] != SYSTEMS or "api" in settings.NODE.contexts]
    found = [(label, address(name)) for roles, label, name in there if not held.isdisjoint(roles)]
    return [
        Link(label, url, key=str(place) if place < 10 else "")
        for place, (label, url) in enumerate(found, start=1)
    ]


class Place:
    """Where the officer works; asked of the database only if the page shows it."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def __str__(self) -> str:
        return named(agencies(self.actor.places))


def named(agencies: list[Agency]) -> str:
    """“UBND xã Bát Xát, UBND xã Trịnh Tường”"""
    return ", ".join(office(agency) for agency in agencies)
