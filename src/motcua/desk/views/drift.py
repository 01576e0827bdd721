"""Where places differ from the nation, and how an administrator sets or ends a value of their own place."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.desk.access import KEEPERS, led_by, officers, places
from motcua.desk.localising import Localise, Restore
from motcua.desk.previewing import ways_by_case
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.procedures import actions
from motcua.procedures.drift import differences
from motcua.procedures.models import Overlay, Version
from motcua.ui.forms import did

PAGE = 100


@require_GET
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """The drift report: the nation's value, the place's, since when, by which decision."""
    led_by(request, *KEEPERS)
    today, ended = timezone.localdate(), "ended" in request.GET
    overlays = Overlay.objects.select_related("procedure", "agency").order_by(
        "procedure__code", "agency", "-set_at"
    )
    shown = overlays if ended else overlays.filter(Q(effective_until=None) | Q(effective_until__gt=today))
    context = {
        "lines": list(differences(shown[:PAGE], today)),
        "ended": ended,
        "today": today,
        "mine": set(administered(request.actor).values_list("code", flat=True)),
        "procedures": offered() if places(request.actor, "administrator") else [],
    }
    return render(request, "desk/drift.html", context)


@require_http_methods(["GET", "POST"])
@officers
def localise(request: ActorRequest, code: str) -> HttpResponseBase:
    """Set a value for a place one administers; what the law fixes is refused in words."""
    led_by(request, "administrator")
    today = timezone.localdate()
    version = get_object_or_404(
        Version.objects.in_force(today).offered().select_related("procedure"), procedure__code=code
    )
    form = Localise(
        request.POST if request.method == "POST" else None,
        version=version,
        agencies=administered(request.actor),
        today=today,
    )
    if form.is_valid() and did(form, lambda: actions.localise(form.overlay(), by=request.actor)):
        messages.success(request, _("Set. Dossiers filed from that day on follow it."))
        return redirect("desk:drift")
    context = {
        "form": form,
        "name": version.name_in(get_language() or "vi"),
        "version": version,
        "ways": ways_by_case(version.definition),
    }
    return render(request, "desk/localise.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@officers
def restore(request: ActorRequest, pk: str) -> HttpResponseBase:
    """End a value of a place one administers."""
    led_by(request, "administrator")
    mine = Overlay.objects.filter(agency__in=administered(request.actor)).select_related(
        "procedure", "agency"
    )
    overlay, today = get_object_or_404(mine, pk=pk), timezone.localdate()
    form = Restore(request.POST if request.method == "POST" else None, initial={"on": today})
    if form.is_valid() and did(
        form, lambda: actions.restore(overlay, by=request.actor, on=form.cleaned_data["on"])
    ):
        messages.success(request, _("Ended. The nation's value holds again from that day."))
        return redirect("desk:drift")
    line = next(differences([overlay], today), None)
    return render(
        request, "desk/restore.html", {"form": form, "line": line}, status=422 if form.is_bound else 200
    )


def administered(actor: Actor) -> QuerySet[Agency]:
    """The agencies one administers, and all below them."""
    under = Q(pk__in=[])
    for code in places(actor, "administrator"):
        under |= Q(code=code) | Q(code__startswith=f"{code}.")
    return Agency.objects.in_force().filter(under).order_by("code")


def offered() -> list[tuple[str, str]]:
    """Code and name of the procedures that can be localised."""
    versions = (
        Version.objects.in_force(timezone.localdate()).offered().select_related("procedure").defer("content")
    )
    language = get_language() or "vi"
    return [(version.code, version.name_in(language)) for version in versions.order_by("procedure__code")]
