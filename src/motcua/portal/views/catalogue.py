"""Finding out: the list of procedures, and one procedure."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from motcua.dossiers import facts
from motcua.people.models import Account
from motcua.portal import finding
from motcua.portal.context import tracking_address
from motcua.portal.favourites import is_marked
from motcua.portal.life import moment
from motcua.procedures.drift import differences
from motcua.procedures.models import Version
from motcua.procedures.offered import holding_under, last_poll, may_begin, overlays_of

FILTERS = (("who", _("Who it is for")), ("level", _("Who handles it")), ("online", _("How far it is online")))


@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """What was found; the code of a dossier leads to the dossier."""
    asked = finding.wanted(request)
    if asked.text and finding.is_dossier_code(asked.text):
        return redirect(f"{tracking_address()}?code={asked.text}")
    found = finding.Finding(asked)
    page = found.page(request.GET.get("page", ""))
    lines = finding.lines(page.pks)
    respelled = finding.respelled(found.ranked, asked.text, lines[0] if lines else None)
    best = lines.pop(0) if asked.text and page.number == 1 and lines and lines[0].is_offered else None
    shown = {
        "asked": asked,
        "life": moment(asked.life),
        "agency": found.agency,
        "moments": found.moments,
        "agencies": found.agencies,
        "page": page,
        "best": best,
        "lines": lines,
        "filters": [(name, heading, found.choices(name)) for name, heading in FILTERS],
        "fields": found.fields(),
        "offered": found.offered_count,
        "respelled": respelled,
    }
    return render(request, "portal/search.html", shown)


@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponseBase:
    """One procedure: who, which papers, how long, how much, who does what."""
    version, today = current(code), timezone.localdate()
    book = reverse("portal:book", args=[version.code])
    mandate = f"{reverse('portal:mandate_new')}?procedure={version.code}"
    shown = {
        **facts.page(version, version.definition, request.GET.get("case", "")),
        "poll": last_poll.first(code),
        "is_marked": isinstance(request.user, Account) and is_marked(request.user, version),
        "favourite": "portal/favourite.html",
        "differences": list(differences(overlays_of(version.procedure_id, today), today)),
        "may_begin": may_begin(version, today),
        "life": moment(version.life_events[0]) if version.life_events else None,
        "to": {"begin": reverse("portal:begin", args=[version.code]), "book": book, "mandate": mandate},
    }
    return render(request, "portal/procedure.html", shown)


def current(code: str) -> Version:
    """The version of a procedure that holds today."""
    version = holding_under.first(code, timezone.localdate())
    if version is None:
        raise Http404
    return version
