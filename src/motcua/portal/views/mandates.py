"""Mandates: let someone act for one, take on what others ask, say whom one represents, end it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.documents import actions as documents
from motcua.documents.models import Document
from motcua.dossiers.models import Application
from motcua.exchange.calls import Denied, Unreachable
from motcua.journal.models import Entry
from motcua.lib.actions import Can, Invalid
from motcua.mandates import actions
from motcua.mandates.actions import Found
from motcua.mandates.models import Kind, Mandate
from motcua.mandates.proving import parent_of, speaks_for
from motcua.oversight.words import said
from motcua.people.middleware import ActorRequest
from motcua.portal.mandating import OfBusiness, OfChild, Offer, Proof
from motcua.portal.powers import power, powers
from motcua.portal.standing import rows
from motcua.portal.views.my import account, tabs
from motcua.sharing.asking import NotKnown
from motcua.sharing.registers import name_of

SHOWN = 100
VERBS = {"accept": actions.accept, "decline": actions.decline, "revoke": actions.revoke}


@login_required
@require_safe
def index(request: ActorRequest) -> HttpResponseBase:
    """By which one acts for others, and by which others act for one."""
    found = Mandate.objects.concerning(request.actor).select_related("agent").order_by("-made_at", "-pk")
    listed = powers(found[:SHOWN], by=request.actor)
    page = {
        "tabs": tabs(request, "mandates"),
        "asked": [one for one in listed if one.is_mine and one.is_offered],
        "held": [one for one in listed if one.is_mine and not one.is_offered],
        "given": [one for one in listed if not one.is_mine],
    }
    return render(request, "portal/my/mandates.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def write(request: ActorRequest) -> HttpResponseBase:
    """Let someone act for oneself, or for a business one represents."""
    held = Mandate.objects.in_force().held_by(request.actor)
    form = Offer(
        request.POST if request.method == "POST" else None,
        account=account(request),
        businesses=list(held.filter(kind=Kind.REPRESENTATIVE).order_by("principal_name")),
        initial={"procedures": request.GET.get("procedure", "")},
    )
    if form.is_bound and form.is_valid():
        try:
            mandate = actions.offer(form.mandate(), by=request.actor)
        except Invalid as refusal:
            form.blame(refusal)
        else:
            words = _("Mandate %(number)s is written. It holds once %(name)s accepts it.")
            messages.success(request, words % {"number": mandate.number, "name": mandate.agent.name})
            return redirect("portal:mandate", mandate.pk)
    status = 422 if form.is_bound else 200
    return render(request, "portal/mandate/write.html", {"form": form}, status=status)


@dataclass(frozen=True)
class Bond:
    """A way to represent someone: how it is written, which register is asked about it, and with what words it says no."""

    kind: Kind
    form: type[Proof]
    # The question that names whom one represents.
    number: str
    register: str
    ask: Callable[..., Found]
    unknown: Promise
    template: str


CHILD = Bond(
    Kind.PARENT,
    OfChild,
    "number",
    "population",
    parent_of,
    gettext_lazy(
        "The population register cannot say that you are this child's parent. Send the birth certificate; "
        "an officer looks at it."
    ),
    "portal/mandate/child.html",
)
BUSINESS = Bond(
    Kind.REPRESENTATIVE,
    OfBusiness,
    "code",
    "business",
    speaks_for,
    gettext_lazy(
        "The register of enterprises cannot say that you represent this business. Send the registration "
        "certificate; an officer looks at it."
    ),
    "portal/mandate/business.html",
)


@login_required
@require_http_methods(["GET", "POST"])
def child(request: ActorRequest) -> HttpResponseBase:
    """Say whose parent one is: the register proves it, or an agency by the paper."""
    return represent(request, CHILD)


@login_required
@require_http_methods(["GET", "POST"])
def business(request: ActorRequest) -> HttpResponseBase:
    """Say which business one represents: the register of enterprises proves it, or an agency by the paper."""
    return represent(request, BUSINESS)


def represent(request: ActorRequest, bond: Bond) -> HttpResponseBase:
    """The register is asked first; where it cannot say, an agency looks at the paper."""
    by_paper = "paper" in request.GET
    typed = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = bond.form(*typed, by_paper=by_paper)
    unknown = ""
    if form.is_bound and form.is_valid():
        claim = Mandate(
            pk=form.cleaned_data["key"],
            kind=bond.kind,
            principal_number=form.cleaned_data[bond.number],
            principal_name=form.cleaned_data.get("name", ""),
            born_on=form.cleaned_data.get("born_on"),
            agent=account(request),
            given_by=account(request),
        )
        try:
            found = None if by_paper else bond.ask(claim.principal_number, claim.agent, by=request.actor)
        except (Unreachable, Denied):
            unknown = silent(bond.register)
        except NotKnown:
            unknown = str(bond.unknown)
        else:
            if mandate := claimed(request, form, claim, found):
                return redirect("portal:mandate", mandate.pk)
    page = {"form": form, "by_paper": by_paper, "unknown": unknown}
    return render(request, bond.template, page, status=422 if form.is_bound else 200)


def silent(register: str) -> str:
    """A register that has not answered has not said no."""
    words = _("The %(register)s does not answer just now. Try again, or send the paper to an agency.")
    return words % {"register": name_of(register)}


def claimed(request: ActorRequest, form: Proof, claim: Mandate, found: Found | None) -> Mandate | None:
    """The claim is made, with its paper where no register proves it; if it cannot be, the form says why."""
    try:
        if found is None:
            claim.agency, claim.paper = form.cleaned_data["agency"], kept(request, form, claim)
        mandate = actions.claim(claim, by=request.actor, found=found)
    except Invalid as refusal:
        form.blame(refusal)
        return None
    if mandate.is_in_force:
        messages.success(
            request, _("It is confirmed. You may now apply for %(name)s.") % {"name": mandate.principal_name}
        )
    else:
        messages.success(
            request, _("The paper is on its way. You get a message when an officer has looked at it.")
        )
    return mandate


def kept(request: ActorRequest, form: Proof, claim: Mandate) -> dict[str, Any]:
    """The paper, checked by its content and kept. Raises Invalid."""
    file = form.cleaned_data["file"]
    paper = documents.keep(
        Document(title=file.name, about=claim.urn, owner=request.actor.urn), by=request.actor, file=file.file
    )
    return {"name": paper.title, "media": paper.media, "size": paper.size, "digest": paper.digest}


@login_required
@require_safe
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """One mandate: who, for whom, in what, until when; what was filed under it, and what has happened."""
    mandate = opened(request, pk)
    filed = Application.objects.visible_to(request.actor).filter(mandate=mandate).newest_first()
    page = {
        "mandate": mandate,
        "power": power(mandate, by=request.actor),
        "register": name_of(mandate.proof.get("service", "")),
        "can": Can(request.actor, mandate, "mandates"),
        "rows": rows(filed[:SHOWN], now=timezone.now()),
        "moments": [(said(one.event), one) for one in Entry.objects.about(mandate)],
    }
    return render(request, "portal/mandate/show.html", page)


@login_required
@require_POST
def act(request: ActorRequest, pk: UUID, verb: str) -> HttpResponseBase:
    """Accept, decline or end it."""
    mandate = opened(request, pk)
    try:
        VERBS[verb](mandate, by=request.actor)
    except Invalid as refusal:
        messages.error(request, str(refusal))
    else:
        done = {
            "accept": _("You may now act for %(name)s. When you apply, say for whom."),
            "decline": _("You have declined. %(name)s is told."),
            "revoke": _("The mandate has ended. Nobody can use it any more."),
        }
        messages.success(request, done[verb] % {"name": mandate.principal_name})
    return redirect("portal:mandate", mandate.pk)


def opened(request: ActorRequest, pk: UUID) -> Mandate:
    """A mandate one holds, or one about oneself or one's business; others do not exist."""
    known = Mandate.objects.concerning(request.actor).select_related("agent", "given_by")
    return get_object_or_404(known, pk=pk)
