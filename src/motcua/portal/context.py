"""What every page of a node with a front door is given: where to go, and where one's own things are."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from motcua.ui.addresses import address
from motcua.ui.context import Link, marked


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context processor; a node without a front door has only the account's address to give."""
    if "portal" not in settings.NODE.contexts:
        return {"account_url": address("account_home")}
    return {
        "nav": marked(doors(request), request.path),
        "about": about(),
        "account_url": address("account_home"),
    }


def doors(request: HttpRequest) -> list[Link]:
    """The main doors: services, following a dossier, checking a paper, numbers; one's own dossiers when signed in."""
    links = [Link(_("Services"), address("portal:home"))]
    if settings.NODE.tracking_url:
        links.append(Link(_("Follow a dossier"), tracking_address()))
    links.append(Link(_("Check a paper"), address("portal:verify")))
    if "indicators" in settings.NODE.contexts:
        links.append(Link(_("Numbers"), address("indicators:national")))
    # A request turned away at the gate, say for a foreign host, has no user yet.
    if getattr(request, "user", None) and request.user.is_authenticated:
        links.append(Link(_("My dossiers"), address("portal:my")))
    return links


def about() -> list[Link]:
    """What stands at the foot of the page."""
    links = [Link(_("Who has read my data"), address("portal:data"))]
    if "indicators" in settings.NODE.contexts:
        links.insert(0, Link(_("Public numbers"), address("indicators:national")))
    return links


def tracking_address() -> str:
    """Where anyone follows a dossier: here, or at the node that tracks every dossier."""
    return (
        address("tracking:ask")
        if "tracking" in settings.NODE.contexts
        else f"{settings.NODE.tracking_url}/tracking/"
    )
