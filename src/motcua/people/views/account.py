"""One's own account; and the front page of a node that has no other."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.people.middleware import ActorRequest
from motcua.people.models import Appointment


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
