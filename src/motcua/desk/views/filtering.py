"""Choosing what the work list shows, and keeping the choice under a name."""

from typing import Any

from django.db.models import Func, TextField
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.desk import filters, worklist
from motcua.desk.access import READERS, led_by, officers, readable
from motcua.desk.bulk import at_work
from motcua.desk.filters import FLAGS, PILLS, TABS, Asked
from motcua.desk.forms import Named
from motcua.dossiers import actions
from motcua.dossiers.models import SavedFilter
from motcua.dossiers.states import Channel
from motcua.lib.actions import Invalid
from motcua.people.middleware import ActorRequest
from motcua.people.models import Account
from motcua.procedures.models import Version


class StandsAt(Func):
    """The key of each step a dossier stands at: a row for each."""

    template = "jsonb_path_query(%(expressions)s, '$[*].key') #>> '{}'"
    output_field = TextField()


type Options = list[tuple[str, Any]]


@require_GET
@officers
def choose(request: ActorRequest) -> HttpResponseBase:
    """All that can be chosen, with what lies on the desks now; and the saved filters, to be deleted."""
    codes = led_by(request, *READERS)
    asked = filters.asked(request, acts=acts(request))
    page = {
        "asked": asked,
        "shows": [(key, TABS[key]) for key in TABS if key != "closed" and (acts(request) or key != "mine")],
        "dues": [(key, label) for key, label in PILLS.items() if key != "all"],
        **of_dossiers(request, codes),
        "channels": [(str(one.value), one.label) for one in Channel],
        "people": [("none", _("Given to nobody")), *((str(one.pk), one.name) for one in at_work(codes))],
        "flags": list(FLAGS.items()),
        "saved": SavedFilter.objects.filter(account=own(request)).order_by("pk"),
    }
    return render(request, "desk/filter.html", page)


def of_dossiers(request: ActorRequest, codes: list[str]) -> dict[str, Options]:
    """Procedures, fields and steps of the open dossiers: nothing else would find any."""
    language = get_language() or "vi"
    open_ones = readable(request.actor).open().filter(agency__in=codes).order_by()
    keys = list(open_ones.annotate(step=StandsAt("standing")).values_list("version", "step").distinct())
    versions = (
        Version.objects.select_related("procedure")
        .defer("content")
        .filter(pk__in=open_ones.values("version").distinct())
    )
    names: dict[int, Version] = {version.pk: version for version in versions}
    steps = {key: title(names[pk], key, language) for pk, key in keys if pk in names}
    return {
        "procedures": by_name({one.code: f"{one.code} {one.name_in(language)}" for one in names.values()}),
        "fields": by_name({one.field_vi: one.field_vi for one in names.values()}),
        "steps": by_name(steps),
    }


def title(version: Version, key: str, language: str) -> str:
    """The step as its procedure calls it."""
    found = [step.name for step in version.definition.steps if step.id == key]
    return found[0].said_in(language) if found else key


def by_name(labels: dict[str, str]) -> Options:
    return sorted(labels.items(), key=lambda one: one[1])


def acts(request: ActorRequest) -> bool:
    return request.actor.holds(*worklist.ACTING)


def own(request: ActorRequest) -> Any:
    """The account of who looks."""
    return request.actor.urn.removeprefix("person:")


@require_POST
@officers
def save(request: ActorRequest) -> HttpResponseBase:
    """Keep what the list shows under a name; it becomes a tab."""
    led_by(request, *READERS)
    asked, form = wanted(request), Named(request.POST)
    if form.is_valid():
        kept = SavedFilter(
            account=Account.objects.get(pk=own(request)), name=form.cleaned_data["name"], wanted=asked.wanted
        )
        try:
            actions.save_filter(kept, by=request.actor)
        except Invalid as fault:
            form.add_error("name", str(fault))
        else:
            return redirect(reverse("desk:worklist") + asked.address)
    page = {"form": form, "facets": asked.wanted.items()}
    return render(request, "desk/save_filter.html", page, status=422)


def wanted(request: ActorRequest) -> Asked:
    """What the address of the list asked for, sent along with the name."""
    sent = [(name, value) for name, value in request.POST.items() if name != "name"]
    return filters.read(sent, acts=acts(request))


@require_POST
@officers
def drop(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A saved filter is needed no longer."""
    kept = get_object_or_404(SavedFilter, pk=pk, account=own(request))
    actions.drop_filter(kept, by=request.actor)
    return redirect("desk:filter")
