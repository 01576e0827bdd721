"""Documents that go out: the list, writing one, and where one stands at each of its receivers."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.desk.access import led_by, officers, places
from motcua.desk.dispatching import decided, found, offered, opened, seen, shown_to, signing_as, watched
from motcua.desk.doing import Act
from motcua.desk.forms.dispatches import (
    Classify,
    Enclose,
    LetRead,
    MakeCopy,
    NumberSo,
    OnPaper,
    Reasoned,
    Remind,
    TakeOff,
    TakeOut,
    Write,
)
from motcua.desk.forms.drafting import CallOff, MakeRemark, Opine, Route, Seen, Settle, Sign, Submit
from motcua.desk.forms.folders import FileIn
from motcua.desk.routed import picture, several_to_sign, timed, waiting_for
from motcua.desk.several import address
from motcua.desk.standing import ways
from motcua.dispatches import actions
from motcua.dispatches.beginning import begun_from
from motcua.dispatches.models import Incoming, Numbering, Outgoing, Review, SentMail, Template
from motcua.dispatches.models.numbering import numbering_of
from motcua.dispatches.rules import OFFICERS, clerk
from motcua.documents.edxml.message import Purpose
from motcua.documents.models import basic_among
from motcua.lib.actions import Can, may
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.people.presence import is_present, prove
from motcua.ui.forms import did

SHOWN = 100
# Who has a draft now, and who is late.
IN_TURN = Prefetch("reviews", Review.objects.waiting().order_by("due_at"), to_attr="with_whom")
SIGNING = frozenset({"sign", "issue", "initial", "copy"})
COUNTERS = ("clerk", "chair", "deputy")
NUMBERING = ("clerk", "chair", "deputy")
KEEPERS_OF_ADDRESSES = ("clerk", "administrator")
# In the order in which they stand on the page: first what a document waits for.
ACTS = {
    "sign": Act(actions.sign, _("Signed; it has its number."), Sign, knows=True),
    "issue": Act(actions.issue, _("Issued; it is on its way to its receivers.")),
    "file_in": Act(actions.file_in, _("The document lies in the file."), FileIn, knows=True),
    "enclose": Act(actions.enclose, _("The file is with the draft."), Enclose),
    "take_out": Act(actions.take_out, _("The file is taken out."), TakeOut),
    "opine": Act(actions.opine, _("Your opinion is with the draft."), Opine, knows=True),
    "initial": Act(actions.initial, _("You have initialled it."), Seen, knows=True),
    "send_back": Act(actions.send_back, _("Sent back to whoever drafted it."), Reasoned),
    "remark": Act(actions.remark, _("Your remark is with the version."), MakeRemark),
    "route": Act(actions.route, _("Sent to those you chose."), Route, knows=True),
    "call_off": Act(actions.call_off, _("Their answer is not waited for any more."), CallOff),
    "settle": Act(actions.settle, _("The remark is settled."), Settle),
    "submit": Act(actions.submit, _("It is with the head of the agency to be signed."), Submit, knows=True),
    "hand_back": Act(actions.hand_back, _("Handed back to be changed."), Reasoned),
    "void": Act(actions.void, _("It is not issued; its number stays with it."), Reasoned),
    "copy": Act(actions.copy, _("Copied; the copy stands among the files."), MakeCopy, knows=True),
    "recall": Act(actions.recall, _("It is asked back from all who have it."), Reasoned),
    "remind": Act(actions.remind, _("They are reminded of their answer."), Remind),
    "issue_on_paper": Act(actions.issue_on_paper, _("It has its number and goes on paper."), OnPaper),
    "let_read": Act(actions.let_read, _("They may read it."), LetRead, knows=True),
    "take_off": Act(actions.take_off, _("They may read it no longer."), TakeOff),
    "classify": Act(actions.classify, _("Its degree of secrecy is set."), Classify, knows=True),
}
# What stands beside a document; the others stand where the file, the question, the remark or the reader does.
DEEDS = {
    verb: act for verb, act in ACTS.items() if verb not in {"take_out", "call_off", "settle", "take_off"}
}


@require_safe
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """What is being written, signed, or to be issued; below it what was sent lately, with where it stands."""
    led_by(request, *OFFICERS)
    mine, now = Outgoing.objects.visible_to(request.actor, *OFFICERS), timezone.now()
    rows = mine.filter(state__in=["draft", "submitted", "signed"]).prefetch_related(IN_TURN)
    unsent = list(rows.order_by("-urgency", "drafted_at", "pk")[:SHOWN])
    waiting = waiting_for(request.actor, now)
    to_issue = [one.pk for one in unsent if may(request.actor, "dispatches.issue", one)]
    page = {
        "counts": places(request.actor, *COUNTERS),
        "numbers": places(request.actor, *NUMBERING),
        "writes_mails": places(request.actor, *KEEPERS_OF_ADDRESSES),
        "now": now,
        "waiting": waiting,
        "sign_drafts": several_to_sign(waiting),
        "issue_several": address("issue", to_issue) if len(to_issue) > 1 else "",
        "open": unsent,
        "sent": list(
            mine.filter(issued_at__isnull=False)
            .prefetch_related(Prefetch("deliveries__mails", SentMail.objects.order_by("-made_at")))
            .order_by("-issued_at", "pk")[:SHOWN]
        ),
    }
    return render(request, "desk/dispatches/outgoing.html", page)


@require_http_methods(["GET", "POST"])
@officers
def write(request: ActorRequest) -> HttpResponseBase:
    """A new document; an answer to one that came in is begun with its sender and its words."""
    led_by(request, *OFFICERS)
    answered, (purpose, earlier) = asked(request), changing(request)
    code = earlier.agency if earlier else writing_for(request, answered)
    # What takes the place of another begins with the words of that one.
    templates = [] if earlier else list(Template.objects.filter(agency=code).order_by("kind", "name"))
    held = anew(earlier) if earlier else begun_with(request, templates, code) | begun(answered)
    places = held.pop("places", [])
    form = Write(request.POST or None, initial=held)
    if form.is_bound and form.is_valid():
        document = Outgoing(
            agency=code,
            responds_to=answered,
            purpose=purpose,
            earlier=earlier,
            places=places,
            **form.cleaned_data,
        )
        if did(form, lambda: actions.draft(document, by=request.actor)):
            return redirect("desk:outgoing_one", document.pk)
    page = {
        "form": form,
        "answered": answered,
        "earlier": earlier,
        "updates": purpose is Purpose.UPDATE,
        "templates": templates,
    }
    return render(request, "desk/dispatches/write.html", page, status=422 if form.is_bound else 200)


def begun_with(request: ActorRequest, templates: list[Template], code: str) -> dict[str, Any]:
    """What stands in the form at first, if it was begun from a template."""
    chosen = next((one for one in templates if str(one.pk) == request.GET.get("template")), None)
    if chosen is None:
        return {}
    agency = Agency.objects.get(pk=code)
    values = begun_from(chosen, agency, drafter=request.actor.name, on=timezone.localdate())
    return values | {"receivers": "\n".join(values["receivers"])}


def asked(request: ActorRequest) -> Incoming | None:
    """What the new document answers, if it was begun from there."""
    key = request.GET.get("answers", "")
    mine = Incoming.objects.visible_to(request.actor, *OFFICERS)
    try:
        return mine.filter(pk=UUID(key)).first() if key else None
    except ValueError as fault:
        raise Http404 from fault


def changing(request: ActorRequest) -> tuple[Purpose, Outgoing | None]:
    """What the new document does to which earlier one, if it was begun from there."""
    for name, purpose in (("updates", Purpose.UPDATE), ("replaces", Purpose.REPLACEMENT)):
        if name in request.GET:
            rows = Outgoing.objects.visible_to(request.actor, *OFFICERS).filter(secrecy=0)
            try:
                return purpose, get_object_or_404(rows, pk=UUID(request.GET[name]))
            except ValueError as fault:
                raise Http404 from fault
    return Purpose.NEW, None


def anew(earlier: Outgoing) -> dict[str, Any]:
    """A later version begins with what the earlier one said."""
    names = ("kind", "subject", "text", "urgency", "answer_by", "places")
    return {name: getattr(earlier, name) for name in names} | {"receivers": "\n".join(earlier.receivers)}


def begun(answered: Incoming | None) -> dict[str, Any]:
    return (
        {"receivers": answered.sender, "subject": f"Trả lời văn bản số {answered.number}"} if answered else {}
    )


def writing_for(request: ActorRequest, answered: Incoming | None) -> str:
    """The agency in whose name it is written."""
    return answered.agency if answered else led_by(request, *OFFICERS)[0]


@require_http_methods(["GET", "POST"])
@officers
def numbering(request: ActorRequest) -> HttpResponseBase:
    """One series of numbers for all kinds, or one for each; said by who gives them or signs."""
    (agency, *_others) = led_by(request, *NUMBERING)
    year = timezone.localdate().year
    held = numbering_of(agency, year)
    form = NumberSo(request.POST or None, initial={"is_by_kind": "1" if held else ""})
    if request.method == "POST" and form.is_valid():
        said = actions.set_numbering(Numbering(agency=agency), by=request.actor, **form.cleaned_data)
        messages.success(request, gettext("So it is from %(year)s on.") % {"year": said.since})
        return redirect("desk:outgoing")
    page = {"form": form, "is_by_kind": held, "year": str(year), "since": str(actions.free_year(agency))}
    return render(request, "desk/dispatches/numbering.html", page, status=422 if form.is_bound else 200)


@require_safe
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """One document: how far it is here, and where it stands at each receiver."""
    document = found(request, Outgoing, pk)
    seen(request, document)
    return shown(request, document, {})


def shown(request: ActorRequest, document: Outgoing, failed: dict[str, forms.Form]) -> HttpResponse:
    prefetch_related_objects([document], "reviews")
    for form in failed.values():
        if isinstance(form, Seen):
            form.renew(document.version)
    reviews, now = list(document.reviews.all()), timezone.now()
    can = Can(request.actor, document, "dispatches")
    decisions = offered(request, document, DEEDS, failed)
    if "sign" in decisions and not decisions["sign"].is_bound:
        decisions["sign"].initial = signing_as(request.actor, document.agency)
    earlier = shown_to(request, document.earlier)
    page = {
        **watched(request, document),
        "document": document,
        "route": picture(document, reviews, now),
        "said": [one for one in reviews if one.said],
        "waiting": timed((one for one in reviews if one.asked_at and not one.answered_at), now),
        "fallen": [one for one in reviews if one.is_initials and one.fell_at and one.answer == "agreed"],
        "remarks": document.remarks.filter(settled_at=None).count() if document.version else 0,
        "changes": can["redraft"],
        "filings": list(document.filings.select_related("folder")),
        "offered": decisions,
        "changes_files": can["take_out"],
        "form": next(iter(failed.values()), None),
        "basic": basic_among(one["digest"] for one in document.files),
        "copies": document.copies.order_by("serial"),
        "ways": ways(document.deliveries.select_related("answer")),
        "answers": answers_shown(request, document, earlier),
        "mails_again": clerk(request.actor, document),
        "successor": shown_to(request, document.successor) if document.issued_at else None,
        "earlier": earlier,
        "before": ways(earlier.deliveries.select_related("answer")) if earlier else [],
        "asked": shown_to(request, document.responds_to),
    }
    return render(request, "desk/dispatches/outgoing_one.html", page, status=422 if failed else 200)


def answers_shown(request: ActorRequest, *asking: Outgoing | None) -> set[UUID]:
    """Which of the answers that came this officer may open."""
    of = [one for one in asking if one and one.answer_by]
    rows = Incoming.objects.visible_to(request.actor, *OFFICERS).filter(responds_to__in=of)
    return set(rows.values_list("pk", flat=True)) if of else set()


@require_POST
@officers
def decide(request: ActorRequest, pk: UUID, verb: str) -> HttpResponseBase:
    """One decision about one document; who signs or seals shows first that it is they."""
    if verb in SIGNING and not is_present(request):
        return prove(request, reverse("desk:outgoing_one", args=[pk]))
    return decided(request, found(request, Outgoing, pk), verb, ACTS, shown)


@require_safe
@officers
def file(request: ActorRequest, pk: UUID, number: int) -> HttpResponseBase:
    """A file of a document."""
    document = found(request, Outgoing, pk)
    return opened(request, document, document.files, number)
