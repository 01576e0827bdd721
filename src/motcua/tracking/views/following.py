"""Anyone with a code sees where the dossier stands; what is overdue stands in a list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from motcua.lib.actions import Invalid
from motcua.tracking.codes import read_code
from motcua.tracking.models import Tracked
from motcua.tracking.overdue import Late, answered, page_of, procedures
from motcua.tracking.questions import follow


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a code; a good one leads to the dossier's own address."""
    typed = request.GET.get("code")
    if typed is None:
        return render(request, "tracking/ask.html")
    try:
        code = read_code(typed)
    except Invalid as fault:
        return refuse(request, typed, fault)
    return redirect("tracking:show", code)


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """The dossier under its code."""
    try:
        followed = follow(code)
        code = read_code(code)
    except Invalid as fault:
        return refuse(request, code, fault)
    if followed is None:
        return render(request, "tracking/unknown.html", {"code": code}, status=404)
    return render(request, "tracking/show.html", {"followed": followed, "code": code})


@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """Every overdue dossier of the country, or of one agency and those below it."""
    rows, after = page_of(Tracked.objects.overdue().exclude(code=""), request, key="dossier")
    names = procedures({one.procedure for one in rows})
    late = [
        Late(one.code, names.get(one.procedure, one.procedure), one.agency, one.due_at)
        for one in rows
        if one.due_at
    ]
    return render(request, "tracking/overdue.html", answered(request, late, after))


def refuse(request: HttpRequest, typed: str, fault: Invalid) -> HttpResponse:
    # What cannot be a code may be anything, a personal number too: it is shown to who typed it and kept nowhere.
    return render(request, "tracking/ask.html", {"code": typed, "fault": str(fault)}, status=422)
