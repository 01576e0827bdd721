"""Favourites: mark a procedure, take the mark away, see them all."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from motcua.people.middleware import ActorRequest
from motcua.portal.favourites import marked, used
from motcua.portal.views.catalogue import current
from motcua.portal.views.my import account
from motcua.procedures import actions
from motcua.procedures.models import Favourite
from motcua.ui.context import previous


@login_required
@require_safe
def show(request: ActorRequest) -> HttpResponseBase:
    """What one marked, and what one used."""
    shown = {"favourites": marked(account(request)), "used": used(request.actor)}
    return render(request, "portal/favourites.html", shown)


@login_required
@require_POST
def choose(request: ActorRequest, code: str) -> HttpResponseBase:
    """Mark it or take the mark away, as the button said; pressed twice is pressed once."""
    favourite = Favourite(account=account(request), procedure=current(code).procedure)
    if request.POST.get("marked") == "1":
        actions.mark(favourite, by=request.actor)
    else:
        actions.unmark(favourite, by=request.actor)
    return redirect(previous(request))
