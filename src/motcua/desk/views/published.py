"""What an agency publishes about itself: the dossiers it is late with, by their codes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.dossiers.models import Dossier
from motcua.tracking.overdue import Late, answered, page_of

PUBLISHED = ("pk", "code", "version__name_vi", "agency", "due_at", "extension")


@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """Every overdue dossier of the agencies at this node: code, procedure, agency, due date; nothing about a person."""
    # What is decided for an agency below has no term of its own before the public: its dossier below has.
    found = (
        Dossier.objects.overdue().filter(below=None, code__isnull=False).values_list(*PUBLISHED, named=True)
    )
    rows, after = page_of(found, request, key="pk")
    late = [
        Late(one.code, one.version__name_vi, one.agency, one.due_at, one.extension is not None)
        for one in rows
    ]
    return render(request, "tracking/overdue.html", answered(request, late, after))
