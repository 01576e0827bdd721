"""Running dossiers of earlier versions, and how they go over to the latest: the map, the trial, the agreement."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from motcua.desk.access import led_by, officers
from motcua.dossiers import actions
from motcua.dossiers.models import Transition
from motcua.dossiers.transiting import concerned, fates, outdated, proposed
from motcua.lib.actions import Can, Invalid
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.procedures.models import Version
from motcua.ui.forms import did

SHOWN = 200
NOWHERE = gettext_lazy("leads nowhere")


class Map(forms.Form):
    """Which step becomes which, by which term, by which provision."""

    basis = forms.CharField(
        label=gettext_lazy("Provision"),
        help_text=gettext_lazy(
            "The transitional provision by which running dossiers follow the new version."
        ),
        max_length=200,
        error_messages={
            "required": gettext_lazy("Name the provision that brings running dossiers over."),
        },
    )
    term = forms.ChoiceField(
        label=gettext_lazy("Due date"), choices=Transition.Term.choices, widget=forms.RadioSelect
    )

    def __init__(self, typed: Any = None, *, transition: Transition) -> None:
        super().__init__(typed, initial={"basis": transition.basis, "term": transition.term})
        language = get_language() or "vi"
        targets = [(one.id, one.name.said_in(language)) for one in transition.new.definition.steps]
        self.keys = [one.id for one in transition.old.definition.steps]
        for one in transition.old.definition.steps:
            self.fields[f"step_{one.id}"] = forms.ChoiceField(
                label=one.name.said_in(language),
                choices=[("", NOWHERE), *targets],
                required=False,
                initial=transition.steps.get(one.id, ""),
            )

    def given(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        typed = self.cleaned_data
        steps = {key: typed[f"step_{key}"] for key in self.keys}
        return {"steps": steps, "term": typed["term"], "basis": typed["basis"]}


@require_http_methods(["GET", "POST"])
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """Where dossiers run under an earlier version; pressing a button drafts how they go over."""
    codes = led_by(request, "administrator")
    if request.method == "POST":
        return begin(request)
    lines, known = outdated(codes), Transition.objects.visible_to(request.actor)
    names = dict(
        Agency.objects.filter(code__in={one.agency for one in lines}).values_list("code", "short_name")
    )
    language = get_language() or "vi"
    context = {
        "lines": [(one, names.get(one.agency, one.agency), one.version.name_in(language)) for one in lines],
        "transitions": [
            (one, one.new.name_in(language))
            for one in known.select_related("agency", "new__procedure")
            .defer("new__content")
            .order_by("-begun_at")[:SHOWN]
        ],
    }
    return render(request, "desk/transitions.html", context)


def begin(request: ActorRequest) -> HttpResponseBase:
    agency = get_object_or_404(Agency, code=request.POST.get("agency", ""))
    pk = request.POST.get("old", "")
    old = get_object_or_404(Version.objects.select_related("procedure"), pk=pk if pk.isdecimal() else 0)
    new = get_object_or_404(Version.objects.latest().select_related("procedure"), procedure=old.procedure_id)
    map_ = proposed(old.definition, new.definition)
    transition = Transition(agency=agency, old=old, new=new, steps=map_)
    try:
        drafted = actions.draft_transition(transition, by=request.actor)
    except Invalid as fault:
        messages.error(request, str(fault))
        return redirect("desk:transitions")
    return redirect("desk:transition", drafted.pk)


@require_http_methods(["GET", "POST"])
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The map, and what becomes of each dossier by it; nothing changes before a second person agrees."""
    transition = opened(request, pk)
    form = Map(request.POST if request.method == "POST" else None, transition=transition)
    if form.is_valid() and did(form, lambda: actions.map_steps(transition, by=request.actor, **form.given())):
        messages.success(request, _("Saved. Below is what becomes of each dossier; nothing has changed."))
        return redirect("desk:transition", pk)
    return render(
        request,
        "desk/transition.html",
        page(request, transition, form),
        status=422 if form.is_bound else 200,
    )


@require_POST
@officers
def decide(request: ActorRequest, pk: UUID, verb: str) -> HttpResponseBase:
    """Agree, or give it up."""
    transition = opened(request, pk)
    try:
        {"agree": actions.agree, "drop": actions.drop_transition}[verb](transition, by=request.actor)
    except Invalid as fault:
        messages.error(request, str(fault))
        return redirect("desk:transition", pk)
    done = {"agree": _("Agreed. The dossiers go over now."), "drop": _("The transition is given up.")}
    messages.success(request, done[verb])
    return redirect("desk:transition", pk)


def opened(request: ActorRequest, pk: UUID) -> Transition:
    led_by(request, "administrator")
    mine = Transition.objects.visible_to(request.actor)
    both = mine.select_related("agency", "old__procedure", "new__procedure")
    return get_object_or_404(both, pk=pk)


def page(request: ActorRequest, transition: Transition, form: Map) -> dict[str, Any]:
    """All the page shows."""
    is_draft = transition.state == Transition.State.DRAFT
    found = list(fates(transition, concerned(transition)[:SHOWN])) if is_draft else []
    return {
        "transition": transition,
        "name": transition.new.name_in(get_language() or "vi"),
        "form": form,
        "is_draft": is_draft,
        "fates": found,
        "hindered": [one for one in found if one.hindrance],
        "can": Can(request.actor, transition, "dossiers"),
    }
