"""The queue: tickets drawn at the door, called from the desk, shown in the waiting room."""

from django import forms
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from motcua.desk.access import led_by, officers
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.organisations.models import Agency
from motcua.people.middleware import ActorRequest
from motcua.queues import actions
from motcua.queues.models import Offer, Place, Queue, Ticket

KIOSK = Actor.system("kiosk")
SIGNER = Signer(salt="motcua.queue")
SHOWN = 8
# How many seconds the screen stays, and the ticket that was drawn.
SCREEN, DRAWN = 5, 12


class Counter(forms.Form):
    """At which counter the officer sits."""

    counter = forms.CharField(
        label=_("Your counter"),
        max_length=10,
        error_messages={"required": _("Say at which counter you sit.")},
    )


class NewQueue(forms.ModelForm):  # type: ignore[type-arg]
    """One more queue."""

    class Meta:
        model = Queue
        fields = ("letter", "name_vi", "name_en")
        labels = {
            "letter": _("Letter"),
            "name_vi": _("For what one waits, in Vietnamese"),
            "name_en": _("For what one waits, in English"),
        }


@require_http_methods(["GET", "POST"])
@officers
def desk(request: ActorRequest) -> HttpResponseBase:
    """Who waits, whom one has called; the green button calls the next."""
    codes = led_by(request, "receiver", "registrar", "administrator")
    agency = get_object_or_404(Agency, code=codes[0])
    form = Counter(request.POST or None, initial={"counter": request.session.get("counter", "")})
    if request.method == "POST" and form.is_valid():
        request.session["counter"] = form.cleaned_data["counter"]
        actions.call_next(agency, by=request.actor, counter=form.cleaned_data["counter"])
        return redirect("desk:queue")
    today = Ticket.objects.of_day(agency.code).select_related("queue", "place")
    page = {
        "agency": agency,
        "form": form,
        "waiting": today.waiting().count(),
        "called": [ticket for ticket in today.called() if ticket.counter == request.session.get("counter")],
        "queues": Queue.objects.filter(agency=agency.code),
        "kiosk": SIGNER.sign(agency.code),
        "calls": request.actor.holds("receiver", "registrar", at=agency.code),
        "new": NewQueue() if request.actor.holds("administrator", at=agency.code) else None,
    }
    return render(request, "desk/queue/desk.html", page, status=422 if form.is_bound else 200)


@require_http_methods(["POST"])
@officers
def end(request: ActorRequest, pk: int, verb: str) -> HttpResponseBase:
    """The ticket is served, or nobody came."""
    mine = Ticket.objects.filter(agency__in=request.actor.places)
    ticket = get_object_or_404(mine, pk=pk)
    {"served": actions.serve, "gone": actions.miss}[verb](ticket, by=request.actor)
    return redirect("desk:queue")


@require_http_methods(["POST"])
@officers
def open_queue(request: ActorRequest) -> HttpResponseBase:
    """The administrator opens one more queue."""
    (code, *_others) = led_by(request, "administrator")
    form = NewQueue(request.POST, instance=Queue(agency=code))
    if form.is_valid():
        try:
            actions.open_queue(form.instance, by=request.actor)
        except Invalid as fault:
            form.add_error(fault.field, str(fault))
        else:
            return redirect("desk:queue")
    return render(request, "desk/queue/new.html", {"form": form}, status=422)


@require_http_methods(["GET", "POST"])
def kiosk(request: HttpRequest, place: str) -> HttpResponseBase:
    """Big buttons at the door; whoever has the signed address may draw, and can do nothing else."""
    try:
        agency = get_object_or_404(Agency, code=SIGNER.unsign(place))
    except BadSignature as fault:
        raise Http404 from fault
    queues = Queue.objects.filter(agency=agency.code)
    trouble = ""
    if request.method == "POST":
        try:
            ticket = given_to(request, agency, queues)
        except Invalid as fault:
            trouble = str(fault)
        else:
            answer: HttpResponse = render(request, "desk/queue/drawn.html", drawn(agency, ticket))
            answer["Refresh"] = f"{DRAWN}; url={request.path}"
            return answer
    page = {
        "agency": agency,
        "queues": queues,
        "takes_appointments": Offer.objects.filter(agency=agency.code).exists(),
        "trouble": trouble,
    }
    return render(request, "desk/queue/kiosk.html", page, status=422 if trouble else 200)


def given_to(request: HttpRequest, agency: Agency, queues: QuerySet[Queue]) -> Ticket:
    """The ticket of an appointment by its code, or one like any other. Raises Invalid in words for whoever stands there."""
    if "code" not in request.POST:
        return actions.draw(get_object_or_404(queues, letter=request.POST.get("letter", "")), by=KIOSK)
    code = "".join(request.POST["code"].split()).upper()
    place = Place.objects.expected(agency.code, code)
    if place is None:
        raise Invalid(gettext("No appointment of today bears this code. Look at it again, or draw a ticket."))
    return actions.check_in(place, by=KIOSK)


def drawn(agency: Agency, ticket: Ticket) -> dict[str, object]:
    """The ticket, how many are called before it as things stand, and what an appointment is worth."""
    now, place = timezone.now(), getattr(ticket, "place", None)
    line = Ticket.objects.of_day(agency.code).waiting(now).filter(queue=ticket.queue)
    before = list(line.values_list("pk", flat=True))
    return {
        "agency": agency,
        "ticket": ticket,
        "before": before.index(ticket.pk) if ticket.pk in before else 0,
        "waits_until": ticket.first_from if ticket.first_from and ticket.first_from > now else None,
        "is_late": place is not None and ticket.first_from is None,
    }


@require_GET
def screen(request: HttpRequest, code: str) -> HttpResponseBase:
    """The screen of the waiting room: who is called where; it shows numbers and no person, so anyone may look."""
    agency = get_object_or_404(Agency.objects.filter(pk__in=Queue.objects.values("agency")), code=code)
    today = Ticket.objects.of_day(agency.code).select_related("queue")
    page = {
        "agency": agency,
        "called": today.called()[:SHOWN],
        "waiting": today.waiting().count(),
    }
    answer = render(request, "desk/queue/screen.html", page)
    answer["Refresh"] = str(SCREEN)
    return answer
