"""Who gets through the officers' door, and what lies open behind it; whatever is not named here stays closed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from motcua.dossiers.models import Dossier, DossierQuerySet
from motcua.lib.actions import Refused
from motcua.lib.actors import Actor
from motcua.people.middleware import ActorRequest

# Administrators look after posts, not after what people have told the state.
READERS = ("receiver", "registrar", "specialist", "chair", "deputy", "clerk", "auditor")
LEADERS = ("chair", "auditor")
# Who looks after what the procedures say.
KEEPERS = ("administrator", "chair", "auditor")

type View = Callable[..., HttpResponseBase]


def officers(view: View) -> View:
    """Only for those who hold a post today; who has not signed in is asked to."""

    @wraps(view)
    def answer(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.actor.grants:
            raise Refused(_("Only officers with a post today may open the desk."))
        return view(request, *args, **kwargs)

    return login_required(answer)


def places(actor: Actor, *roles: str) -> list[str]:
    """Codes of the agencies where one of these roles is held."""
    return sorted({grant.place for grant in actor.grants if grant.role in roles})


def readable(actor: Actor) -> DossierQuerySet:
    """The dossiers an officer may open: their agency's, and those that ended at an agency theirs has followed."""
    return Dossier.objects.filter(agency__in=actor.answers_for(*READERS))


def chosen(request: HttpRequest, codes: list[str]) -> list[str]:
    """The agency asked for with `?agency=`, if it is one of `codes`; otherwise all of them."""
    code = request.GET.get("agency", "")
    return [code] if code in codes else codes


def led_by(request: ActorRequest, *roles: str) -> list[str]:
    """The agencies where one of `roles` is held; refuses if there is none."""
    codes = places(request.actor, *roles)
    if not codes:
        raise Refused(_("This page belongs to another post."))
    return codes
