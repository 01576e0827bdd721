"""One's own account; and the front page of a node that has no other."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.generic.edit import FormView

from motcua.people.middleware import ActorRequest
from motcua.people.models import Account, Appointment
from motcua.people.sessions import holding


@require_safe
def node_home(request: ActorRequest) -> HttpResponse:
    """Which node this is, and where to go from here."""
    return render(request, "people/node.html")


@login_required
@require_safe
def account(request: ActorRequest) -> HttpResponse:
    """Who one is here, which posts one holds, and how one signs in."""
    posts = Appointment.objects.in_force().filter(account=request.user.pk).select_related("post__agency")
    page = {
        "appointments": posts.order_by("post__agency", "post__role"),
        "is_protected": is_mfa_enabled(request.user),
    }
    return render(request, "people/account.html", page)


class Sessions(ListUserSessionsView):  # type: ignore[misc]
    """Where one is signed in, and signing out everywhere else; the library asks for each session by itself, and deletes."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        me = self.request.user
        assert isinstance(me, Account)  # noqa: S101 — the library lets nobody else come here
        begun = list(UserSession.objects.filter(user=me).order_by("created_at"))
        hold = holding(me, (one.session_key for one in begun))
        sessions = [one for one in begun if one.session_key in hold]
        told = {"sessions": sessions, "session_count": len(sessions)}
        return FormView.get_context_data(self, **told, **more)
