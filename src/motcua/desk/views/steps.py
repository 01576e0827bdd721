"""The steps of a draft, also of those that are decided above: hours, posts, one step, a new one; with the picture of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from motcua.desk.access import officers
from motcua.desk.handing import said
from motcua.desk.previewing import process
from motcua.desk.stepping import AskedStep, NewStep, PatternOf, Steps
from motcua.desk.views.drafts import name_of, opened
from motcua.desk.views.questions import kept, posted, taken
from motcua.lib.actions import Can
from motcua.people.middleware import ActorRequest
from motcua.procedures import step_editing
from motcua.procedures.models import Draft
from motcua.procedures.proofs import Finding
from motcua.procedures.runs import part_of
from motcua.procedures.schema import Definition
from motcua.procedures.step_editing import Keys
from motcua.procedures.vocabulary import StepKind
from motcua.ui.context import Link


@require_http_methods(["GET", "POST"])
@officers
def index(request: ActorRequest, pk: UUID, key: str = "") -> HttpResponseBase:
    """Hours and posts of the steps, or another pattern for all of them; with `key` of those within a step decided above."""
    draft = opened(request, pk)
    within = within_of(draft.definition, key)
    part, is_pattern = part_of(draft.definition, within), "pattern" in request.POST
    pattern = step_editing.pattern_of(part.steps) if within else part.pattern
    of_steps = Steps(None if is_pattern else posted(request), definition=part)
    of_pattern = PatternOf(posted(request) if is_pattern else None, pattern=pattern)
    form: forms.Form = of_pattern if is_pattern else of_steps

    def change(definition: Definition) -> Definition:
        if is_pattern:
            chosen = of_pattern.cleaned_data["pattern"]
            return step_editing.put_pattern(definition, chosen, within=within)
        return step_editing.put_steps(definition, of_steps.changes(), within=within)

    if form.is_bound and form.is_valid() and taken(request, draft, form, change):
        messages.success(request, _("The draft is saved."))
        return redirect(address(draft, within))
    faults = step_editing.faults_by_step(draft.definition)
    context = skeleton(request, draft, within) | {
        "form": form,
        "pattern": of_pattern,
        "rows": rows(within, of_steps, faults),
        "faults": [says for _place, says in faults.get(within, [])],
    }
    return render(request, "desk/steps.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@officers
def step(request: ActorRequest, pk: UUID, key: str) -> HttpResponseBase:
    """One step."""
    draft = opened(request, pk)
    keys = keys_of(draft.definition, key)
    form = AskedStep(posted(request), definition=draft.definition, keys=keys)
    if (
        form.is_bound
        and form.is_valid()
        and taken(
            request, draft, form, lambda definition: step_editing.put_step(definition, keys, form.changes())
        )
    ):
        messages.success(request, _("The draft is saved."))
        if form.wants_inputs:
            messages.info(request, _("Say now what the register is handed."))
            return redirect("desk:asked_step", pk, key)
        return redirect(address(draft, keys[:-1]))
    faults = step_editing.faults_by_step(draft.definition).get(keys, [])
    context = skeleton(request, draft, keys[:-1]) | {
        "form": form,
        "step": form.step,
        "key": key,
        "title": said(form.step.name),
        "faults": [says for _place, says in faults],
        "is_above": form.step.kind is StepKind.ABOVE,
    }
    return render(request, "desk/step.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@officers
def add(request: ActorRequest, pk: UUID, key: str = "") -> HttpResponseBase:
    """A step more, to be changed at once."""
    draft = opened(request, pk)
    within = within_of(draft.definition, key)
    form = NewStep(posted(request), steps=part_of(draft.definition, within).steps)

    def change(definition: Definition) -> Definition:
        typed = form.cleaned_data
        return step_editing.add_step(
            definition,
            typed["id"],
            use=typed["use"],
            at=typed["at"],
            beside=bool(typed["beside"]),
            within=within,
        )

    if form.is_bound and form.is_valid() and taken(request, draft, form, change):
        messages.success(request, _("The draft is saved."))
        return redirect("desk:asked_step", pk, ".".join((*within, form.cleaned_data["id"])))
    context = skeleton(request, draft, within) | {"form": form, "title": _("Add a step")}
    return render(request, "desk/step.html", context, status=422 if form.is_bound else 200)


@require_POST
@officers
def remove(request: ActorRequest, pk: UUID, key: str) -> HttpResponseBase:
    """A step is left out."""
    draft = opened(request, pk)
    keys = keys_of(draft.definition, key)
    faults = kept(request, draft, lambda definition: step_editing.remove_step(definition, keys))
    for fault in faults:
        messages.error(request, fault)
    if not faults:
        messages.success(request, _("The step is left out."))
    return redirect(address(draft, keys[:-1]))


def keys_of(definition: Definition, key: str) -> Keys:
    """The keys of the step an address names; 404 if they lead nowhere."""
    keys = tuple(key.split("."))
    try:
        part_of(definition, keys)
    except KeyError as fault:
        raise Http404 from fault
    return keys


def within_of(definition: Definition, key: str) -> Keys:
    """The keys of the step whose own steps an address names, none for the first ones; 404 if it is not decided above."""
    keys = keys_of(definition, key) if key else ()
    if keys and step_editing.step_of(definition, keys).kind is not StepKind.ABOVE:
        raise Http404
    return keys


def address(draft: Draft, within: Keys) -> str:
    """The page of these steps."""
    if within:
        return reverse("desk:steps_within", args=[draft.pk, ".".join(within)])
    return reverse("desk:steps", args=[draft.pk])


def skeleton(request: ActorRequest, draft: Draft, within: Keys) -> dict[str, Any]:
    """What the pages of steps share: the way back, and the picture as it is now."""
    definition = draft.definition
    part = part_of(definition, within)
    return {
        "draft": draft,
        "name": name_of(draft),
        "within": ".".join(within),
        "levels": [
            Link(said(step_editing.step_of(definition, within[:depth]).name), address(draft, within[:depth]))
            for depth in range(1, len(within) + 1)
        ],
        "drawings": drawings(part),
        "back_to": address(draft, within),
        "can": Can(request.actor, draft, "procedures"),
    }


def drawings(part: Definition) -> list[tuple[str, Any]]:
    """The picture of the steps; one for each case in which they differ."""
    cases = part.cases if any(step.cases for step in part.steps) else ()
    return [(said(case.name), process(part, case.id)) for case in cases] or [("", process(part, None))]


def rows(within: Keys, form: Steps, faults: Mapping[Keys, list[Finding]]) -> list[tuple[Any, ...]]:
    """Each step with its boxes, its address, and what is wrong with it."""
    found = [((*within, step.id), name, hours, post) for step, name, hours, post in form.rows()]
    return [(".".join(keys), *row, [says for _place, says in faults.get(keys, [])]) for keys, *row in found]
