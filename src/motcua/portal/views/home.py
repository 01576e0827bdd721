"""The front page."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from motcua.indicators.questions import Sums, summed
from motcua.people.middleware import ActorRequest
from motcua.people.models import Account
from motcua.portal.favourites import marked, used
from motcua.portal.life import moments
from motcua.portal.own import newest
from motcua.portal.standing import rows
from motcua.procedures.search import current
from motcua.ui.context import Link

OFTEN = (_("register a birth"), _("permanent residence"), _("certified copy"))
SHOWN = 3
WEEK = 7


@require_safe
def home(request: ActorRequest) -> HttpResponseBase:
    """What do you need to do?"""
    shown = {"often": often(), "moments": moments(current.current()), "week": week(), **own(request)}
    return render(request, "portal/home.html", shown)


def own(request: ActorRequest) -> dict[str, Any]:
    """What only the person who is signed in is shown: dossiers, favourites, what they used."""
    if not isinstance(request.user, Account):
        return {}
    applications = newest(0, SHOWN)(request.user.pk, timezone.localdate())
    favourites = marked(request.user, most=SHOWN)
    codes = {line.code for line in favourites}
    return {
        "rows": rows(applications, now=timezone.now()),
        "favourites": favourites,
        "used": [line for line in used(request.actor, most=SHOWN) if line.code not in codes],
    }


def often() -> list[Link]:
    """What is asked for most, in the words people use."""
    return [
        Link(said, f"{reverse('portal:procedures')}?{urlencode({'q': said})}") for said in map(str, OFTEN)
    ]


def week() -> dict[str, Any] | None:
    """The country's last seven days; only where they are counted."""
    if "indicators" not in settings.NODE.contexts:
        return None
    last = timezone.localdate()
    sums = Sums()
    for kind, channel, number in summed(("kind", "channel"), last - timedelta(days=WEEK - 1), last, ""):
        sums.add(kind, channel, int(number))
    return {"filed": sums.filed, "finished": sums.finished, "on_time": sums.on_time, "overdue": sums.overdue}
