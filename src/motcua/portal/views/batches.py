"""Many dossiers from one form, and the page of a business: its dossiers, its lists, what it has to pay."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from motcua.dossiers import actions, facts
from motcua.dossiers.actions.batches import InvalidRows, ready
from motcua.dossiers.declaration import said
from motcua.dossiers.models import Application, Batch
from motcua.dossiers.states import State
from motcua.lib.actions import Invalid, may
from motcua.mandates.models import OF_BUSINESS, Mandate
from motcua.mandates.proving import Lapsed, ask_anew
from motcua.people.middleware import ActorRequest
from motcua.portal import sheets, signing, tables
from motcua.portal.access import drafting
from motcua.portal.forms import SignedFile
from motcua.portal.own import LOOKED_AT
from motcua.portal.paying import together
from motcua.portal.standing import headline, rows
from motcua.portal.views.my import ON_A_PAGE

MOST_BATCHES = 20


class List(forms.Form):
    """A table, pasted or as a file."""

    use_required_attribute = False

    table = forms.CharField(
        label=gettext_lazy("Paste the table here"),
        help_text=gettext_lazy("Copy it from the spreadsheet with its first row, which names the columns."),
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
        max_length=tables.LARGEST,
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("Or choose a workbook (.xlsx) or a CSV file"),
        help_text=gettext_lazy("At most 1 MB and 200 rows; of a workbook the first sheet is read."),
        required=False,
    )

    def cells(self) -> list[list[str]]:
        """What was given, line by line; the file counts before what was pasted. Raises Invalid, InvalidRows."""
        file = self.cleaned_data["file"]
        if not file:
            return tables.table(self.cleaned_data["table"])
        content = file.read(tables.LARGEST + 1)
        if sheets.is_workbook(content) and len(content) <= tables.LARGEST:
            return sheets.cells(content)
        return tables.table(tables.decoded(content))


@require_POST
@drafting
def begin(request: ActorRequest, application: Application) -> HttpResponseBase:
    """The draft becomes the form of many dossiers."""
    try:
        batch = actions.open_batch(application, by=request.actor)
    except Invalid as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:check", application.pk)
    return redirect("portal:batch", batch.pk)


@login_required
@require_safe
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The list with its drafts and where each dossier stands."""
    return shown(request, opened(request, pk))


@login_required
@require_POST
def enter(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """A list is entered: all rows or none."""
    batch, form = opened(request, pk), List(request.POST, request.FILES)
    try:
        found = tables.read(batch, form.cells()) if form.is_valid() else []
        lines, read = [line for line, _row in found], [row for _line, row in found]
        made = actions.enter_rows(batch, by=request.actor, rows=read, lines=lines)
    except InvalidRows as refusal:
        return shown(request, batch, form=form, faults=refusal.faults)
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return shown(request, batch, form=form)
    words = ngettext("%(count)s draft is new.", "%(count)s drafts are new.", made)
    messages.success(request, words % {"count": made})
    return redirect("portal:batch", pk)


@login_required
@require_POST
def send(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The chosen drafts go to the agency together, or none does."""
    batch = opened(request, pk)
    chosen = chosen_in(request)
    try:
        if batch.mandate and may(request.actor, "dossiers.send_batch", batch) and ready(batch, chosen):
            ask_anew(batch.mandate, by=request.actor)
        sent = actions.send_batch(batch, by=request.actor, chosen=chosen)
    except Lapsed as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:mandates")
    except InvalidRows as refusal:
        return shown(request, batch, faults=refusal.faults)
    except Invalid as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:batch", pk)
    words = ngettext(
        "%(count)s dossier is on its way to %(agency)s.",
        "%(count)s dossiers are on their way to %(agency)s.",
        sent,
    )
    messages.success(request, words % {"count": sent, "agency": batch.agency_name})
    return redirect("portal:batch", pk)


@login_required
@require_safe
def template(request: ActorRequest, pk: UUID) -> HttpResponse:
    """An empty list to fill in with a spreadsheet."""
    answer = HttpResponse(tables.template(opened(request, pk)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="danh-sach.csv"'
    return answer


@login_required
@require_safe
def workbook(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The same as a workbook, with what goes into each column."""
    batch = opened(request, pk)
    content = sheets.template(batch.version.name_vi, tables.wanted(batch))
    answer = HttpResponse(content, content_type=sheets.MEDIA)
    answer["Content-Disposition"] = 'attachment; filename="danh-sach.xlsx"'
    return answer


def shown(
    request: ActorRequest,
    batch: Batch,
    *,
    form: List | None = None,
    faults: list[Any] | None = None,
    signed_file: SignedFile | None = None,
) -> HttpResponseBase:
    """The page of a batch; with what could not be done, if so."""
    held = Application.objects.filter(batch=batch).newest_first().order_by("row", "pk")
    listed = list(zip(held, rows(held, now=timezone.now()), strict=True))
    for one in held:
        one.version = batch.version
    drafts = [one for one in held if one.is_draft]
    page = {
        "batch": batch,
        "signing": signing.of_list(batch, drafts, now=timezone.now()),
        "signed_file": signed_file or SignedFile(),
        "name": batch.version.name_in(facts.language()),
        "mandate": batch.mandate,
        "headline": headline(held) if listed else _("No list yet"),
        "drafts": [(one, row, differs(batch, one)) for one, row in listed if one.is_draft],
        "sent": [row for one, row in listed if not one.is_draft],
        "form": form or List(),
        "faults": faults,
    }
    status = 422 if faults or signed_file or (form and form.errors) else 200
    return render(request, "portal/business/batch.html", page, status=status)


def differs(batch: Batch, one: Application) -> str:
    """What a row says otherwise than the form all share."""
    told = [
        said(field, one.answers.get(field.id))
        for field in tables.questions(batch)
        if one.answers.get(field.id) != batch.answers.get(field.id)
    ]
    return "; ".join(f"{fact.label}: {fact.value}" for fact in told if fact)


@login_required
@require_safe
def business(request: ActorRequest, code: str) -> HttpResponseBase:
    """All dossiers of a business that one may see, its lists, and the fees that wait."""
    powers = Mandate.objects.opening(request.actor).filter(
        principal_number=code, kind__in=sorted(OF_BUSINESS)
    )
    held = powers.order_by("made_at").first()
    if held is None:
        raise Http404
    own = Application.objects.visible_to(request.actor).filter(mandate__principal_number=code)
    known = list(own.only("state", "supplied_at", "fee")[:LOOKED_AT])
    pages = Paginator(own.newest_first(), ON_A_PAGE)
    pages.count = len(known)
    page = pages.get_page(request.GET.get("page"))
    unpaid = own.filter(state=State.FEE).newest_first()[:LOOKED_AT]
    shown_ = {
        "business": held,
        "headline": headline(known),
        "rows": rows(page, now=timezone.now()),
        "page": page,
        "unpaid": [
            (row, one.fee)
            for one, row in zip(unpaid, rows(unpaid, now=timezone.now()), strict=True)
            if one.fee
        ],
        "total": sum(one.fee["open"] for one in unpaid if one.fee),
        "together": together(unpaid),
        "batches": Batch.objects.visible_to(request.actor)
        .filter(mandate__principal_number=code)
        .select_related("version")
        .defer("version__content")
        .order_by("-made_at")[:MOST_BATCHES],
    }
    return render(request, "portal/business/home.html", shown_)


def opened(request: ActorRequest, pk: UUID) -> Batch:
    """One's own, or one a mandate opens; others do not exist."""
    known = Batch.objects.select_related("version__procedure", "account", "mandate")
    return get_object_or_404(known.visible_to(request.actor), pk=pk)


def chosen_in(request: ActorRequest) -> list[UUID]:
    """The drafts that were ticked."""
    return [UUID(one) for one in request.POST.getlist("chosen") if is_uuid(one)]


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
