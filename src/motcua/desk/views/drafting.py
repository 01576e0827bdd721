"""A draft written anew, its versions beside each other, and what colleagues remarked on them."""

from collections import defaultdict
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from motcua.desk.access import officers
from motcua.desk.dispatching import found, opened, printed_pdf, seen
from motcua.desk.forms.drafting import Redraft, Which
from motcua.dispatches import actions
from motcua.dispatches.beginning import signer_of
from motcua.dispatches.differing import compared
from motcua.dispatches.models import Outgoing
from motcua.dispatches.printing import paper_of
from motcua.lib.actions import Can, Refused
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.ui.forms import did

FIELDS = ("kind", "subject", "text", "urgency", "answer_by")


@require_http_methods(["GET", "POST"])
@officers
def redraft(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The draft in the form it was written in; saved, it is the next version."""
    document = found(request, Outgoing, pk)
    if not Can(request.actor, document, "dispatches")["redraft"]:
        raise Refused(gettext("Only whoever drafted it changes it, as long as it is a draft."))
    held = {name: getattr(document, name) for name in FIELDS} | {"receivers": "\n".join(document.receivers)}
    form = Redraft(request.POST or None, about=document, initial=held)
    if form.is_bound and form.is_valid():
        done = did(form, lambda: actions.redraft(document, by=request.actor, **form.cleaned_data))
        if done:
            said = gettext("Saved as version %(number)s.") % {"number": document.version}
            messages.success(request, said)
            return redirect("desk:outgoing_one", document.pk)
    if form.is_bound:
        form.renew(document.version)
    page = {"form": form, "document": document}
    return render(request, "desk/dispatches/redraft.html", page, status=422 if form.is_bound else 200)


@require_safe
@officers
def versions(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """All versions with their remarks, and what two of them differ in: the last two, unless others are chosen."""
    document = found(request, Outgoing, pk)
    seen(request, document)
    rows = list(document.versions.order_by("-number"))
    last = [one.number for one in rows[:2]] or [0]
    form = Which(request.GET if "old" in request.GET else {"old": last[-1], "new": last[0]}, versions=rows)
    by_number = {one.number: one for one in rows}
    chosen = form.cleaned_data if form.is_valid() else {}
    remarks = defaultdict(list)
    for one in document.remarks.order_by("pk"):
        remarks[one.version].append(one)
    page = {
        "document": document,
        "rows": [{"version": one, "remarks": remarks[one.number]} for one in rows],
        "form": form,
        "chosen": chosen,
        "parts": compared(by_number[chosen["old"]], by_number[chosen["new"]]) if chosen else [],
        "settles": Can(request.actor, document, "dispatches")["settle"],
    }
    return render(request, "desk/dispatches/versions.html", page)


@require_safe
@officers
def preview(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The draft in print, without a number, as it would be signed today."""
    document = found(request, Outgoing, pk)
    if document.signed_at or paper_of(document):
        raise Http404
    seen(request, document)
    agency = Agency.objects.get(pk=document.agency)
    document.signer = {"competence": "", "position": "", "name": signer_of(agency)}
    return printed_pdf(document, agency)


@require_safe
@officers
def file(request: ActorRequest, pk: UUID, version: int, number: int) -> HttpResponseBase:
    """A file as it was with a version."""
    document = found(request, Outgoing, pk)
    one = document.versions.filter(number=version).first()
    return opened(request, document, one.files if one else [], number)
