"""One dossier: all there is to know, one decision, its papers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.desk import mending, process, reading
from motcua.desk.access import READERS, officers, readable
from motcua.desk.beside import beside
from motcua.desk.deadlines import TimeLeft, time_left
from motcua.desk.decisions import VERBS, Decision, Verb, decision
from motcua.desk.forms import Jotting, Missing, Onward
from motcua.desk.intake import others as others_of
from motcua.desk.signatures import signature
from motcua.desk.story import story
from motcua.documents.models import Document
from motcua.documents.press import print_paper
from motcua.documents.serving import handed_out, served
from motcua.dossiers import actions
from motcua.dossiers.clock import ask_by, stands_since
from motcua.dossiers.control import control_slip as control_slip_of
from motcua.dossiers.declaration import declared, titled
from motcua.dossiers.initials import awaited, waiting_for
from motcua.dossiers.issued import is_worded_freely
from motcua.dossiers.models import Dossier, steps_of
from motcua.dossiers.states import State, Way
from motcua.lib.actions import may
from motcua.lib.actors import Actor
from motcua.lib.working_time import Calendar
from motcua.opinions.models import Inquiry, Verdict
from motcua.organisations.heirs import shares
from motcua.organisations.models import Agency, calendar_for
from motcua.payments.actions.asking import ASKER
from motcua.payments.models import Charge
from motcua.payments.providers import the_gateway
from motcua.people.middleware import ActorRequest
from motcua.people.presence import is_present, prove
from motcua.ui.forms import did

# What bears one's own signature.
SIGNING = frozenset({"sign", "extend"})


@require_GET
@officers
def show(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The dossier with its decision card."""
    dossier = laid_out(request, pk)
    actions.open_dossier(dossier, by=request.actor)
    return render(request, "desk/dossier.html", picture(request, dossier))


@require_http_methods(["GET", "POST"])
@officers
def decide(request: ActorRequest, pk: UUID, verb: str) -> HttpResponseBase:
    """Carry out one decision; where words are missing, ask for them on a page of its own.

    Who signs shows first that it is they.
    """
    if verb in SIGNING and not is_present(request):
        return prove(request, reverse("desk:dossier", args=[pk]) if verb == "sign" else request.path)
    dossier, choice = opened(request, pk), VERBS[verb]
    form = form_of(dossier, choice, request.POST if request.method == "POST" else None)
    if form.is_bound and decided(request, dossier, choice, form):
        messages.success(request, str(choice.done))
        is_still_ours = verb != "allot" or dossier.agency in request.actor.places
        return redirect("desk:dossier", pk) if is_still_ours else redirect("desk:worklist")
    page = {"dossier": dossier, "verb": choice, "form": form, "name": process.name_of(dossier)}
    return render(request, "desk/decide.html", page, status=422 if form.is_bound else 200)


def form_of(dossier: Dossier, verb: Verb, typed: Any) -> forms.Form:
    """What a decision asks for; where a dossier belongs is asked unless it was said when it was taken."""
    if verb.name == "forward" and not dossier.forward_to:
        return Onward(typed, agencies=others_of(dossier.agency))
    if verb.form is Missing:
        return Missing(typed, **mending.asked(dossier))
    return verb.form(typed)


def decided(request: ActorRequest, dossier: Dossier, verb: Verb, form: forms.Form) -> bool:
    """Whether it could be carried out; if not, the form says what to mend."""
    return form.is_valid() and did(form, lambda: verb.act(dossier, by=request.actor, **form.cleaned_data))


@require_GET
@officers
def paper(request: ActorRequest, pk: UUID, paper: int) -> HttpResponseBase:
    """A paper the applicant gave."""
    dossier = opened(request, pk)
    held = get_object_or_404(dossier.papers, pk=paper)
    actions.open_paper(dossier, by=request.actor, paper=held)
    return served(held.digest, held.media, held.name)


@require_GET
@officers
def document(request: ActorRequest, pk: UUID, document: UUID) -> HttpResponseBase:
    """A form or a result made out for the dossier."""
    held = get_object_or_404(Document.objects.about(opened(request, pk)), pk=document)
    return handed_out(held)


@require_http_methods(["GET", "POST"])
@officers
def control_slip(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """Form 06, filled from the steps as they stand now; it is printed anew each time, under the number it got at first."""
    held = opened(request, pk)
    if request.method == "POST":
        actions.number_slip(held, by=request.actor)
    answer = HttpResponse(
        print_paper(control_slip_of(held), at=timezone.now()), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'inline; filename="control-{held.code or held.pk}.pdf"'
    return answer


def opened(request: ActorRequest, pk: UUID) -> Dossier:
    """The dossier, if it lies on a desk this officer works at; otherwise it does not exist.

    Who only looks is written down; a deed is anyway.
    """
    found = readable(request.actor).with_procedures().select_related("held_by", "extension", "posting")
    dossier = get_object_or_404(found, pk=pk)
    if request.method == "GET":
        actions.open_dossier(dossier, by=request.actor)
    return dossier


def laid_out(request: ActorRequest, pk: UUID) -> Dossier:
    """The same for its page."""
    found = reading.one.first(request.actor.answers_for(*READERS), pk)
    if found is None:
        raise Http404
    return found


def picture(request: ActorRequest, dossier: Dossier) -> dict[str, Any]:
    """All the page shows."""
    now, calendar, steps = timezone.now(), calendar_for(dossier.agency), steps_of(dossier.pk)
    entries = reading.entries(dossier.urn)
    around = beside(dossier)
    dossier.__dict__["known_owners"], offices, given = around.owners, around.offices, around.papers
    sent = around.progress([step.key for step in process.awaited(dossier, steps) if not step.trouble])
    segments, in_words = process.clock(dossier, around.segments, calendar=calendar, now=now)
    look = process.Look(
        calendar, now, request.actor, offices, process.loops_of(entries), stands_since(around.segments)
    )
    left = time_left(dossier, calendar, now=now, began=dossier.began_at)
    charge = around.charge if dossier.state == State.FEE else None
    choice = held_up(decision(dossier, steps, by=request.actor), dossier, by=request.actor, charge=charge)
    asked: dict[str, Any] = {"key": choice.key} | ({"amount": charge.open} if charge else {})
    return {
        "dossier": dossier,
        "name": process.name_of(dossier),
        "left": left,
        "tag": tag(dossier, left),
        "boxes": process.boxes(dossier, steps, look),
        "waits": process.waits(dossier, steps, offices=offices, sent=sent),
        "decision": choice,
        "charge": charge,
        "asking": asking(dossier, choice, calendar, now),
        **unsettled(request, dossier, charge),
        "primary": dialog(dossier, choice.primary, **asked) if choice.primary else None,
        "dialogs": [dialog(dossier, verb) for verb in choice.others],
        "facts": declared(dossier.definition, dossier.case, dossier.answers),
        **mending.before_and_after(dossier, steps, entries),
        "papers": titled(dossier.definition, given),
        "signature": signature(dossier, given),
        "documents": reading.documents(dossier.urn),
        "others": others(request, dossier, now=now),
        "notes": around.notes,
        "place": offices.get(dossier.agency, ""),
        "jotting": blank(Jotting, "id_note_%s", get_language())
        if may(request.actor, "dossiers.note", dossier)
        else "",
        "may_add": dossier.is_open and may(request.actor, "dossiers.file_paper", dossier),
        **opinions(request, dossier, around.asked, now),
        "is_worded": dossier.is_open and is_worded_freely(dossier),
        "may_assign": may(request.actor, "dossiers.assign", dossier),
        **brought(request, dossier),
        "way": Way(dossier.filing["way"]).label if dossier.filing.get("way") else "",
        "segments": segments,
        "clock": in_words,
        "story": story(dossier, entries, offices=offices),
    }


def asking(dossier: Dossier, choice: Decision, calendar: Calendar, now: datetime) -> dict[str, Any]:
    """By when what is missing is asked for, and whether that time is over, for an officer who can ask."""
    until = ask_by(dossier, calendar) if VERBS["supplement"] in choice.others else None
    return {"until": until, "is_late": until < now} if until else {}


def brought(request: ActorRequest, dossier: Dossier) -> dict[str, bool]:
    """Whether what was missing is taken here: papers, and answers that were to be put right."""
    may_enter = may(request.actor, "dossiers.enter_answers", dossier)
    return {
        "may_bring": may(request.actor, "dossiers.resume", dossier),
        "may_enter": bool(dossier.asked_pages) and may_enter,
    }


def unsettled(request: ActorRequest, dossier: Dossier, charge: Charge | None) -> dict[str, Any]:
    """What somebody may have to find out first: whether the fee was paid after all, and whose dossier it is."""
    is_asked = bool(dossier.divided) and may(request.actor, "dossiers.allot", dossier)
    return {
        "submitted_by": below(dossier),
        "untaken": [(named(one["to"]), one["reason"]) for one in dossier.untaken],
        "may_forward": not (dossier.forward_to or dossier.is_part)
        and may(request.actor, "dossiers.forward", dossier),
        "may_ask_gateway": bool(charge and the_gateway()) and ASKER(request.actor, charge),
        "heirs": heirs_of(dossier) if is_asked else [],
    }


def opinions(
    request: ActorRequest, dossier: Dossier, asked: Sequence[dict[str, Any]], now: datetime
) -> dict[str, Any]:
    """What other agencies were asked and said, who is awaited, and whether more may be asked."""
    waiting = [one["agency_name"] for one in asked if one["state"] == Inquiry.State.ASKED]
    return {
        "opinions": [opinion(one, now) for one in asked],
        "awaited": waiting if dossier.is_open else [],
        "may_consult": may(request.actor, "dossiers.consult", dossier),
    }


def below(dossier: Dossier) -> str:
    """The agency for which it is decided here; nothing where it answers to the applicant itself."""
    return named(dossier.origin) if dossier.is_part else ""


def named(code: str) -> str:
    """What the agency is called; its code where it is not known here."""
    agency = Agency.objects.filter(code=code).first()
    return process.office(agency) if agency else code


def heirs_of(dossier: Dossier) -> list[Agency]:
    """Who may handle what was sent to a divided agency, if nobody has said yet: whoever holds it first."""
    codes = {dossier.agency, *(code for code, _share in shares(dossier.divided))}
    return sorted(
        Agency.objects.filter(code__in=codes), key=lambda one: (one.code != dossier.agency, one.code)
    )


def held_up(choice: Decision, dossier: Dossier, *, by: Actor, charge: Charge | None) -> Decision:
    """The same, but that a result whose wording waits for initials has no button to sign it.

    And nobody is asked for a fee that has been paid while the dossier is still being told of it.
    """
    if charge and not charge.is_due:
        said = _("The fee is settled. The dossier goes on in a moment: open this page again.")
        return replace(choice, primary=None, others=(), why_not=said)
    if choice.primary is not VERBS["sign"] or not is_worded_freely(dossier):
        return choice
    names = awaited(dossier, signer=by)
    return replace(choice, primary=None, why_not=waiting_for(names)) if names else choice


def opinion(asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """An agency that was asked: until when it has time, what it said, and whether it is late."""
    due = parse_datetime(asked["due_at"]) or now
    waits = asked["state"] == Inquiry.State.ASKED
    state = "late" if waits and due < now else "soon" if waits else "ok"
    said = Verdict(asked["verdict"]).label if asked["verdict"] else Inquiry.State(asked["state"]).label
    return asked | {"due": due, "says": _("Late with its opinion") if state == "late" else said, "tag": state}


def others(request: ActorRequest, dossier: Dossier, *, now: datetime) -> list[tuple[Dossier, str, bool]]:
    """Dossiers of the same applicant or visit this officer may open: its name, and whether it is the same matter again."""
    places = request.actor.answers_for(*READERS)
    found = reading.related(places, dossier.pk, dossier.applicant_number, dossier.visit)
    recent = now - timedelta(days=30)
    return [
        (
            other,
            process.name_of(other),
            other.version.procedure_id == dossier.version.procedure_id
            and (other.is_open or (other.ended_at or now) >= recent),
        )
        for other in found
    ]


def dialog(dossier: Dossier, verb: Verb, *, key: str = "", amount: int = 0) -> dict[str, Any]:
    """A verb with its empty form and where to send it; fields of two forms on one page bear different ids."""
    known = {name: value for name, value in (("key", key), ("amount", amount)) if value}
    names = f"id_{verb.name}_%s"
    if known:
        form: Any = verb.form(auto_id=names, initial=known)
    else:
        asked = mending.asked(dossier) if verb.form is Missing else {}
        form = blank(verb.form, names, get_language(), **asked)
    about = process.title_of(dossier, key) if key else ""
    return {
        "verb": verb,
        "form": form,
        "about": about,
        "url": reverse(f"desk:{verb.name}", args=[dossier.pk]),
    }


@lru_cache(maxsize=256)
def blank(form: type[forms.Form], names: str, _language: str | None, **asked: Any) -> str:
    """A form nobody has written in, the same for everyone who is `asked` the same: drawn once in each language."""
    return form(auto_id=names, **asked).render()


def tag(dossier: Dossier, left: TimeLeft) -> tuple[str, str]:
    """How the dossier stands, as state class and words."""
    if dossier.has_ended or dossier.is_paused:
        return ("plain" if dossier.has_ended else "paused"), str(dossier.get_state_display())
    words = {"late": _("Overdue"), "soon": _("Due soon")}
    return left.state, words.get(left.state, _("On time")) if dossier.due_at else _("To be received")
