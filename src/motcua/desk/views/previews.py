"""A draft as people will meet it: the citizen's page, and the form tried out; nothing typed here is kept."""

from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.desk.access import officers
from motcua.desk.previewing import preview
from motcua.desk.trying import Trial
from motcua.desk.views.drafts import opened
from motcua.dossiers import facts
from motcua.lib.actions import may
from motcua.people.middleware import ActorRequest
from motcua.procedures.models import Draft
from motcua.ui.context import Link


@require_GET
@officers
def look(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The citizen's page of the draft, each part with the way back to where it is written."""
    draft = opened(request, pk)
    wanted = request.GET.get("case", "")
    shown = preview(draft, wanted)
    page = {
        "draft": draft,
        "looks": looks(draft, wanted, is_form=False),
        "edit": edits(request, draft),
        "to": {"begin": reverse("desk:tried", args=[draft.pk])},
    }
    return render(request, "desk/preview.html", shown | page)


@require_http_methods(["GET", "POST"])
@officers
def tried(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The form of the draft, page by page as a citizen meets it: what is typed decides what is asked next, and goes nowhere."""
    draft = opened(request, pk)
    definition, wanted = draft.definition, request.GET.get("case", "")
    case = facts.chosen_case(definition, wanted)
    trial = Trial(definition, case.id if case else None)
    if request.method == "POST":
        trial.take(request.POST)
    else:
        trial.turn_to(request.GET.get("page", ""))
    page = {
        "draft": draft,
        "name": facts.said(definition.name),
        "looks": looks(draft, wanted, is_form=True),
        "edit": edits(request, draft),
        "cases": facts.case_links(definition, case),
        "trial": trial,
        "form": trial.form,
    }
    return render(request, "desk/tried.html", page, status=422 if trial.has_faults else 200)


def looks(draft: Draft, case: str, *, is_form: bool) -> list[Link]:
    """The two things to look at."""
    query = f"?case={case}" if case in {one.id for one in draft.definition.cases} else ""
    return [
        Link(_("The citizen's page"), reverse("desk:preview", args=[draft.pk]) + query, not is_form),
        Link(_("The form, to try out"), reverse("desk:tried", args=[draft.pk]) + query, is_form),
    ]


def edits(request: ActorRequest, draft: Draft) -> dict[str, str]:
    """Where each part is written, for whom may write it."""
    if not may(request.actor, "procedures.edit", draft):
        return {}
    pages = {
        "facts": "facts",
        "cases": "cases",
        "papers": "draft_papers",
        "ways": "ways",
        "steps": "steps",
        "exemptions": "exemptions",
        "questions": "questions",
    }
    return {part: reverse(f"desk:{name}", args=[draft.pk]) for part, name in pages.items()}
