"""Who need not pay the fee of a draft, one at a time; the file stays the one truth."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.desk.access import officers
from motcua.desk.asking import said_of
from motcua.desk.exempting import AskedExemption
from motcua.desk.handing import said
from motcua.desk.views.drafts import name_of, opened
from motcua.desk.views.questions import Change, kept, one_of, posted, taken
from motcua.lib.actions import Can
from motcua.people.middleware import ActorRequest
from motcua.procedures import exemption_editing
from motcua.procedures.models import Draft

ANSWERED = gettext_lazy("“%(question)s” is answered “%(answers)s”")


@require_GET
@officers
def index(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Who need not pay, in the order in which it is looked at."""
    draft = opened(request, pk)
    definition = draft.definition
    papers = {paper.id: said(paper.name) for paper in definition.papers}
    context = {
        "draft": draft,
        "name": name_of(draft),
        "exemptions": [
            (
                one,
                said(one.name),
                ANSWERED % said_of(one.when, definition),
                papers.get(one.proof or "", one.proof),
            )
            for one in definition.exemptions
        ],
        "can": Can(request.actor, draft, "procedures"),
    }
    return render(request, "desk/exemptions.html", context)


@require_POST
@officers
def arrange(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """An exemption goes up, down or out."""
    draft, what = opened(request, pk), request.POST.get("what", "")
    changes: dict[str, Change] = {
        "up": lambda definition: exemption_editing.move_exemption(definition, what, by=-1),
        "down": lambda definition: exemption_editing.move_exemption(definition, what, by=1),
        "out": lambda definition: exemption_editing.remove_exemption(definition, what),
    }
    change = changes.get(request.POST.get("way", ""))
    if change is None:
        raise Http404
    for fault in kept(request, draft, change):
        messages.error(request, fault)
    return redirect("desk:exemptions", pk)


@require_http_methods(["GET", "POST"])
@officers
def exemption(request: ActorRequest, pk: UUID, id_: str) -> HttpResponseBase:
    """Who need not pay, and by which proof."""
    draft = opened(request, pk)
    known = one_of(draft.definition.exemptions, id_)
    form = AskedExemption(posted(request), definition=draft.definition, known=known)
    return edited(
        request,
        draft,
        form,
        lambda definition: exemption_editing.put_exemption(definition, id_, form.changes()),
    )


@require_http_methods(["GET", "POST"])
@officers
def add(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Somebody more who need not pay."""
    draft = opened(request, pk)
    form = AskedExemption(posted(request), definition=draft.definition)
    return edited(
        request, draft, form, lambda definition: exemption_editing.add_exemption(definition, form.changes())
    )


def edited(request: ActorRequest, draft: Draft, form: AskedExemption, change: Change) -> HttpResponse:
    """The form, or, once it holds, the draft changed by it."""
    if form.is_bound and form.is_valid() and taken(request, draft, form, change):
        messages.success(request, _("The draft is saved."))
        return redirect("desk:exemptions", draft.pk)
    context = {
        "draft": draft,
        "name": name_of(draft),
        "form": form,
        "title": said(form.known.name) if form.known else _("Somebody more who need not pay"),
    }
    return render(request, "desk/exemption.html", context, status=422 if form.is_bound else 200)
