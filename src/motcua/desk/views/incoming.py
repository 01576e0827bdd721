"""Documents that come in: the list of what is to be done, the register of a year, one document and what can be decided."""

from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from motcua.desk.access import led_by, officers, places
from motcua.desk.deadlines import by_day
from motcua.desk.dispatching import decided, found, offered, opened, seen, shown_to, watched
from motcua.desk.doing import Act
from motcua.desk.forms.dispatches import Assign, Classify, Forward, LetRead, MakeCopy, Reasoned, TakeOff
from motcua.desk.forms.folders import FileIn
from motcua.desk.heaps import ALL, TO_ENTER, asked, counted, following, page_of, pills
from motcua.desk.remarks import wrong
from motcua.desk.several import offered as offered_for_several
from motcua.desk.standing import ways
from motcua.dispatches import actions
from motcua.dispatches.models import Incoming, ReceivedMail
from motcua.dispatches.rules import OFFICERS
from motcua.journal.models import Entry
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.people.presence import is_present, prove

ENDED = 20
ACTS = {
    "register": Act(actions.register, _("Entered in the register.")),
    "refuse": Act(actions.refuse, _("Refused; its sender is told why."), Reasoned),
    "assign": Act(actions.assign, _("Assigned."), Assign, knows=True),
    "begin": Act(actions.begin, _("Work has begun.")),
    "file_in": Act(actions.file_in, _("The document lies in the file."), FileIn, knows=True),
    "forward": Act(actions.forward, _("It is on its way as it came."), Forward),
    "copy": Act(actions.copy, _("Copied; the copy stands among the files."), MakeCopy, knows=True),
    "finish": Act(actions.finish, _("Done; its sender sees so.")),
    "give_back": Act(actions.give_back, _("Given back to its sender.")),
    "keep_on": Act(actions.keep_on, _("Its sender is told that it is not given back."), Reasoned),
    "let_read": Act(actions.let_read, _("They may read it."), LetRead, knows=True),
    "take_off": Act(actions.take_off, _("They may read it no longer."), TakeOff),
    "classify": Act(actions.classify, _("Its degree of secrecy is set."), Classify, knows=True),
}
# What stands beside a document; a reader is taken off where they stand.
DEEDS = {verb: act for verb, act in ACTS.items() if verb != "take_off"}


@require_safe
@officers
def index(request: ActorRequest) -> HttpResponseBase:
    """What has come and is not done, by what is to be done next, the most urgent first; below it what was done lately."""
    led_by(request, *OFFICERS)
    mine, now = Incoming.objects.visible_to(request.actor, *OFFICERS), timezone.now()
    counts = counted(mine.unended(), now)
    shown = asked(request.GET, counts, request.actor)
    rows, has_more = page_of(mine.unended(), shown, now)
    enters = places(request.actor, "clerk")
    page = {
        "rows": rows,
        "unended": counts[ALL],
        "pills": pills(counts, shown.heap),
        "unseen": sum(not row.remarks for row in rows) if shown.heap == TO_ENTER else 0,
        "here": shown.at(shown.page),
        "earlier": shown.at(1) if shown.page > 1 else "",
        "next": shown.at(shown.page + 1) if has_more else "",
        "deeds": offered_for_several(request.actor, Incoming) if rows else [],
        "ended": list(mine.exclude(ended_at=None).order_by("-ended_at", "pk")[:ENDED]),
        "enters": enters,
        "aside": ReceivedMail.objects.aside(enters).count() if enters else 0,
        "now": now,
    }
    return render(request, "desk/dispatches/incoming.html", page)


@require_safe
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """One document: what it says of itself, its files, what is asked of us, what happened."""
    document = found(request, Incoming, pk)
    seen(request, document)
    return shown(request, document, {})


def shown(request: ActorRequest, document: Incoming, failed: dict[str, forms.Form]) -> HttpResponse:
    theirs = Incoming.objects.visible_to(request.actor, *OFFICERS)
    page = {
        **watched(request, document),
        "document": document,
        "offered": offered(request, document, DEEDS, failed),
        "form": next(iter(failed.values()), None),
        "like": theirs.like(document).order_by("arrived_at").first(),
        "later": shown_to(request, document.successor),
        "filings": list(document.filings.select_related("folder")),
        "wrong": wrong(document),
        "following": following(document, request.actor),
        "story": Entry.objects.about(document).order_by("pk"),
        "now": timezone.now(),
        "copies": document.copies.order_by("serial"),
        "ways": ways(document.deliveries.all()),
        "replaced": list(theirs.filter(replaced_by=document).order_by("arrived_at"))
        if document.takes_the_place_of
        else [],
        "answered": shown_to(request, document.responds_to),
        "left": by_day(last, document.arrived_at, timezone.localdate())
        if (last := document.last_day) and not document.ended_at
        else None,
        "through": Agency.objects.filter(code=document.via).first() if document.via else None,
    }
    return render(request, "desk/dispatches/incoming_one.html", page, status=422 if failed else 200)


@require_POST
@officers
def decide(request: ActorRequest, pk: UUID, verb: str) -> HttpResponseBase:
    """One decision about one document; who puts the agency's signature on a copy shows first that it is they."""
    if verb == "copy" and not is_present(request):
        return prove(request, reverse("desk:incoming_one", args=[pk]))
    return decided(request, found(request, Incoming, pk), verb, ACTS, shown)


@require_safe
@officers
def file(request: ActorRequest, pk: UUID, number: int) -> HttpResponseBase:
    """A file that came with a document; the number after the last is the message itself, byte for byte."""
    document = found(request, Incoming, pk)
    message = {"digest": document.message, "media": "application/xml", "name": f"{document.pk}.edxml"}
    return opened(
        request, document, document.files if document.is_paper else [*document.files, message], number
    )
