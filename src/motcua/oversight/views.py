"""Pages for auditors and operators, and the one for everyone: whether the journal is whole."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.exchange import actions as exchange
from motcua.exchange import container, trials
from motcua.exchange import rules as exchange_rules
from motcua.exchange.container import FORMS
from motcua.exchange.models import Incoming, Outgoing
from motcua.lib.actions import Invalid, may
from motcua.oversight import actions, questions, rules
from motcua.oversight.actions import JOURNAL
from motcua.people.middleware import ActorRequest
from motcua.ui.context import Link, marked

PAGE = 50


def navigation(request: ActorRequest) -> list[Link]:
    """The doors of oversight that open for this person."""
    links = [Link(_("Integrity"), reverse("oversight:integrity"))]
    if may(request.actor, "oversight.read_timeline", ""):
        links.append(Link(_("Timelines"), reverse("oversight:timeline")))
    if rules.watcher(request.actor, None):
        links.append(Link(_("Other nodes"), reverse("oversight:peers")))
    return marked(links, request.path)


@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """Oversight begins with what everyone may see."""
    return redirect("oversight:integrity")


@require_safe
@login_required
def timeline(request: ActorRequest) -> HttpResponse:
    """What the journal says of one subject; looking is recorded."""
    typed, after = request.GET.get("about", ""), whole(request.GET.get("after"))
    context: dict[str, object] = {"nav": navigation(request), "typed": typed}
    rules.only(rules.auditor, request.actor)
    if typed:
        try:
            about = questions.subject_of(typed)
        except Invalid as fault:
            return render(request, "oversight/timeline.html", context | {"fault": str(fault)}, status=422)
        entries = actions.read_timeline(about, by=request.actor, after=after, count=PAGE)
        more = urlencode({"about": about, "after": entries[-1].pk}) if len(entries) == PAGE else ""
        context |= {
            "lines": questions.lines(entries),
            "subject": about,
            "message": questions.message_of(about),
            "after": after,
            "more": f"?{more}" if more else "",
        }
    return render(request, "oversight/timeline.html", context)


@require_POST
@login_required
def evidence(request: ActorRequest, message: UUID, form: str) -> HttpResponse:
    """What proves a message, as a file; taking it is recorded."""
    written = FORMS.get(f".{form}")
    found = exchange.take_evidence(message, by=request.actor)
    if found is None or written is None:
        raise Http404
    media = "application/json" if form == "json" else container.MEDIA_TYPE
    name = f'attachment; filename="{message}.{form}"'
    return HttpResponse(written(found), content_type=media, headers={"Content-Disposition": name})


@require_safe
def integrity(request: ActorRequest) -> HttpResponse:
    """How much is sealed, under which heads, and what the last verification found: for everyone."""
    shown = questions.integrity(whole(request.GET.get("before")))
    context = {
        "nav": navigation(request),
        "shown": shown,
        "older": f"?before={shown.before}" if shown.before else "",
        "can_verify": may(request.actor, "oversight.verify", JOURNAL),
        "heads": actions.HEADS,
    }
    return render(request, "oversight/integrity.html", context)


@require_POST
@login_required
def verify(request: ActorRequest) -> HttpResponse:
    """Verify the newest heads now."""
    verified = actions.verify(JOURNAL, by=request.actor)
    if verified.what:
        messages.error(request, _("The journal is broken at place %(place)s: %(what)s.") % vars(verified))
    else:
        messages.success(request, _("%(entries)s entries under %(heads)s heads are whole.") % vars(verified))
    return redirect("oversight:integrity")


@require_safe
@login_required
def peers(request: ActorRequest) -> HttpResponse:
    """How the other nodes answer, what waits, what could not be delivered."""
    rules.only(rules.watcher, request.actor)
    traffic = questions.traffic()
    context = {
        "nav": navigation(request),
        "traffic": traffic,
        "can_try": may(request.actor, "exchange.selftest", ""),
        "dead": [(one, exchange_rules.operator(request.actor, one)) for one in traffic.dead],
        "given_up": [(one, exchange_rules.operator(request.actor, one)) for one in traffic.given_up],
    }
    return render(request, "oversight/peers.html", context)


@require_POST
@login_required
def start_trial(request: ActorRequest) -> HttpResponse:
    """Send test messages to one node or all, and go to where one sees what becomes of them."""
    try:
        started = exchange.selftest(request.POST.get("node", "")[:60], by=request.actor)
    except Invalid as why:
        messages.error(request, str(why))
        return redirect("oversight:peers")
    return redirect("oversight:trial", started)


@require_safe
@login_required
def trial(request: ActorRequest, trial: UUID) -> HttpResponse:
    """How far the test messages came, how long each hop took, what failed and what can be done."""
    rules.only(rules.watcher, request.actor)
    found = trials.found(trial)
    context = {
        "nav": navigation(request),
        "trials": [questions.tried(one) for one in found],
        "good": sum(one.is_good for one in found),
        "is_over": all(one.is_over or one.is_late for one in found),
        "can_try": may(request.actor, "exchange.selftest", ""),
    }
    return render(request, "oversight/trial.html", context, status=200 if found else 404)


@require_POST
@login_required
def replay(request: ActorRequest, message: UUID) -> HttpResponse:
    """Send a dead letter again."""
    try:
        exchange.replay(get_object_or_404(Outgoing, pk=message), by=request.actor)
    except Invalid as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("The message is on its way again."))
    return redirect("oversight:peers")


@require_POST
@login_required
def give_back(request: ActorRequest, message: UUID) -> HttpResponse:
    """Return a dead letter to the context that sent it."""
    found = get_object_or_404(Outgoing, pk=message)
    exchange.return_to_sender(found, reason=found.reason, by=request.actor)
    messages.success(request, _("The message was returned; its sender knows that it did not arrive."))
    return redirect("oversight:peers")


CLOSING = {"send-back": exchange.send_back, "set-aside": exchange.set_aside}


@require_POST
@login_required
def decide(request: ActorRequest, message: UUID, sender: str, deed: str) -> HttpResponse:
    """Have a received message handled again, send it back, or set it aside."""
    found = get_object_or_404(Incoming, pk=(message, sender))
    rules.only(exchange_rules.operator, request.actor, found)
    if deed not in {"retry", *CLOSING}:
        raise Http404
    reason = request.POST.get("reason", "").strip()[:500]
    if deed != "retry" and not reason:
        messages.error(request, _("Say why: the reason is kept, and whoever is told reads it."))
    elif deed == "retry":
        exchange.retry(found, by=request.actor)
        messages.success(request, _("The message is handled again now."))
    else:
        CLOSING[deed](found, reason=reason, by=request.actor)
        messages.success(request, _("The message is closed, with your reason."))
    return redirect("oversight:peers")


def whole(text: str | None) -> int:
    """A number of the address; 0 if it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
