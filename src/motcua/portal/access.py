"""Own things only: an application of someone else does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from motcua.dossiers.models import Application
from motcua.lib.actions import Refused
from motcua.mandates.models import account_id
from motcua.people.middleware import ActorRequest

type View = Callable[..., HttpResponseBase]


def applicant(view: View) -> View:
    """`view(request, application, …)` for who applies; anyone else is told there is no such page, strangers to sign in."""

    @wraps(view)
    def answer(request: ActorRequest, pk: UUID, **named: Any) -> HttpResponseBase:
        known = Application.objects.select_related("version__procedure", "account", "mandate")
        found = known.visible_to(request.actor).filter(pk=pk).first()
        if found is None:
            found = get_object_or_404(known.filter(account=account_id(request.actor)), pk=pk)
            # The agent filed it, but may act no more: that is said, and nothing is shown.
            raise Refused(found.mandate.ended() if found.mandate else "")
        return view(request, found, **named)

    return login_required(answer)


def drafting(view: View) -> View:
    """The same as long as it is a draft; what was sent is followed, also by who presses a button twice."""

    @wraps(view)
    def answer(request: ActorRequest, application: Application, **named: Any) -> HttpResponseBase:
        if not application.is_draft:
            return redirect("portal:application", application.pk)
        return view(request, application, **named)

    return applicant(answer)


def answering(view: View) -> View:
    """The same also while the agency waits for answers to be put right."""

    @wraps(view)
    def answer(request: ActorRequest, application: Application, **named: Any) -> HttpResponseBase:
        if not (application.is_draft or application.is_mending):
            return redirect("portal:application", application.pk)
        return view(request, application, **named)

    return applicant(answer)
