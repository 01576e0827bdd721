"""The counter: a dossier is taken in three pages, by keyboard alone, the receipt ready to print at the end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.desk import reading
from motcua.desk.access import led_by, officers, readable
from motcua.desk.arrivals import arrival, close
from motcua.desk.intake import Intake
from motcua.desk.proofs import proofs
from motcua.desk.reception import Reception, begun
from motcua.desk.start import Start
from motcua.desk.views.papers import kept
from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.actions.applying import InvalidAnswers
from motcua.dossiers.actions.counter import Brought, Verdict
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import Way
from motcua.lib.actions import Invalid
from motcua.organisations.models import Agency, calendar_for
from motcua.payments.models import Charge
from motcua.people.middleware import ActorRequest
from motcua.procedures.models import Version
from motcua.procedures.words import term_in_words

COUNTER = ("receiver", "registrar")
FORMS = {Verdict.ACCEPT: "receipt", Verdict.SUPPLEMENT: "supplement", Verdict.REFUSE: "refusal"}


@require_http_methods(["GET", "POST"])
@officers
def start(request: ActorRequest) -> HttpResponseBase:
    """Which procedure, and whose: then the page with everything opens, filled in as far as is known."""
    codes = led_by(request, *COUNTER)
    before, came = earlier(request), arrival(request)
    form = Start(
        request.POST if request.method == "POST" else None,
        agencies=reading.agencies(codes),
        initial={"who": before.applicant_number} if before else came.known,
    )
    if form.is_bound and form.is_valid() and form.version:
        reception = begun(
            form.version,
            case=form.case_id,
            way=form.brought,
            agency=form.counter,
            card=form.cleaned_data["who"],
            visit=str(before.visit or "") if before else "",
            by=request.actor,
        )
        reception.ticket_label = before.filing.get("ticket", "") if before else ""
        came.note(reception)
        came.welcome(by=request.actor)
        reception.keep(request)
        return redirect("desk:intake", reception.id)
    page = {"form": form, "before": before, "came": came, "may_confirm": request.actor.holds("receiver")}
    return render(request, "desk/counter/start.html", page, status=422 if form.is_bound else 200)


def earlier(request: ActorRequest) -> Dossier | None:
    """The dossier taken a moment ago, if another is taken for the same person."""
    try:
        pk = UUID(request.GET.get("after", ""))
    except ValueError:
        return None
    return readable(request.actor).filter(pk=pk).first()


@require_http_methods(["GET", "POST"])
@officers
def intake(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Everything on one page; the green button takes the dossier."""
    led_by(request, *COUNTER)
    if readable(request.actor).filter(pk=pk).exists():
        return redirect("desk:taken", pk)
    reception = Reception.of(request, pk)
    if reception is None:
        messages.error(request, _("This page was open too long. Begin again."))
        return redirect("desk:counter")
    version = Version.objects.select_related("procedure").get(pk=reception.version)
    is_sent = request.method == "POST"
    form = Intake(reception, version, *((request.POST, request.FILES) if is_sent else ()))
    if is_sent and taken(request, reception, version, form):
        reception.forget(request)
        return redirect("desk:taken", pk)
    page = about(request, reception, version) | parts(form)
    return render(request, "desk/counter/intake.html", page, status=422 if is_sent else 200)


def taken(request: ActorRequest, reception: Reception, version: Version, form: Intake) -> bool:
    """Whether the dossier was taken; if not, the form says what to mend, and what was scanned is kept."""
    whole = form.is_valid()
    scan(request, reception, form)
    read = proofs(form, reception, version, by=request.actor) if whole and not form.errors else []
    if read:
        reception.keep(request)
    if not whole or form.errors:
        return False
    dossier = reception.dossier(version)
    given = form.cleaned_data
    dossier.applicant_name = form.applicant_name or dossier.applicant_name
    dossier.contact = {
        "phone": given.get("applicant_phone") or given.get("person-phone") or "",
        "email": given.get("applicant_email") or "",
        "address": reception.address,
    }
    brought_by = {
        name.removeprefix("by-"): told for name, told in given.items() if name.startswith("by-") and told
    }
    dossier.filing |= brought_by | {"receipt": given["counter-receipt"]}
    dossier.forward_to = given["counter-forward_to"]
    brought = Brought(form.typed(), [*form.handed_in(), *read], form.verdict, given["counter-words"])
    try:
        with transaction.atomic():
            actions.receive(dossier, by=request.actor, brought=brought)
            close(reception, by=request.actor)
    except InvalidAnswers as fault:
        form.blame(fault.faults)
    except Invalid as fault:
        form.blame({fault.field: str(fault)})
    else:
        print_form(request, dossier, form.verdict)
    return not form.errors


def scan(request: ActorRequest, reception: Reception, form: Intake) -> None:
    """Keep the scans at once: a page that must be mended does not ask for them again."""
    for paper, file in form.pictures().items():
        try:
            reception.uploads[paper] = kept(
                request, file, about=f"reception:{reception.id}", agency=reception.agency
            )
        except Invalid as fault:
            form.add_error(f"file-{paper}", str(fault))
    if form.pictures():
        reception.keep(request)


def print_form(request: ActorRequest, dossier: Dossier, verdict: Verdict) -> None:
    """Make out the form the applicant takes home; if the press fails, the dossier stands and the form comes later."""
    kind = FORMS.get(verdict) or ("receipt" if dossier.is_at_once and dossier.wants_receipt else "")
    try:
        if kind:
            actions.issue(dossier, by=request.actor, form=kind)
    except Invalid as fault:
        messages.error(request, str(fault))


def about(request: ActorRequest, reception: Reception, version: Version) -> dict[str, Any]:
    """What the page says beside the form: who, which procedure, until when, what it costs, and what there is already."""
    definition = version.at(reception.agency, timezone.localdate())
    channel = Way(reception.way).channel.word
    dossier, now = reception.dossier(version), timezone.now()
    language = get_language() or "vi"
    cases = {case.id: case.name.said_in(language) for case in definition.cases}
    term = definition.term_for(reception.case, channel)
    return {
        "reception": reception,
        "version": version,
        "name": version.name_in(language),
        "case": cases.get(reception.case, "") if len(cases) > 1 else "",
        "way": Way(reception.way).label,
        "term": term_in_words(term),
        "begins": calendar_for(reception.agency).opens_after(now, definition.cut_off_time),
        "now": now,
        "fee": definition.fee_for(reception.case, channel),
        "fee_note": note_of(definition.fee_for(reception.case, channel), language),
        "alike": readable(request.actor).alike(dossier, now=now).select_related("version__procedure")[:5],
    }


def parts(form: Intake) -> dict[str, Any]:
    """The form taken apart for the page; a question may bear any name, so the page asks none of them by name."""
    own = ("verdict", "words", "forward_to", "receipt")
    return {
        "form": form,
        "pages": form.pages(),
        "lines": form.lines(),
        "bringer": form.bringer(),
        **{name: form[f"counter-{name}"] for name in own},
    }


def note_of(fee: Any, language: str) -> str:
    """What the procedure says of the fee."""
    return fee.note.said_in(language) if fee and fee.note else ""


@require_GET
@officers
def done(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The dossier is taken: its code in large letters, and the form to print."""
    led_by(request, *COUNTER)
    found = readable(request.actor).select_related("version__procedure")
    dossier = get_object_or_404(found, pk=pk)
    page = {
        "dossier": dossier,
        "name": dossier.version.name_in(get_language() or "vi"),
        "documents": Document.objects.about(dossier),
        "charge": Charge.objects.about(dossier).filter(state=Charge.State.DUE).first(),
        "to": Agency.objects.filter(code=dossier.forward_to).first() if dossier.forward_to else None,
    }
    return render(request, "desk/counter/done.html", page)
