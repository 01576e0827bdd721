"""Apply: choose where, answer one group of questions a page, check, send."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.dossiers import actions, facts
from motcua.dossiers.actions.applying import InvalidAnswers, check_complete
from motcua.dossiers.declaration import declared, titled
from motcua.dossiers.models import Application, Attachment
from motcua.dossiers.questions import missing, to_mend
from motcua.lib.actions import Invalid, may
from motcua.mandates.proving import Lapsed, ask_anew
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.portal import earlier, prefilling, road, signing, standing
from motcua.portal.access import answering, drafting
from motcua.portal.agencies import receiving
from motcua.portal.forms import Answers, Beginning, SignedFile
from motcua.portal.sources import sources
from motcua.portal.views.catalogue import current
from motcua.portal.whose import ONESELF, whose
from motcua.procedures.models import Version
from motcua.procedures.offered import may_begin
from motcua.procedures.schema import Group


@require_http_methods(["GET", "POST"])
@login_required
def begin(request: ActorRequest, code: str) -> HttpResponseBase:
    """Say for whom it is, which case, and which agency is to handle it; then the draft begins, filled in as far as is known."""
    version = current(code)
    if not may_begin(version, timezone.localdate()):
        raise Http404
    agencies, cases = receiving(version), version.definition.cases
    others = whose(version, by=request.actor)
    known = {
        "agency": usual(request, agencies),
        "case": request.GET.get("case", ""),
        "whom": request.GET.get("for", ONESELF),
    }
    form = Beginning(
        request.POST if request.method == "POST" else None,
        cases=cases,
        agencies=agencies,
        whose=others,
        registers=prefilling.registers(version.definition),
        earlier=earlier.serving(version.definition, others.mandates, by=request.actor),
        initial=known,
    )
    if form.is_bound and form.is_valid():
        return redirect(begun(request, version, form))
    page = {
        "version": version,
        "name": version.name_in(facts.language()),
        "form": form,
        "agencies": agencies,
    }
    return render(request, "portal/application/begin.html", page, status=422 if form.is_bound else 200)


def begun(request: ActorRequest, version: Version, form: Beginning) -> str:
    """Open the draft and read the register; return the page it goes on with."""
    agency, cases = form.cleaned_data["agency"], version.definition.cases
    case = form.cleaned_data.get("case") or (cases[0].id if cases else "")
    application = actions.begin(
        version,
        by=request.actor,
        case=case,
        agency=agency.code,
        agency_name=agency.name_vi,
        mandate=form.cleaned_data.get("whom"),
    )
    may_read = bool(form.cleaned_data.get("may_read"))
    prefilling.consent(request, application, may_read=may_read)
    told = form.cleaned_data.get("told", [])
    for one in earlier.hand_in(application, told, by=request.actor, may_read=may_read):
        said = {"name": one.line.holding.name, "paper": one.serves_as}
        messages.info(request, _("“%(name)s” from your wallet serves as “%(paper)s”.") % said)
    return road.onward(application)


def usual(request: ActorRequest, agencies: list[Agency]) -> str:
    """Where the person last applied, or the only agency there is."""
    codes = [agency.code for agency in agencies]
    own = Application.objects.visible_to(request.actor).order_by("-changed_at")
    last = own.values_list("agency", flat=True).first()
    return last if last in codes else codes[0] if len(codes) == 1 else ""


@require_http_methods(["GET", "POST"])
@answering
def answer(request: ActorRequest, application: Application, group: str) -> HttpResponseBase:
    """One group of questions; after it was sent, only of those the agency wants put right."""
    pages = road.groups_of(application) if application.is_draft else to_mend(application)
    asked = next((one for one in pages if one.id == group), None)
    if asked is None:
        return redirect(
            road.onward(application) if application.is_draft else standing.address_of(application)
        )
    form = Answers(asked, application, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and filled(request, application, form):
        return redirect(next_page(request, application, group))
    page = answer_page(request, application, asked, form)
    return render(request, "portal/application/answer.html", page, status=422 if form.is_bound else 200)


def filled(request: ActorRequest, application: Application, form: Answers) -> bool:
    """Whether the answers were kept; if not, the form says what to mend."""
    try:
        actions.fill(application, by=request.actor, group=form.group.id, answers=form.typed())
    except InvalidAnswers as refusal:
        form.blame(refusal.faults)
        return False
    if application.is_draft:
        prefilling.prefill(request, application)
        if all(part.is_done for part in road.parts(application)):
            prefilling.read_rest(request, application)
    return True


def next_page(request: ActorRequest, application: Application, group: str) -> str:
    """On through the form; who came from the check goes back there, unless the answer opened a page not done yet.

    What is put right leads back to the dossier.
    """
    if not application.is_draft:
        return standing.address_of(application)
    if request.GET.get("then") != "check":
        return road.after(application, group)
    undone = next((part.url for part in road.parts(application) if not part.is_done), None)
    return undone or reverse("portal:check", args=[application.pk])


def answer_page(
    request: ActorRequest, application: Application, group: Group, form: Answers
) -> dict[str, Any]:
    if not application.is_draft:
        return {
            "application": application,
            "name": standing.title(application),
            "form": form,
            "group": group,
            "heading": facts.said(group.title),
            "intro": facts.said(group.intro),
            "back": standing.address_of(application),
        }
    parts = road.parts(application, group.id)
    return {
        **skeleton(application, "answers"),
        "form": form,
        "group": group,
        "heading": facts.said(group.title),
        "intro": facts.said(group.intro),
        "parts": parts,
        "number": [part.is_current for part in parts].index(True) + 1,
        "back": road.before(application, group.id),
        "register": prefilling.told(request, application),
        "could_fill": bool(prefilling.wanting(group, application)),
    }


def skeleton(application: Application, station: str) -> dict[str, Any]:
    """What every page of applying shows: what it is about, how far one is, when it was saved."""
    return {
        "application": application,
        "name": standing.title(application),
        "stations": road.stations(application, station),
        "station": road.station(application, station),
    }


@require_POST
@drafting
def read_again(request: ActorRequest, application: Application) -> HttpResponseBase:
    """The register did not answer before, it is another day, or one changed one's mind: ask it now."""
    prefilling.consent(request, application, may_read=True)
    group = request.POST.get("group", "")
    known = group in {one.id for one in road.groups_of(application)}
    return redirect(road.page(application, group) if known else road.onward(application))


@require_GET
@drafting
def resume(request: ActorRequest, application: Application) -> HttpResponseBase:
    """A draft goes on at the first page that is not yet complete."""
    return redirect(road.onward(application))


@require_GET
@drafting
def check(request: ActorRequest, application: Application) -> HttpResponseBase:
    """All answers on one page, each with its way back; and the signature, where the form is signed."""
    return checked(request, application)


def checked(
    request: ActorRequest, application: Application, *, typed: SignedFile | None = None, status: int = 200
) -> HttpResponseBase:
    """The page; `typed` is the form of a signed file that could not be taken."""
    definition, lacks = application.definition, missing(application)
    card = None if lacks else signing.card(application, now=timezone.now())
    page = {
        **skeleton(application, "check"),
        "pages": declared(definition, application.case, application.answers),
        "sources": sources(application),
        "papers": titled(
            definition, application.attachments.filter(kind=Attachment.Kind.GIVEN).order_by("added_at", "pk")
        ),
        "way": facts.first_way(definition, application.case),
        "cost": facts.cost(application),
        "mandate": application.mandate,
        "post": facts.by_post(application),
        "missing": lacks,
        "signing": card,
        "may_send": not lacks and not (card and card.is_wanting),
        "signed_file": typed or SignedFile(),
        "onward": road.onward(application),
        "back": road.before_check(application),
    }
    return render(request, "portal/application/check.html", page, status=status)


@require_POST
@drafting
def send(request: ActorRequest, application: Application) -> HttpResponseBase:
    """The application goes to the agency."""
    try:
        if application.mandate and may(request.actor, "dossiers.send", application):
            check_complete(application)
            ask_anew(application.mandate, by=request.actor)
        actions.send(application, by=request.actor)
    except Lapsed as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:mandates")
    except Invalid as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:check", application.pk)
    prefilling.forget(request, application)
    messages.success(
        request, _("Your dossier is on its way to %(agency)s.") % {"agency": application.agency_name}
    )
    return redirect("portal:application", application.pk)


@require_POST
@drafting
def discard(request: ActorRequest, application: Application) -> HttpResponseBase:
    """A draft is thrown away."""
    prefilling.forget(request, application)
    actions.discard(application, by=request.actor)
    messages.success(request, _("The draft is gone."))
    return redirect("portal:my")
