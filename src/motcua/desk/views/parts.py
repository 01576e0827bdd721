"""The parts of a draft that are no questions, each on a page of its own; the file stays the one truth."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.desk.access import officers
from motcua.desk.parts import AskedPaper, Facts, NewPaper
from motcua.desk.unread import unread
from motcua.desk.views.drafts import name_of, opened
from motcua.desk.views.questions import Change, kept, one_of, posted, taken
from motcua.desk.ways import Ways
from motcua.lib.actions import Can
from motcua.people.middleware import ActorRequest
from motcua.procedures import exemption_editing, part_editing
from motcua.procedures.models import Draft

TITLES: dict[str, Promise] = {
    "facts": gettext_lazy("Name, decision, results"),
    "draft_papers": gettext_lazy("Papers"),
    "ways": gettext_lazy("Time and fees"),
}


@require_http_methods(["GET", "POST"])
@officers
def facts(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """What the procedure is called, who decided it, what comes out of it."""
    draft = opened(request, pk)
    form = Facts(posted(request), initial=Facts.of(draft.definition))
    return edited(
        request,
        draft,
        "facts",
        form,
        lambda definition: part_editing.put_facts(definition, form.changes()),
        onward="draft",
    )


@require_POST
@officers
def settle(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A text of the portal has been written where it belongs."""
    draft, what = opened(request, pk), request.POST.get("what", "")
    faults = kept(request, draft, lambda definition: part_editing.settle(definition, what))
    for fault in faults:
        messages.error(request, fault)
    if not faults:
        messages.success(request, _("The draft is saved."))
    return redirect("desk:draft", pk)


@require_GET
@officers
def papers(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The papers of the dossier, in their order."""
    draft = opened(request, pk)
    definition, language = draft.definition, get_language() or "vi"
    cases = {case.id: case.name.said_in(language) for case in definition.cases}
    context = {
        "draft": draft,
        "name": name_of(draft),
        "papers": [
            (paper, paper.name.said_in(language), ", ".join(cases.get(case, case) for case in paper.cases))
            for paper in definition.papers
        ],
        "unread": unread(draft, "draft_papers"),
        "can": Can(request.actor, draft, "procedures"),
    }
    return render(request, "desk/draft_papers.html", context)


@require_POST
@officers
def arrange_papers(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A paper goes up, down or out."""
    draft, what = opened(request, pk), request.POST.get("what", "")
    changes: dict[str, Change] = {
        "up": lambda definition: part_editing.move_paper(definition, what, by=-1),
        "down": lambda definition: part_editing.move_paper(definition, what, by=1),
        "out": lambda definition: part_editing.remove_paper(definition, what),
    }
    change = changes.get(request.POST.get("way", ""))
    if change is None:
        raise Http404
    for fault in kept(request, draft, change):
        messages.error(request, fault)
    return redirect("desk:draft_papers", pk)


@require_http_methods(["GET", "POST"])
@officers
def paper(request: ActorRequest, pk: UUID, id_: str) -> HttpResponseBase:
    """One paper."""
    draft = opened(request, pk)
    definition = draft.definition
    known = one_of(definition.papers, id_)
    form = AskedPaper(posted(request), definition=definition, known=known)
    return edited(
        request,
        draft,
        "draft_papers",
        form,
        lambda definition: part_editing.put_paper(definition, id_, form.changes()),
        again=id_,
    )


@require_http_methods(["GET", "POST"])
@officers
def add_paper(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A paper more."""
    draft = opened(request, pk)
    known = {one.id for one in draft.definition.papers}
    form = NewPaper(posted(request), definition=draft.definition, taken=known)

    def change(definition: Any) -> Any:
        said = {key: value for key, value in form.changes().items() if value is not None}
        return part_editing.add_paper(definition, {"id": form.cleaned_data["id"], **said})

    new = form.cleaned_data.get("id", "") if form.is_bound and form.is_valid() else ""
    return edited(request, draft, "draft_papers", form, change, again=new)


@require_http_methods(["GET", "POST"])
@officers
def ways(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Which ways of filing are open; time and fee of each case in each of them."""
    draft = opened(request, pk)
    form = Ways(posted(request), definition=draft.definition)
    return edited(
        request,
        draft,
        "ways",
        form,
        lambda definition: exemption_editing.put_cut_off(
            part_editing.put_ways(definition, *form.wanted()), form.hour() or definition.cut_off
        ),
        template="desk/ways.html",
        onward="draft",
    )


def edited(  # noqa: PLR0913 — one place where all these pages end
    request: ActorRequest,
    draft: Draft,
    part: str,
    form: forms.Form,
    change: Change,
    *,
    template: str = "desk/part.html",
    onward: str = "",
    again: str = "",
) -> HttpResponse:
    """The form, or, once it holds, the draft changed by it; what the draft does not take is said in the form."""
    if form.is_bound and form.is_valid() and taken(request, draft, form, change):
        messages.success(request, _("The draft is saved."))
        if again and isinstance(form, AskedPaper) and form.wants_inputs:
            messages.info(request, _("Say now what the register is handed."))
            return redirect("desk:asked_paper_of", draft.pk, again)
        return redirect(f"desk:{onward or part}", draft.pk)
    context = {
        "draft": draft,
        "name": name_of(draft),
        "form": form,
        "title": TITLES[part],
        "is_deep": part == "draft_papers",
        "unread": unread(draft, part),
    }
    return render(request, template, context, status=422 if form.is_bound else 200)
