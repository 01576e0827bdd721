"""Files of work: the list of a year, one file with what lies in it, and what is due at the archive or at the end of its time."""

from uuid import UUID

from django import forms
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.desk.access import led_by, officers
from motcua.desk.doing import Act, form_of, refused
from motcua.desk.forms.folders import Close, Line, NewLine, TakeFrom
from motcua.dispatches import actions
from motcua.dispatches.models import Folder, Incoming, Outgoing
from motcua.dispatches.rules import OFFICERS, clerk, folder_keeper, head
from motcua.documents.intake import PDF
from motcua.documents.serving import served
from motcua.lib.actions import Can
from motcua.people.middleware import ActorRequest
from motcua.ui.forms import did

SHOWN = 500
LISTING = ("clerk", "chair", "deputy")
ACTS = {
    "amend_folder": Act(actions.amend_folder, _("The file is put right."), Line, knows=True),
    "close_folder": Act(actions.close_folder, _("Closed; its list of contents is made."), Close),
    "archive": Act(actions.archive, _("It is in the archive.")),
    "take_from": Act(actions.take_from, _("The document is taken out of the file."), TakeFrom),
}


@require_safe
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """The list of a year; or what is due at the archive, or has been kept as long as it had to be."""
    led_by(request, *OFFICERS)
    mine = Folder.objects.visible_to(request.actor, *OFFICERS)
    today, show = timezone.localdate(), request.GET.get("show", "")
    years = list(mine.order_by("-year").values_list("year", flat=True).distinct())
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else today.year
    lists = {"archive": mine.to_hand_over(), "ended": mine.ended(today.year).order_by("closed_on", "pk")}
    rows = lists.get(show, mine.filter(year=year).order_by("heading", "notation"))
    page = {
        "rows": list(rows.annotate(documents=Count("filings"))[:SHOWN]),
        "show": show if show in lists else "",
        "year": year,
        "years": years,
        "today": today,
        "lists": bool(request.actor.holds(*LISTING)),
    }
    return render(request, "desk/dispatches/folders.html", page)


@require_http_methods(["GET", "POST"])
@officers
def begin(request: ActorRequest) -> HttpResponseBase:
    """One file more in the list of a year."""
    agency = led_by(request, *LISTING)[0]
    folder = Folder(agency=agency, year=timezone.localdate().year)
    form = NewLine(request.POST or None, about=folder)
    if form.is_bound and form.is_valid():
        typed = dict(form.cleaned_data)
        keeper = typed.pop("keeper")
        folder = Folder(agency=agency, **typed)
        if did(form, lambda: actions.open_folder(folder, by=request.actor, keeper=keeper)):
            return redirect("desk:folder", folder.pk)
    return render(
        request, "desk/dispatches/open_folder.html", {"form": form}, status=422 if form.is_bound else 200
    )


def found(request: ActorRequest, pk: UUID) -> Folder:
    led_by(request, *OFFICERS)
    return get_object_or_404(Folder.objects.visible_to(request.actor, *OFFICERS), pk=pk)


@require_safe
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """One file: what lies in it, how long it is kept, and what can be done with it."""
    return shown(request, found(request, pk), {})


def whole(request: ActorRequest, folder: Folder) -> bool:
    """Whether this officer may see all that lies in it: the list of contents names what others may not read."""
    return (clerk | head | folder_keeper)(request.actor, folder)


def shown(request: ActorRequest, folder: Folder, failed: dict[str, forms.Form]) -> HttpResponse:
    can = Can(request.actor, folder, "dispatches")
    deeds = [verb for verb in ACTS if verb != "take_from" and can[verb]]
    came = Incoming.objects.visible_to(request.actor, *OFFICERS).values("pk")
    went = Outgoing.objects.visible_to(request.actor, *OFFICERS).values("pk")
    filings = folder.filings.filter(Q(incoming__in=came) | Q(outgoing__in=went))
    page = {
        "folder": folder,
        "whole": whole(request, folder),
        "filings": list(filings.select_related("incoming", "outgoing")),
        "offered": {verb: form_of(ACTS, verb, about=folder) for verb in deeds} | failed,
        "takes": can["take_from"],
        "form": next(iter(failed.values()), None),
    }
    return render(request, "desk/dispatches/folder.html", page, status=422 if failed else 200)


@require_POST
@officers
def decide(request: ActorRequest, pk: UUID, verb: str) -> HttpResponseBase:
    """One decision about a file of work."""
    folder = found(request, pk)
    if verb not in ACTS:
        raise Http404
    form = refused(request, ACTS, verb, folder)
    return shown(request, folder, {verb: form}) if form else redirect("desk:folder", folder.pk)


@require_safe
@officers
def contents(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The list of contents, as it was made when the file was closed."""
    folder = found(request, pk)
    if not (folder.contents and whole(request, folder)):
        raise Http404
    return served(folder.contents, PDF, f"muc-luc-{folder.year}-{folder.notation}.pdf")
