"""The keys of the desk, in one table."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from motcua.desk.access import officers
from motcua.desk.context import doors
from motcua.people.middleware import ActorRequest

# What bears a key beside the doors of the navigation, which bear their place in it.
KEYS = (
    ("s", _("Search by code or name")),
    ("f", _("Filter the work list")),
    ("g", _("The first of the list, the most urgent one")),
    ("a", _("Choose all documents without anything to look at")),
    ("n", _("The next page of the list, or the next document that waits for you")),
    ("b", _("From a dossier or a document back to the list")),
    ("d", _("The green button")),
    ("0", _("This page")),
)


@require_GET
@officers
def show(request: ActorRequest) -> HttpResponse:
    """Which key leads where, with the doors that open for this officer."""
    own = [(door.key, door.label) for door in doors(request.actor) if door.key]
    return render(request, "desk/keys.html", {"keys": [*own, *KEYS]})
