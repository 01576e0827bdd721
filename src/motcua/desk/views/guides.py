"""The guides on the desk: the administrators' for who only administers, the officers' for everyone else."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from motcua.desk.access import READERS, officers, places
from motcua.people.middleware import ActorRequest
from motcua.ui.views import guide_page


@require_GET
@officers
def show(request: ActorRequest, name: str = "") -> HttpResponseBase:
    """A guide with the desk's navigation."""
    own = "officer" if places(request.actor, *READERS) else "administrator"
    page = guide_page(name or own, "desk:guide")
    return render(
        request, "ui/guide.html", page | {"frame": "ui/officer.html", "home": reverse("desk:worklist")}
    )
