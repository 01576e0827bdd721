"""Own things only: an application of someone else does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from motcua.dossiers.models import Application
from motcua.people.middleware import ActorRequest

type View = Callable[..., HttpResponseBase]


def applicant(view: View) -> View:
    """`view(request, application, …)` for who applies; anyone else is told there is no such page, strangers to sign in."""

    @wraps(view)
    def answer(request: ActorRequest, pk: UUID, **named: Any) -> HttpResponseBase:
        own = Application.objects.visible_to(request.actor).select_related("version__procedure", "account")
        return view(request, get_object_or_404(own, pk=pk), **named)

    return login_required(answer)


def drafting(view: View) -> View:
    """The same as long as it is a draft; what was sent is followed, also by who presses a button twice."""

    @wraps(view)
    def answer(request: ActorRequest, application: Application, **named: Any) -> HttpResponseBase:
        if not application.is_draft:
            return redirect("portal:application", application.pk)
        return view(request, application, **named)

    return applicant(answer)
