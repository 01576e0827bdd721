"""The wording of a result: fields to fill in, versions that stay, a look at the paper, initials."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.desk import process
from motcua.desk.access import officers
from motcua.desk.forms import Wording
from motcua.desk.views.dossier import opened
from motcua.documents.press import Unprintable, print_paper
from motcua.dossiers import actions
from motcua.dossiers.initials import able
from motcua.dossiers.issued import is_worded_freely, preview
from motcua.dossiers.models import Dossier, ResultDraft
from motcua.dossiers.papers import certificate, tracking
from motcua.lib.actions import Invalid, Refused, may
from motcua.lib.actors import anonymous
from motcua.people.middleware import ActorRequest
from motcua.ui.forms import did


@require_http_methods(["GET", "POST"])
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The latest wording in fields, the versions below; saving makes one more."""
    dossier = worded(request, pk)
    drafts = list(dossier.drafts.select_related("author", "initialled_by"))
    writes = may(request.actor, "dossiers.draft_result", dossier)
    if request.method == "POST" and not writes:
        raise Refused(_("Only the examining officers of the agency word a result, and never their own."))
    form = Wording(request.POST if request.method == "POST" else None, **known(dossier, drafts))
    if form.is_bound and saved(request, dossier, form):
        messages.success(
            request, _("The wording is kept. Look at the paper, then let a colleague initial it.")
        )
        return redirect("desk:result", pk)
    last = drafts[0] if drafts else None
    waits = last is not None and last.initialled_by is None and dossier.is_open
    page = {
        "dossier": dossier,
        "name": process.name_of(dossier),
        "drafts": drafts,
        "waits": waits,
        "able": able(last) if last is not None and waits else [],
        "form": form if writes else None,
        "may_initial": waits and may(request.actor, "dossiers.initial_result", last),
    }
    return render(request, "desk/result.html", page, status=422 if form.is_bound else 200)


def worded(request: ActorRequest, pk: UUID) -> Dossier:
    """The dossier, if its result is worded by hand."""
    dossier = opened(request, pk)
    if not is_worded_freely(dossier):
        raise Http404
    return dossier


def known(dossier: Dossier, drafts: list[ResultDraft]) -> dict[str, Any]:
    """What the fields begin with: the latest version, or what was declared."""
    if drafts:
        return {"granted": drafts[0].granted, "facts": drafts[0].facts, "terms": drafts[0].terms}
    paper = certificate(dossier, anonymous, tracking(dossier))
    return {
        "granted": paper.dossier.subject[:500],
        "facts": [list(fact) for fact in paper.facts],
        "terms": "",
    }


def saved(request: ActorRequest, dossier: Dossier, form: Wording) -> bool:
    """Whether the wording could be kept; if not, the form says what to mend."""
    return form.is_valid() and did(
        form,
        lambda: actions.draft_result(
            dossier,
            by=request.actor,
            granted=form.cleaned_data["granted"],
            facts=form.facts(),
            terms=form.cleaned_data["terms"],
        ),
    )


@require_GET
@officers
def paper(request: ActorRequest, pk: UUID, number: int) -> HttpResponseBase:
    """A version as it would be printed; it bears no signature and is not kept."""
    dossier = worded(request, pk)
    draft = get_object_or_404(dossier.drafts.select_related("initialled_by"), number=number)
    try:
        printed = print_paper(preview(dossier, draft), at=timezone.now())
    except Unprintable as fault:
        raise Invalid(
            _("The paper holds a letter that cannot be printed. Check the names and addresses.")
        ) from fault
    answer = HttpResponse(printed, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="draft-{number}.pdf"'
    return answer


@require_POST
@officers
def initial(request: ActorRequest, pk: UUID, number: int) -> HttpResponseBase:
    """A colleague answers for the wording with their initials."""
    draft = get_object_or_404(
        worded(request, pk).drafts.select_related("author", "dossier__version"), number=number
    )
    actions.initial_result(draft, by=request.actor)
    messages.success(request, _("Initialled. The head of the agency can sign it."))
    return redirect("desk:result", pk)
