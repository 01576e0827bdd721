"""Follow a dossier: what happened, who has it and until when; add what is missing, take it back, rate the service."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.dossiers import actions, facts
from motcua.dossiers.answering import RefundAccount, Supplement, Withdrawal
from motcua.dossiers.declaration import declared, titled
from motcua.dossiers.models import Application, Attachment
from motcua.dossiers.questions import to_mend
from motcua.dossiers.ratings import Rating
from motcua.dossiers.states import Reuse
from motcua.journal.models import Entry
from motcua.lib import qr
from motcua.lib.actions import may
from motcua.lib.actors import Actor
from motcua.mandates.models import PROVEN
from motcua.mandates.proving import Lapsed, ask_anew
from motcua.organisations.models import calendar_for
from motcua.people.middleware import ActorRequest
from motcua.petitions.models import Petition
from motcua.portal import almanac, road, signing, standing
from motcua.portal.access import applicant
from motcua.portal.context import tracking_address
from motcua.portal.forms import SignedFile
from motcua.portal.giving import listed
from motcua.portal.story import lead, story, verdict
from motcua.ui.forms import did
from motcua.wallets.models import Holding


@require_GET
@applicant
def show(request: ActorRequest, application: Application) -> HttpResponseBase:
    """The dossier as its applicant sees it; a draft goes on where it was left."""
    if application.is_draft:
        return redirect("portal:resume", application.pk)
    return shown(request, application)


@require_GET
@applicant
def calendar(request: ActorRequest, application: Application) -> HttpResponseBase:
    """The promised day, for one's own calendar; there is none where nothing is promised."""
    if application.due_at is None:
        raise Http404
    return HttpResponse(
        almanac.of(application, now=timezone.now()),
        content_type=almanac.MEDIA,
        headers={"Content-Disposition": f'attachment; filename="{application.code or "ho-so"}.ics"'},
    )


@require_POST
@applicant
def supply(request: ActorRequest, application: Application) -> HttpResponseBase:
    """What the agency asked for goes to it; as the dossier did, only if the register still says what its mandate rests on."""
    said = _("It is on its way. The clock starts anew when it arrives.")
    try:
        return acted(request, application, Supplement, supplied, said)
    except Lapsed as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:mandates")


def supplied(application: Application, *, by: Actor, **given: Any) -> None:
    if application.is_waiting_for_citizen and may(by, "dossiers.supply", application):
        ask_anew(application.mandate, by=by)
    actions.supply(application, by=by, **given)


@require_POST
@applicant
def withdraw(request: ActorRequest, application: Application) -> HttpResponseBase:
    """The dossier is taken back."""
    said = _("The agency has been asked to give the dossier back.")
    return acted(request, application, Withdrawal, actions.withdraw, said)


@require_POST
@applicant
def refund(request: ActorRequest, application: Application) -> HttpResponseBase:
    """Where money that is owed back shall go."""
    said = _("The agency has been told where the money shall go.")
    return acted(request, application, RefundAccount, actions.direct_refund, said)


@require_POST
@applicant
def rate(request: ActorRequest, application: Application) -> HttpResponseBase:
    """The service is rated."""
    return acted(request, application, Rating, actions.rate, _("Thank you. Your rating has been counted."))


def acted(
    request: ActorRequest,
    application: Application,
    form_class: type[forms.Form],
    act: Callable[..., object],
    done: str,
) -> HttpResponseBase:
    """Fill in one of the page's forms and do what it says."""
    form = form_class(request.POST)
    if form.is_valid() and did(form, lambda: act(application, by=request.actor, **form.cleaned_data)):
        messages.success(request, done)
        return redirect("portal:application", application.pk)
    return shown(request, application, typed=form, status=422)


def shown(
    request: ActorRequest,
    application: Application,
    *,
    typed: forms.Form | None = None,
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    """The page of one dossier; `typed` is the form that could not be carried out, `faults` what is wrong with a file."""
    now, definition = timezone.now(), application.definition
    papers = list(application.attachments.order_by("added_at", "pk"))
    page = {
        "application": application,
        "name": standing.title(application),
        "petitions": Petition.objects.visible_to(request.actor)
        .filter(application=application)
        .order_by("-sent_at"),
        "for_whom": standing.for_whom(application),
        "verdict": verdict(application),
        "lead": lead(application, now=now),
        "tag": standing.tag(application),
        "left": standing.left(application, calendar_for(application.agency), now=now),
        "moments": story(
            application, Entry.objects.about(application), offices=facts.offices_of(definition), now=now
        ),
        "results": [paper for paper in papers if paper.kind == Attachment.Kind.RESULT],
        "letters": [
            paper
            for paper in papers
            if paper.kind not in {Attachment.Kind.RESULT, Attachment.Kind.GIVEN, Attachment.Kind.FORM}
        ],
        "given": titled(definition, [paper for paper in papers if paper.kind == Attachment.Kind.GIVEN]),
        "signed_forms": [paper for paper in papers if paper.kind == Attachment.Kind.FORM],
        "unkept": unkept(application, papers),
        "fee": fee(application),
        "returns": returns(application),
        "post": facts.by_post(application),
        "facts": declared(definition, application.case, application.answers),
        "asked": listed(application, faults or {}, by=request.actor)
        if application.is_waiting_for_citizen
        else [],
        "form": typed,
        **mending(application, now=now),
        "tracking": tracking(application),
        **offered(request, application, typed),
    }
    return render(request, "portal/application/follow.html", page, status=status)


def mending(application: Application, *, now: datetime) -> dict[str, Any]:
    """The pages of the form to put right, and the signature it then wants."""
    if not application.is_mending:
        return {}
    pages = [
        road.Part(
            facts.said(one.title), road.page(application, one.id), road.is_done(application, one), False
        )
        for one in to_mend(application)
    ]
    return {
        "mend": pages,
        "signing": signing.card(application, now=now),
        "signed_file": SignedFile(),
    }


def unkept(application: Application, papers: Sequence[Attachment]) -> list[Attachment]:
    """Papers uploaded for this dossier that could be kept in the wallet as well."""
    if application.mandate and application.mandate.kind not in PROVEN:
        return []  # whose wallet it would be is for its owner to say, not for who acts for them by a mandate
    given = [one for one in papers if one.kind == Attachment.Kind.GIVEN and one.reuse == Reuse.NONE]
    held = Holding.objects.filter(
        owner=application.principal_number, digest__in=[one.digest for one in given]
    )
    known = set(held.values_list("digest", flat=True)) if given else set()
    return [one for one in given if one.digest not in known]


def fee(application: Application) -> dict[str, Any] | None:
    """What is to be paid and how, while the dossier waits for it; the code is drawn here from what the agency told."""
    if not application.is_waiting_for_fee or not application.fee:
        return None
    sent = application.fee.get("transfer")
    return {**application.fee, "qr": qr.svg(sent["payload"]) if sent else ""}


def returns(application: Application) -> list[dict[str, Any]]:
    """What goes back of the fee, as the agency told it."""
    told = (application.fee or {}).get("returns", [])
    return [
        {**one, "is_made": one["state"] == "made", "at": datetime.fromisoformat(one["at"])} for one in told
    ]


def offered(request: ActorRequest, application: Application, typed: forms.Form | None) -> dict[str, Any]:
    """The forms for what the applicant can do now."""
    can = {
        Supplement: application.is_waiting_for_citizen,
        Withdrawal: application.withdrawal_asked_at is None
        and may(request.actor, "dossiers.withdraw", application),
        Rating: application.rating is None and may(request.actor, "dossiers.rate", application),
        RefundAccount: any(not one["is_made"] for one in returns(application)),
    }
    forms_now = {kind: typed if isinstance(typed, kind) else kind() for kind, is_on in can.items() if is_on}
    return {
        "supplement": forms_now.get(Supplement),
        "withdrawal": forms_now.get(Withdrawal),
        "rating": forms_now.get(Rating),
        "account": forms_now.get(RefundAccount),
    }


def tracking(application: Application) -> str:
    """The page anyone may see who knows the code."""
    known = "tracking" in settings.NODE.contexts or settings.NODE.tracking_url
    return f"{tracking_address()}?code={application.code}" if application.code and known else ""
