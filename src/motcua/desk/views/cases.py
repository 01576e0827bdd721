"""The cases of a draft: which there are, and on a page for each its name, time, fee, and what is asked for and done in it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.desk.access import officers
from motcua.desk.handing import said
from motcua.desk.previewing import ways
from motcua.desk.views.drafts import name_of, opened
from motcua.desk.views.questions import Change, kept, one_of, posted, taken
from motcua.desk.ways import AskedCase, NewCase
from motcua.lib.actions import Can
from motcua.people.middleware import ActorRequest
from motcua.procedures import case_editing
from motcua.procedures.models import Draft
from motcua.procedures.schema import Definition


@require_GET
@officers
def index(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The cases in the order in which people choose, each with its time and fee, and with what it alone has."""
    draft = opened(request, pk)
    definition = draft.definition
    context = {
        "draft": draft,
        "name": name_of(draft),
        "cases": [
            (
                case,
                said(case.name),
                ways(definition, case.id),
                [said(one) for one in case_editing.only_in(definition, case.id)],
            )
            for case in definition.cases
        ],
        "can": Can(request.actor, draft, "procedures"),
    }
    return render(request, "desk/cases.html", context)


@require_POST
@officers
def arrange(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A case goes up, down or out; what goes out with it is said."""
    draft, what = opened(request, pk), request.POST.get("what", "")
    changes: dict[str, Change] = {
        "up": lambda definition: case_editing.move_case(definition, what, by=-1),
        "down": lambda definition: case_editing.move_case(definition, what, by=1),
        "out": lambda definition: case_editing.remove_case(definition, what),
    }
    way = request.POST.get("way", "")
    if way not in changes:
        raise Http404
    gone = [said(one) for one in case_editing.only_in(draft.definition, what)] if way == "out" else []
    faults = kept(request, draft, changes[way])
    for fault in faults:
        messages.error(request, fault)
    if gone and not faults:
        messages.info(request, _("Gone with it: %(parts)s.") % {"parts": "; ".join(gone)})
    return redirect("desk:cases", pk)


@require_http_methods(["GET", "POST"])
@officers
def case(request: ActorRequest, pk: UUID, id_: str) -> HttpResponseBase:
    """One case."""
    draft = opened(request, pk)
    known = one_of(draft.definition.cases, id_)
    form = AskedCase(posted(request), definition=draft.definition, known=known)

    def change(definition: Definition) -> Definition:
        named = case_editing.rename_case(definition, id_, form.name())
        there = case_editing.put_members(named, id_, form.ticked())
        return case_editing.put_way(there, id_, {cell[1]: way for cell, way in form.grid().items()})

    return edited(request, draft, form, change, title=said(known.name), case=id_)


@require_http_methods(["GET", "POST"])
@officers
def add(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A case more; what holds in it is said on its own page, to which this leads."""
    draft = opened(request, pk)
    form = NewCase(posted(request))
    return edited(
        request,
        draft,
        form,
        lambda definition: case_editing.add_case(definition, form.name()),
        title=_("A case more"),
    )


def edited(
    request: ActorRequest, draft: Draft, form: NewCase, change: Change, *, title: str, case: str = ""
) -> HttpResponse:
    """The form, or, once it holds, the draft changed by it; a new case goes on to its own page."""
    if form.is_bound and form.is_valid() and taken(request, draft, form, change):
        messages.success(request, _("The draft is saved."))
        draft.refresh_from_db(fields=["content"])
        if case:
            return redirect("desk:cases", draft.pk)
        return redirect("desk:asked_case", draft.pk, draft.definition.cases[-1].id)
    context = {"draft": draft, "name": name_of(draft), "form": form, "title": title, "case": case}
    return render(request, "desk/case.html", context, status=422 if form.is_bound else 200)
