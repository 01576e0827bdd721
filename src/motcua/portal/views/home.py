"""The front page."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.dossiers.models import Application
from motcua.indicators.models import Count
from motcua.indicators.questions import Sums
from motcua.people.middleware import ActorRequest
from motcua.portal import facts
from motcua.portal.life import MOMENTS
from motcua.portal.standing import rows
from motcua.procedures.models import Version
from motcua.ui.context import Link

# What most families need first; shown as far as it is published here.
OFTEN = ("2.000986", "1.004222", "2.000815")
SHOWN = 3
WEEK = 7


@require_safe
def home(request: ActorRequest) -> HttpResponseBase:
    """What do you need to do?"""
    own = (
        Application.objects.visible_to(request.actor).newest_first()[:SHOWN]
        if request.user.is_authenticated
        else []
    )
    shown = {
        "often": often(),
        "moments": MOMENTS,
        "rows": rows(own, now=timezone.now()) if own else [],
        "week": week(),
    }
    return render(request, "portal/home.html", shown)


def often() -> list[Link]:
    """The procedures most asked for, by their short names."""
    known = (
        Version.objects.in_force(timezone.localdate())
        .filter(procedure__code__in=OFTEN)
        .select_related("procedure")
    )
    names = {version.code: version.name_in(facts.language()) for version in known}
    return [Link(short(names[code]), f"/procedures/{code}/") for code in OFTEN if code in names]


def short(name: str) -> str:
    """“Liên thông thủ tục …: đăng ký khai sinh, …” is a law's name; a pill takes its first words."""
    return name if len(name) <= 48 else f"{name[:47].rsplit(' ', 1)[0]}…"


def week() -> dict[str, Any] | None:
    """The country's last seven days; only where they are counted."""
    if "indicators" not in settings.NODE.contexts:
        return None
    last = timezone.localdate()
    sums = Sums()
    for kind, channel, number in Count.objects.between(last - timedelta(days=WEEK - 1), last).summed(
        "kind", "channel"
    ):
        sums.add(str(kind), int(str(channel)), int(str(number)))
    return {"filed": sums.filed, "finished": sums.finished, "on_time": sums.on_time, "overdue": sums.overdue}
