"""Many results signed in one go: what waits for the chair, and how far the signing has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.desk import worklist
from motcua.desk.access import led_by, officers, readable
from motcua.desk.bulk import MOST, uuids
from motcua.desk.process import name_of
from motcua.dossiers.models import Dossier, DossierQuerySet
from motcua.dossiers.tasks import sign_later
from motcua.journal.models import Entry
from motcua.people.middleware import ActorRequest
from motcua.people.models import Account
from motcua.people.presence import is_present, prove

ASKED = "signing"


@dataclass(frozen=True)
class Line:
    """One result: signed, still waiting, or why it was not signed."""

    dossier: Dossier
    name: str
    is_signed: bool = False
    trouble: str = ""

    @property
    def is_over(self) -> bool:
        return self.is_signed or bool(self.trouble)


@require_http_methods(["GET", "POST"])
@officers
def choose(request: ActorRequest) -> HttpResponseBase:
    """All results that wait for this chair, to be signed together or one by one; who signs shows first that it is they."""
    if request.method == "POST" and not is_present(request):
        return prove(request, reverse("desk:sign_many"))
    waiting = waiting_for(request)
    if request.method == "POST" and isinstance(request.user, Account):
        chosen = list(waiting.filter(pk__in=uuids(request.POST.getlist("dossier")))[:MOST])
        if not chosen:
            messages.warning(request, _("Choose at least one result to sign."))
            return redirect("desk:sign_many")
        sign_later(chosen, account=request.user)
        asked = {"ids": [str(one.pk) for one in chosen], "since": timezone.now().isoformat()}
        request.session[ASKED] = asked
        return redirect("desk:signing")
    lines = [Line(one, name_of(one)) for one in waiting.by_time_left()[:MOST]]
    return render(request, "desk/sign_many.html", {"lines": lines})


@require_GET
@officers
def progress(request: ActorRequest) -> HttpResponseBase:
    """How many of those asked for are signed; the page looks again by itself until all are over."""
    led_by(request, "chair")
    asked = request.session.get(ASKED)
    if not asked:
        return redirect("desk:sign_many")
    dossiers = list(readable(request.actor).with_procedures().filter(pk__in=asked["ids"]).order_by("code"))
    troubles = told_since(dossiers, datetime.fromisoformat(asked["since"]))
    lines = [
        Line(one, name_of(one), one.has_ended, "" if one.has_ended else troubles.get(one.urn, ""))
        for one in dossiers
    ]
    over, signed = sum(line.is_over for line in lines), sum(line.is_signed for line in lines)
    page = {
        "lines": lines,
        "signed": signed,
        "hindered": over - signed,
        "percent": 100 * over / len(lines) if lines else 100,
        "is_over": over == len(lines),
    }
    return render(request, "desk/signing.html", page)


def waiting_for(request: ActorRequest) -> DossierQuerySet:
    """Dossiers that wait for the signature of this chair."""
    codes = led_by(request, "chair")
    return (
        readable(request.actor).filter(agency__in=codes).filter(worklist.with_role("chair")).with_procedures()
    )


def told_since(dossiers: Sequence[Dossier], since: datetime) -> dict[str, str]:
    """Why signing was hindered, by what it is about, the latest reason."""
    entries = Entry.objects.of("dossiers.ResultNotSigned").filter(
        about__in=[one.urn for one in dossiers], at__gte=since
    )
    return {entry.about: entry.facts["reason"] for entry in entries.order_by("id")}
