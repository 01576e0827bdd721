"""A dossier filed at the counter, by post or by a hired service, as whoever holds its receipt follows it without an account."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.desk import bearing, receipts
from motcua.desk.forms.receipt import Shown
from motcua.documents import actions as documents
from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.answering import RefundAccount, Supplement, Upload, Withdrawal
from motcua.dossiers.bearing import WORD, bearer_of
from motcua.dossiers.models import Dossier
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.people import tries
from motcua.petitions import actions as petitions
from motcua.petitions.forms import Complaint
from motcua.petitions.models import Received
from motcua.tracking.codes import LONGEST
from motcua.ui.forms import did

type View = Callable[..., HttpResponseBase]


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponseBase:
    """Ask for what stands on the receipt; both codes may come from its QR code, and the secret one stays in no address."""
    if request.method != "POST":
        code = request.GET.get("code", "")[:LONGEST]
        if word := request.GET.get(WORD, ""):
            return receipts.put_by(redirect(f"{request.path}?{urlencode({'code': code})}"), word[:LONGEST])
        form = Shown(initial={"code": code, "digits": receipts.put_by_before(request)})
        return receipts.forgotten(render(request, "desk/receipt/ask.html", {"form": form}))
    form = Shown(request.POST)
    if form.is_valid() and (dossier := opened(request, form)):
        return redirect("desk:receipt", dossier.pk)
    return render(request, "desk/receipt/ask.html", {"form": form}, status=422)


def opened(request: HttpRequest, form: Shown) -> Dossier | None:
    """The dossier, open to this browser from now on; if not, the form says so in the same words whatever the reason."""
    told = form.cleaned_data
    counts = receipts.counted(request, told["code"])
    if not counts:
        form.add_error(
            None, _("Too many tries with wrong digits. Try again tomorrow, with the receipt at hand.")
        )
        return None
    if dossier := receipts.opened(request, told["code"], told["digits"]):
        tries.forget(*counts)
        return dossier
    form.add_error(
        "digits",
        _("The two codes do not belong together, or it was filed online: then sign in to follow it."),
    )
    return None


def shown_receipt(view: View) -> View:
    """`view(request, dossier, …)` for who has shown the receipt in this browser; anyone else is asked for it."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, pk: UUID, **named: Any) -> HttpResponseBase:
        if str(pk) not in receipts.living(request):
            return render(request, "desk/receipt/ask.html", {"form": Shown(), "is_closed": True}, status=403)
        dossier = Dossier.objects.with_procedures().select_related("extension").filter(pk=pk).first()
        if dossier is None or not dossier.was_filed_here:
            raise Http404
        return view(request, dossier, **named)

    return answer


@require_safe
@shown_receipt
def show(request: HttpRequest, dossier: Dossier) -> HttpResponseBase:
    """How it stands, and all that can be done now."""
    return shown(request, dossier)


@require_POST
@shown_receipt
def upload(request: HttpRequest, dossier: Dossier, paper: str) -> HttpResponseBase:
    """A file is checked by its content and lies ready; it goes to the agency with the others."""
    form = Upload(request.POST, request.FILES)
    if form.is_valid() and laid_ready(request, dossier, paper, form):
        messages.success(request, _("The file has been added."))
        return redirect("desk:receipt", dossier.pk)
    faults = {paper: " ".join(str(fault) for fault in form.errors.get("file", []))}
    return shown(request, dossier, faults=faults, status=422)


def laid_ready(request: HttpRequest, dossier: Dossier, paper: str, form: Upload) -> bool:
    """Whether the file lies ready; if not, the form says why."""
    name = dict(bearing.papers_of(dossier)).get(paper)
    if name is None or not bearing.can(dossier)["supply"]:
        raise Http404
    ready, file = receipts.papers(request, dossier.pk), form.cleaned_data["file"]
    if len(ready) >= receipts.MOST_FILES:
        form.add_error("file", _("These are many files already: send them first."))
        return False
    try:
        kept = documents.keep(
            Document(title=file.name, about=f"papers:{dossier.pk}", agency=dossier.agency),
            by=receipts.RECEIPT,
            file=file.file,
        )
    except Invalid as refusal:
        form.add_error("file", str(refusal))
        return False
    taken = {"paper": paper, "digest": kept.digest}
    if not any(one.items() >= taken.items() for one in ready):
        more = {"name": kept.title[:200], "media": kept.media, "size": kept.size}
        receipts.lay_ready(request, dossier.pk, [*ready, taken | more])
    return True


@require_POST
@shown_receipt
def remove(request: HttpRequest, dossier: Dossier, place: int) -> HttpResponseBase:
    """A file that lies ready is taken out again."""
    ready = receipts.papers(request, dossier.pk)
    if place < len(ready):
        receipts.lay_ready(request, dossier.pk, [*ready[:place], *ready[place + 1 :]])
        messages.success(request, _("The file has been removed."))
    return redirect("desk:receipt", dossier.pk)


@require_POST
@shown_receipt
def supply(request: HttpRequest, dossier: Dossier) -> HttpResponseBase:
    """What the agency asked for goes to it."""

    def supplied(dossier: Dossier, *, by: Actor, note: str) -> None:
        files = receipts.papers(request, dossier.pk)
        actions.supply_by_receipt(dossier, by=by, papers=files, note=note)
        receipts.lay_ready(request, dossier.pk, [])

    return acted(
        request, dossier, Supplement, supplied, _("The agency has it. The time limit starts from zero.")
    )


@require_POST
@shown_receipt
def withdraw(request: HttpRequest, dossier: Dossier) -> HttpResponseBase:
    """The dossier is taken back."""
    said = _("The dossier has been withdrawn. Papers you handed in wait for you at the counter.")
    return acted(request, dossier, Withdrawal, actions.withdraw_by_receipt, said)


@require_POST
@shown_receipt
def refund(request: HttpRequest, dossier: Dossier) -> HttpResponseBase:
    """Where money that is owed back shall go."""
    said = _("The agency has been told where the money shall go.")
    return acted(request, dossier, RefundAccount, actions.direct_by_receipt, said)


@require_POST
@shown_receipt
def complain(request: HttpRequest, dossier: Dossier) -> HttpResponseBase:
    """The head of the agency hears what went wrong."""
    said = _("Your complaint is on its way to the head of the agency.")
    return acted(request, dossier, Complaint, complained, said)


def complained(dossier: Dossier, *, by: Actor, text: str) -> None:
    petitions.complain_by_receipt(Received(pk=uuid4(), dossier=dossier.pk, text=text), by=by)


@require_POST
def leave(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Whoever sits at this browser next sees nothing of it."""
    receipts.close(request, pk)
    return redirect("desk:ask_receipt")


def acted(
    request: HttpRequest,
    dossier: Dossier,
    form_class: type[forms.Form],
    act: Callable[..., object],
    done: str,
) -> HttpResponseBase:
    """Fill in one of the page's forms and do what it says, as who holds the receipt."""
    form = form_class(request.POST)
    if form.is_valid() and did(form, lambda: act(dossier, by=bearer_of(dossier.pk), **form.cleaned_data)):
        messages.success(request, done)
        return redirect("desk:receipt", dossier.pk)
    return shown(request, dossier, typed=form, status=422)


def shown(
    request: HttpRequest,
    dossier: Dossier,
    *,
    typed: forms.Form | None = None,
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    """The page of one dossier; `typed` is the form that could not be carried out, `faults` what is wrong with a file."""
    ready = receipts.papers(request, dossier.pk)
    page = bearing.page_of(dossier, ready, faults or {}, now=timezone.now())
    forms_of = {"supply": Supplement, "withdraw": Withdrawal, "refund": RefundAccount, "complain": Complaint}
    offered = {
        f"to_{name}": typed if isinstance(typed, kind) else kind()
        for name, kind in forms_of.items()
        if page["can"][name]
    }
    return render(request, "desk/receipt/show.html", {**page, **offered, "form": typed}, status=status)
